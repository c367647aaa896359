// Monotonic time as it is used on the packet thread: nanoseconds, only differences mean anything.
#pragma once

#include <ctime>
#include <cstdint>

namespace campanile {

using Nanoseconds = std::int64_t;

constexpr Nanoseconds nanosecondsPerMillisecond = 1'000'000;
constexpr Nanoseconds nanosecondsPerSecond = 1'000'000'000;

inline Nanoseconds readClock(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<Nanoseconds>(now.tv_sec) * nanosecondsPerSecond + now.tv_nsec;
}

inline Nanoseconds monotonicNow() { return readClock(CLOCK_MONOTONIC); }

}  // namespace campanile
