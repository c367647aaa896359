#include "jitter-buffer.h"

#include <algorithm>

namespace campanile {

namespace {

constexpr std::int32_t initialDelay = 2 * JitterBuffer::frameSamples;
constexpr std::int32_t mostSpare = 3 * JitterBuffer::frameSamples;
constexpr unsigned lateToRestart = 3;
constexpr unsigned stockWindowTicks = 100;

}  // namespace

void JitterBuffer::put(std::uint32_t ssrc, std::uint32_t timestamp, const std::uint8_t* samples,
                       std::size_t count) {
  if (count == 0 || count > capacity / 2) {
    return;
  }
  const auto length = static_cast<std::int32_t>(count);
  const auto ahead = static_cast<std::int32_t>(timestamp - playout_);
  if (!isStarted_ || ssrc != ssrc_ || mustRestart(ahead, length)) {
    ssrc_ = ssrc;
    restart(timestamp);
  } else if (ahead + length <= 0) {
    return;  // Its time has passed.
  }
  lateInARow_ = 0;
  isWaiting_ = false;
  store(timestamp, samples, static_cast<std::uint32_t>(length));
}

bool JitterBuffer::mustRestart(std::int32_t ahead, std::int32_t length) {
  const bool isLate = ahead + length <= 0;
  if (isLate) {
    return ++lateInARow_ >= lateToRestart;
  }
  return ahead > static_cast<std::int32_t>(capacity) - length || (isWaiting_ && ahead > initialDelay);
}

void JitterBuffer::restart(std::uint32_t timestamp) {
  isStarted_ = true;
  playout_ = timestamp - initialDelay;
  end_ = timestamp;
  ticksInWindow_ = 0;
  leastStock_ = INT32_MAX;
  isPresent_.fill(0);
}

void JitterBuffer::store(std::uint32_t timestamp, const std::uint8_t* samples, std::uint32_t count) {
  for (std::uint32_t n = 0; n < count; ++n) {
    const std::uint32_t at = timestamp + n;
    if (static_cast<std::int32_t>(at - playout_) >= 0) {
      samples_[at % capacity] = samples[n];
      isPresent_[at % capacity] = 1;
    }
  }
  if (static_cast<std::int32_t>(timestamp + count - end_) > 0) {
    end_ = timestamp + count;
  }
}

std::uint32_t JitterBuffer::take(std::uint8_t* frame, std::uint8_t silence) {
  if (!isStarted_) {
    return 0;
  }
  if (stock() <= 0) {
    isWaiting_ = true;
    return 0;
  }
  std::uint32_t present = 0;
  for (std::uint32_t n = 0; n < frameSamples; ++n) {
    const std::uint32_t at = (playout_ + n) % capacity;
    frame[n] = isPresent_[at] != 0 ? samples_[at] : silence;
    present += isPresent_[at];
    isPresent_[at] = 0;
  }
  playout_ += frameSamples;
  shortenDelay();
  return present;
}

void JitterBuffer::skip(std::uint32_t frames) {
  for (std::uint32_t n = 0; n < frames && isStarted_ && stock() > 0; ++n) {
    for (std::uint32_t k = 0; k < frameSamples; ++k) {
      isPresent_[(playout_ + k) % capacity] = 0;
    }
    playout_ += frameSamples;
  }
}

void JitterBuffer::shortenDelay() {
  leastStock_ = std::min(leastStock_, stock());
  if (++ticksInWindow_ < stockWindowTicks) {
    return;
  }
  if (leastStock_ > mostSpare) {
    skip(static_cast<std::uint32_t>(leastStock_ - initialDelay) / frameSamples);
  }
  ticksInWindow_ = 0;
  leastStock_ = INT32_MAX;
}

}  // namespace campanile
