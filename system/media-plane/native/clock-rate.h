// The RTP clock rate of a stream, needed to tell jitter in milliseconds. A relay is not told the
// codec: static payload types have a known clock (RFC 3551 §6), others are measured.
#pragma once

#include <cstdint>

#include "monotonic-clock.h"

namespace campanile {

class ClockRate {
 public:
  /** 0 while it is not known. */
  std::uint32_t hz() const { return hz_; }
  void observe(std::uint8_t payloadType, std::uint32_t timestamp, Nanoseconds arrival);

 private:
  std::uint32_t hz_ = 0;
  bool isMeasuring_ = false;
  std::uint32_t firstTimestamp_ = 0;
  Nanoseconds firstArrival_ = 0;
};

}  // namespace campanile
