// What is known about the RTP stream an endpoint receives: loss by sequence number (RFC 3550 §A.1
// and §A.3) and interarrival jitter (§A.8).
#pragma once

#include <cstdint>
#include <optional>

#include "clock-rate.h"
#include "monotonic-clock.h"
#include "rtp-header.h"

namespace campanile {

class ReceivedStream {
 public:
  void receive(const RtpHeader& header, Nanoseconds arrival);

  bool isStarted() const { return isStarted_; }
  std::uint32_t ssrc() const { return ssrc_; }
  /** Over all SSRCs and restarts of this endpoint. */
  std::int64_t lost() const;
  /** Nothing until two packets and the clock rate are known. */
  std::optional<double> jitterMs() const;
  /** The last packet was the next in sequence and came within 6 ms of when the clock rate lets expect it. */
  bool isOnTime() const { return isOnTime_; }
  std::uint32_t clockHz() const { return clock_.hz(); }
  std::uint32_t extendedHighestSequence() const { return cycles_ | highest_; }

  // For the report blocks the PBX sends itself (RFC 3550 §6.4.1); only of the present SSRC.
  std::int64_t lostOfPresentSource() const;
  std::uint32_t jitterTicks() const { return static_cast<std::uint32_t>(jitterTicks_); }
  /** Loss since the last call as a fraction of 256. */
  std::uint8_t takeFractionLost();

 private:
  void start(const RtpHeader& header);
  void updateSequence(std::uint16_t sequence);
  /** Whether the packet came when the one before it let expect. */
  bool updateJitter(const RtpHeader& header, Nanoseconds arrival);
  std::int64_t expected() const { return std::int64_t{extendedHighestSequence()} - base_ + 1; }

  bool isStarted_ = false;
  std::uint32_t ssrc_ = 0;
  std::uint32_t base_ = 0;
  std::uint32_t cycles_ = 0;
  std::uint16_t highest_ = 0;
  std::int64_t received_ = 0;
  std::int64_t lostBefore_ = 0;
  std::optional<std::uint16_t> restartCandidate_;

  ClockRate clock_;
  bool hasTransit_ = false;
  bool isOnTime_ = false;
  bool hasJitter_ = false;
  std::uint32_t transit_ = 0;
  std::uint32_t lastTimestamp_ = 0;
  double jitterTicks_ = 0;

  std::int64_t expectedAtReport_ = 0;
  std::int64_t receivedAtReport_ = 0;
};

}  // namespace campanile
