#include "received-stream.h"

#include <algorithm>
#include <cmath>

namespace campanile {

namespace {

// RFC 3550 §A.1.
constexpr std::uint16_t maxDropout = 3000;
constexpr std::uint16_t maxMisorder = 100;
constexpr std::uint32_t sequenceCycle = 1 << 16;

// A look of the packet thread (pace.h) and what it may come late.
constexpr double onTimeToleranceSec = 0.006;

/** Arrival in ticks of the stream's clock, modulo 2^32 as timestamps are. */
std::uint32_t toTicks(Nanoseconds time, std::uint32_t clockHz) {
  return static_cast<std::uint32_t>(time / nanosecondsPerSecond * clockHz +
                                    time % nanosecondsPerSecond * clockHz / nanosecondsPerSecond);
}

}  // namespace

void ReceivedStream::receive(const RtpHeader& header, Nanoseconds arrival) {
  const bool isNext = isStarted_ && header.ssrc == ssrc_ &&
                      header.sequence == static_cast<std::uint16_t>(highest_ + 1);
  if (!isStarted_ || header.ssrc != ssrc_) {
    lostBefore_ = lost();
    clock_ = ClockRate();
    hasTransit_ = false;
    start(header);
  } else {
    updateSequence(header.sequence);
  }
  clock_.observe(header.payloadType, header.timestamp, arrival);
  isOnTime_ = updateJitter(header, arrival) && isNext;
}

void ReceivedStream::start(const RtpHeader& header) {
  isStarted_ = true;
  ssrc_ = header.ssrc;
  base_ = header.sequence;
  highest_ = header.sequence;
  cycles_ = 0;
  received_ = 1;
  restartCandidate_.reset();
  expectedAtReport_ = 0;
  receivedAtReport_ = 0;
}

void ReceivedStream::updateSequence(std::uint16_t sequence) {
  const auto step = static_cast<std::uint16_t>(sequence - highest_);
  if (step < maxDropout) {
    if (sequence < highest_) {
      cycles_ += sequenceCycle;
    }
    highest_ = sequence;
  } else if (step <= sequenceCycle - maxMisorder) {
    // A jump is believed when a second packet follows it: the sender restarted.
    if (restartCandidate_ != sequence) {
      restartCandidate_ = static_cast<std::uint16_t>(sequence + 1);
      return;
    }
    lostBefore_ = lost();
    base_ = sequence;
    highest_ = sequence;
    cycles_ = 0;
    received_ = 0;
    expectedAtReport_ = 0;
    receivedAtReport_ = 0;
    hasTransit_ = false;
    restartCandidate_.reset();
  }
  ++received_;
}

bool ReceivedStream::updateJitter(const RtpHeader& header, Nanoseconds arrival) {
  const std::uint32_t clockHz = clock_.hz();
  if (clockHz == 0) {
    return false;
  }
  // Packets of one telephone-event (RFC 4733 §2.5.1.2) or one video frame share a timestamp;
  // they are sent at different times and say nothing about the network.
  if (hasTransit_ && header.timestamp == lastTimestamp_) {
    return false;
  }
  bool isOnTime = false;
  const std::uint32_t transit = toTicks(arrival, clockHz) - header.timestamp;
  if (hasTransit_) {
    const auto difference = static_cast<std::int32_t>(transit - transit_);
    const double deviation = std::abs(static_cast<double>(difference));
    jitterTicks_ += (deviation - jitterTicks_) / 16;
    hasJitter_ = true;
    isOnTime = deviation <= clockHz * onTimeToleranceSec;
  }
  transit_ = transit;
  lastTimestamp_ = header.timestamp;
  hasTransit_ = true;
  return isOnTime;
}

std::int64_t ReceivedStream::lostOfPresentSource() const {
  return isStarted_ ? expected() - received_ : 0;
}

std::int64_t ReceivedStream::lost() const {
  // Duplicates make the difference negative; RFC 3550 lets it be, an administrator would not.
  return lostBefore_ + std::max<std::int64_t>(0, lostOfPresentSource());
}

std::optional<double> ReceivedStream::jitterMs() const {
  if (!hasJitter_ || clock_.hz() == 0) {
    return std::nullopt;
  }
  return jitterTicks_ * 1000 / clock_.hz();
}

std::uint8_t ReceivedStream::takeFractionLost() {
  const std::int64_t expectedInterval = expected() - expectedAtReport_;
  const std::int64_t receivedInterval = received_ - receivedAtReport_;
  expectedAtReport_ = expected();
  receivedAtReport_ = received_;
  const std::int64_t lostInterval = expectedInterval - receivedInterval;
  if (expectedInterval <= 0 || lostInterval <= 0) {
    return 0;
  }
  return static_cast<std::uint8_t>(std::min<std::int64_t>(255, lostInterval * 256 / expectedInterval));
}

}  // namespace campanile
