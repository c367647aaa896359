// DTMF digits out of telephone-events (RFC 4733 §2.3, §2.5). A digit counts when its first packet is
// here, whichever that is: each event is sent many times over, and any of its packets may be lost.
// `receive` belongs to the packet thread, `take` to the control thread; a ring with one writer and
// one reader is between them.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "rtp-header.h"

namespace campanile {

class DigitReceiver {
 public:
  /** Forgets everything; nobody may be taking. */
  void reset();
  void receive(const RtpHeader& header, const RtpPayload& payload);
  /** What came since the last time, oldest first: 0 to 9, *, #, A to D. */
  std::string take();

 private:
  /** More than anybody types between two looks; what comes beyond is dropped. */
  static constexpr std::uint32_t capacity = 32;

  void push(char digit);

  bool isStarted_ = false;
  bool isEnded_ = false;
  std::uint8_t event_ = 0;
  std::uint32_t ssrc_ = 0;
  std::uint32_t timestamp_ = 0;
  std::uint16_t duration_ = 0;

  std::array<std::atomic<char>, capacity> ring_{};
  std::atomic<std::uint32_t> written_{0};
  std::atomic<std::uint32_t> taken_{0};
};

}  // namespace campanile
