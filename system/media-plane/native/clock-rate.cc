#include "clock-rate.h"

#include <cmath>

namespace campanile {

namespace {

/** RFC 3551 tables 4 and 5; 0 for reserved, unassigned and dynamic payload types. */
std::uint32_t staticClockHz(std::uint8_t payloadType) {
  switch (payloadType) {
    case 0: case 3: case 4: case 5: case 7: case 8: case 9: case 12: case 13: case 15: case 18:
      return 8000;
    case 6:
      return 16000;
    case 10: case 11:
      return 44100;
    case 16:
      return 11025;
    case 17:
      return 22050;
    case 14: case 25: case 26: case 28: case 31: case 32: case 33: case 34:
      return 90000;
    default:
      return 0;
  }
}

constexpr std::uint32_t usualRatesHz[] = {8000, 16000, 32000, 44100, 48000, 90000};
/** Long enough that the jitter of the first and last packet is small against it. */
constexpr Nanoseconds measureFor = nanosecondsPerSecond;
constexpr double tolerance = 0.04;

}  // namespace

void ClockRate::observe(std::uint8_t payloadType, std::uint32_t timestamp, Nanoseconds arrival) {
  if (hz_ != 0) {
    return;
  }
  hz_ = staticClockHz(payloadType);
  if (hz_ != 0) {
    return;
  }
  if (!isMeasuring_) {
    isMeasuring_ = true;
    firstTimestamp_ = timestamp;
    firstArrival_ = arrival;
    return;
  }
  const Nanoseconds elapsed = arrival - firstArrival_;
  if (elapsed < measureFor) {
    return;
  }
  const double measured = static_cast<double>(timestamp - firstTimestamp_) /
                          (static_cast<double>(elapsed) / nanosecondsPerSecond);
  for (const std::uint32_t usual : usualRatesHz) {
    if (std::fabs(measured - usual) < usual * tolerance) {
      hz_ = usual;
      return;
    }
  }
  // Not a steady stream yet (a pause, a burst): measure again from here.
  isMeasuring_ = false;
}

}  // namespace campanile
