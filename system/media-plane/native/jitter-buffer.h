// Evens out the arrival of G.711 audio for a service that takes one frame every 20 ms. Samples are
// kept by RTP timestamp (one byte is one sample at 8 kHz), so packets of any length, reordered or
// doubled, fall into place, and what is missing is known sample by sample.
//
// The policy, without I/O or clock; `put` is an arrival, `take` is a tick:
// - Playout begins `target` behind the first packet. The target starts at 40 ms.
// - Three late packets in a row mean the delay is too small or the sender's time line moved:
//   playout begins anew, with a target 20 ms larger, up to 160 ms.
// - When for 2 s never less than target + 20 ms was in stock (the sender's clock is faster, or a
//   burst came late), one frame is dropped.
// - After 10 s without a late packet the target shrinks by 20 ms, down to 40 ms again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace campanile {

class JitterBuffer {
 public:
  static constexpr std::uint32_t frameSamples = 160;
  static constexpr std::uint32_t smallestTarget = 2 * frameSamples;
  static constexpr std::uint32_t largestTarget = 8 * frameSamples;

  void put(std::uint32_t ssrc, std::uint32_t timestamp, const std::uint8_t* samples, std::size_t count);

  /** Fills a frame and moves on by it; missing samples become `silence`. Returns how many were there. */
  std::uint32_t take(std::uint8_t* frame, std::uint8_t silence);

  /** Ticks that were missed: their audio is gone. */
  void skip(std::uint32_t frames);

  std::uint32_t targetSamples() const { return target_; }

 private:
  /** 512 ms. A power of two, so that timestamps wrap into it. */
  static constexpr std::uint32_t capacity = 4096;

  void restart(std::uint32_t timestamp);
  void store(std::uint32_t timestamp, const std::uint8_t* samples, std::uint32_t count);
  void adapt();

  bool isStarted_ = false;
  std::uint32_t ssrc_ = 0;
  /** The timestamp that is played next. */
  std::uint32_t playout_ = 0;
  /** Behind the newest sample. */
  std::uint32_t end_ = 0;
  std::uint32_t target_ = smallestTarget;
  unsigned lateInARow_ = 0;
  unsigned ticksSinceLate_ = 0;
  unsigned ticksInWindow_ = 0;
  std::int32_t leastStock_ = INT32_MAX;
  std::array<std::uint8_t, capacity> samples_{};
  std::array<std::uint8_t, capacity> isPresent_{};
};

}  // namespace campanile
