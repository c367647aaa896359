#include "digit-receiver.h"

#include "byte-order.h"

namespace campanile {

namespace {

constexpr char digitsByEvent[] = "0123456789*#ABCD";
constexpr std::uint8_t digitEvents = sizeof digitsByEvent - 1;
constexpr std::size_t eventBytes = 4;
/** At 8 kHz: a packet of an event so old is no late one, its sender set its clock back. */
constexpr std::int32_t longestLateness = 10 * 8000;

}  // namespace

void DigitReceiver::reset() {
  isStarted_ = false;
  for (auto& place : ring_) {
    place.store(0, std::memory_order_relaxed);
  }
  written_.store(0, std::memory_order_relaxed);
  taken_.store(0, std::memory_order_relaxed);
}

void DigitReceiver::receive(const RtpHeader& header, const RtpPayload& payload) {
  if (payload.sizeBytes < eventBytes || payload.bytes[0] >= digitEvents) {
    return;  // A hook flash and other events are no digits.
  }
  const std::uint8_t event = payload.bytes[0];
  const bool isEnd = (payload.bytes[1] & 0x80) != 0;
  const std::uint16_t duration = readUint16(payload.bytes + 2);
  if (isStarted_ && header.ssrc == ssrc_) {
    const auto ahead = static_cast<std::int32_t>(header.timestamp - timestamp_);
    if (ahead == 0) {
      isEnded_ = isEnded_ || isEnd;
      duration_ = duration > duration_ ? duration : duration_;
      return;
    }
    if (ahead < 0 && ahead > -longestLateness) {
      return;  // Of the digit before, overtaken on its way.
    }
    // §2.5.1.3: a key held for more than 8 s goes on under a new timestamp, without marker.
    if (!header.marker && !isEnded_ && event == event_ && ahead == duration_) {
      timestamp_ = header.timestamp;
      duration_ = duration;
      isEnded_ = isEnd;
      return;
    }
  }
  isStarted_ = true;
  isEnded_ = isEnd;
  event_ = event;
  ssrc_ = header.ssrc;
  timestamp_ = header.timestamp;
  duration_ = duration;
  push(digitsByEvent[event]);
}

void DigitReceiver::push(char digit) {
  const std::uint32_t written = written_.load(std::memory_order_relaxed);
  if (written - taken_.load(std::memory_order_acquire) < capacity) {
    ring_[written % capacity].store(digit, std::memory_order_relaxed);
    written_.store(written + 1, std::memory_order_release);
  }
}

std::string DigitReceiver::take() {
  std::string digits;
  const std::uint32_t written = written_.load(std::memory_order_acquire);
  std::uint32_t taken = taken_.load(std::memory_order_relaxed);
  for (; taken != written; ++taken) {
    // Digits may be a PIN: none stays behind.
    digits += ring_[taken % capacity].exchange(0, std::memory_order_relaxed);
  }
  taken_.store(taken, std::memory_order_release);
  return digits;
}

}  // namespace campanile
