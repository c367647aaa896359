#include "jitter-buffer.h"

#include <algorithm>

namespace campanile {

namespace {

constexpr unsigned lateToRestart = 3;
constexpr unsigned ticksPerSecond = 50;
constexpr unsigned stockWindowTicks = 2 * ticksPerSecond;
constexpr unsigned calmTicks = 10 * ticksPerSecond;

}  // namespace

void JitterBuffer::put(std::uint32_t ssrc, std::uint32_t timestamp, const std::uint8_t* samples,
                       std::size_t count) {
  if (count == 0 || count > capacity / 2) {
    return;
  }
  const auto length = static_cast<std::uint32_t>(count);
  if (!isStarted_ || ssrc != ssrc_) {
    ssrc_ = ssrc;
    restart(timestamp);
  }
  const auto ahead = static_cast<std::int32_t>(timestamp - playout_);
  const bool isLate = ahead + static_cast<std::int32_t>(length) <= 0;
  const bool isTooFarAhead = ahead > static_cast<std::int32_t>(capacity - length);
  if (isLate) {
    ticksSinceLate_ = 0;
    if (++lateInARow_ < lateToRestart) {
      return;
    }
    target_ = std::min(target_ + frameSamples, largestTarget);
    restart(timestamp);
  } else if (isTooFarAhead) {
    restart(timestamp);
  }
  lateInARow_ = 0;
  store(timestamp, samples, length);
}

void JitterBuffer::restart(std::uint32_t timestamp) {
  isStarted_ = true;
  playout_ = timestamp - target_;
  end_ = timestamp;
  lateInARow_ = 0;
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
  std::uint32_t present = 0;
  for (std::uint32_t n = 0; n < frameSamples; ++n) {
    const std::uint32_t at = (playout_ + n) % capacity;
    frame[n] = isPresent_[at] != 0 ? samples_[at] : silence;
    present += isPresent_[at];
    isPresent_[at] = 0;
  }
  playout_ += frameSamples;
  adapt();
  return present;
}

void JitterBuffer::skip(std::uint32_t frames) {
  if (!isStarted_) {
    return;
  }
  // Beyond a whole buffer nothing is left to clear.
  const std::uint32_t count = std::min(frames * frameSamples, capacity);
  for (std::uint32_t n = 0; n < count; ++n) {
    isPresent_[(playout_ + n) % capacity] = 0;
  }
  playout_ += frames * frameSamples;
}

void JitterBuffer::adapt() {
  if (++ticksSinceLate_ >= calmTicks) {
    ticksSinceLate_ = 0;
    target_ = std::max(target_ - frameSamples, smallestTarget);
  }
  leastStock_ = std::min(leastStock_, static_cast<std::int32_t>(end_ - playout_));
  if (++ticksInWindow_ < stockWindowTicks) {
    return;
  }
  if (leastStock_ > static_cast<std::int32_t>(target_ + frameSamples)) {
    skip(1);
  }
  ticksInWindow_ = 0;
  leastStock_ = INT32_MAX;
}

}  // namespace campanile
