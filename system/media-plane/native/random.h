// Random numbers for ports, SSRCs and first sequence numbers. They must be hard to guess from
// outside (RFC 3550 §5.1), not cryptographic: a seed from the kernel, then SplitMix64.
#pragma once

#include <sys/random.h>

#include <cstdint>

namespace campanile {

class Random {
 public:
  Random() {
    // Before the kernel has entropy (first second of a boot) the address still differs per start.
    if (getrandom(&state_, sizeof state_, GRND_NONBLOCK) != sizeof state_) {
      state_ = reinterpret_cast<std::uintptr_t>(this);
    }
  }

  std::uint32_t next() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    return static_cast<std::uint32_t>((mixed ^ mixed >> 31) >> 32);
  }

  /** 0 to bound − 1. */
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(std::uint64_t{next()} * bound >> 32);
  }

 private:
  std::uint64_t state_ = 0;
};

}  // namespace campanile
