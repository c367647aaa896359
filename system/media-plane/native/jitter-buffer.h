// Evens out the arrival of G.711 audio for a service that takes one frame every 20 ms. Samples are
// kept by RTP timestamp (one byte is one sample at 8 kHz), so packets of any length, reordered or
// doubled, fall into place, and what is missing is known sample by sample.
//
// The policy, without I/O or clock; `put` is an arrival, `take` is a tick:
// - Playout begins 40 ms behind the first packet.
// - At a tick without anything in stock, playout waits: what is late is played later, not lost, and
//   the delay has grown by 20 ms to what the network needs.
// - When for 2 s there were always more than 60 ms in stock, the delay is more than needed (a burst
//   came late, the sender's clock is faster): all above 40 ms is dropped.
// - Playout begins anew when the stream went on further than 40 ms while it waited (a pause of the
//   sender), leapt by half a second, or came late three times in a row (its time line moved back).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace campanile {

class JitterBuffer {
 public:
  static constexpr std::uint32_t frameSamples = 160;

  void put(std::uint32_t ssrc, std::uint32_t timestamp, const std::uint8_t* samples, std::size_t count);

  /**
   * Fills a frame; missing samples become `silence`. Returns how many were there; when it is 0 the
   * frame is left as it was.
   */
  std::uint32_t take(std::uint8_t* frame, std::uint8_t silence);

  /** Ticks that were missed: their audio is gone. */
  void skip(std::uint32_t frames);

 private:
  /** 512 ms. A power of two, so that timestamps wrap into it. */
  static constexpr std::uint32_t capacity = 4096;

  void restart(std::uint32_t timestamp);
  bool mustRestart(std::int32_t ahead, std::int32_t length);
  void store(std::uint32_t timestamp, const std::uint8_t* samples, std::uint32_t count);
  void shortenDelay();
  /** What can still be played, in samples; never more than `capacity`. */
  std::int32_t stock() const { return static_cast<std::int32_t>(end_ - playout_); }

  bool isStarted_ = false;
  bool isWaiting_ = false;
  std::uint32_t ssrc_ = 0;
  /** The timestamp that is played next. */
  std::uint32_t playout_ = 0;
  /** Behind the newest sample. */
  std::uint32_t end_ = 0;
  unsigned lateInARow_ = 0;
  unsigned ticksInWindow_ = 0;
  std::int32_t leastStock_ = INT32_MAX;
  std::array<std::uint8_t, capacity> samples_{};
  std::array<std::uint8_t, capacity> isPresent_{};
};

}  // namespace campanile
