// How much to read when a socket has something. To find its queue empty costs a system call. A
// stream whose packets come singly and on time has nothing behind the packet just read, so under load
// that call is only made now and then.
//
// Should another packet be there all the same, it came nearly an interval before its time. It then
// waits for the next one, which makes it late, and the call is made again.
#pragma once

#include <cstdint>

namespace campanile {

class Cadence {
 public:
  /** `isOnTime`: see `ReceivedStream::isOnTime`. `isFirst` since the socket had something. */
  void note(bool isOnTime, bool isFirst) { run_ = isOnTime && isFirst ? run_ + 1 : 0; }

  /** Whether to look for another packet behind the one that was noted last. */
  bool looksOn() const { return run_ < learnFor || run_ % lookEvery == 0; }

 private:
  static constexpr std::uint32_t learnFor = 50;
  static constexpr std::uint32_t lookEvery = 16;

  std::uint32_t run_ = 0;
};

}  // namespace campanile
