// When the packet thread looks at its sockets. With few packets: as soon as one arrives. With many,
// waking up costs as much as relaying a packet, so the thread lets them gather and looks every 5 ms.
//
// The moments are multiples of 5 ms, and so are the intervals of telephone streams (10, 20, 30 ms):
// packets of a steady stream wait equally long, which adds delay but no jitter.
#pragma once

#include "monotonic-clock.h"

namespace campanile {

class Pace {
 public:
  /** The longest a packet waits. */
  static constexpr Nanoseconds interval = 5 * nanosecondsPerMillisecond;
  // Received packets per second; a call has 100. In between the pace stays as it is.
  static constexpr std::int64_t fastFrom = 2000;
  static constexpr std::int64_t slowBelow = 1000;

  /** `packets` arrived since the last time. */
  void count(unsigned packets, Nanoseconds now) {
    packets_ += packets;
    const Nanoseconds elapsed = now - since_;
    if (elapsed < measureFor) {
      return;
    }
    const std::int64_t rate = packets_ * nanosecondsPerSecond / elapsed;
    gathers_ = rate >= (gathers_ ? slowBelow : fastFrom);
    packets_ = 0;
    since_ = now;
  }

  bool gathers() const { return gathers_; }
  static Nanoseconds nextLook(Nanoseconds now) { return (now / interval + 1) * interval; }

 private:
  static constexpr Nanoseconds measureFor = 100 * nanosecondsPerMillisecond;

  bool gathers_ = false;
  std::int64_t packets_ = 0;
  Nanoseconds since_ = 0;
};

}  // namespace campanile
