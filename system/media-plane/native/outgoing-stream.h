// The RTP stream an endpoint sends to its phone. The first source passes through unchanged, bit for
// bit. When another source takes over (the endpoint was joined with another, attached to a
// service, or the far phone changed its SSRC), its packets carry on the stream the phone already
// knows: same SSRC, next sequence number, later timestamp. Phones mute or jump otherwise.
#pragma once

#include <cstdint>

#include "monotonic-clock.h"
#include "rtp-header.h"

namespace campanile {

class OutgoingStream {
 public:
  /** Rewrites SSRC, sequence number, timestamp and marker of a packet about to be sent. */
  void rewrite(RtpHeader& header, Nanoseconds now);

  /** The next packet comes from another source, even if it has the same SSRC. */
  void changeSource() { isSourceKnown_ = false; }
  /** Packets were withheld (hold): the phone must not count them as lost. */
  void skip() { isInterrupted_ = true; }
  /** The phone was told BYE for this SSRC: the next source starts a stream of its own. */
  void end() { isStarted_ = false; isSourceKnown_ = false; }
  /** Counted by the sender after the kernel took the packet, for sender reports. */
  void countSent(std::size_t payloadBytes) { ++packetsSent_; octetsSent_ += static_cast<std::uint32_t>(payloadBytes); }

  bool isStarted() const { return isStarted_; }
  bool isSourceKnown() const { return isSourceKnown_; }
  std::uint32_t ssrc() const { return ssrc_; }
  std::uint32_t sourceSsrc() const { return sourceSsrc_; }
  std::uint16_t sequenceOffset() const { return sequenceOffset_; }
  std::uint32_t timestampOffset() const { return timestampOffset_; }
  std::uint32_t lastTimestamp() const { return lastTimestamp_; }
  Nanoseconds lastSentAt() const { return lastSentAt_; }
  std::uint32_t packetsSent() const { return packetsSent_; }
  std::uint32_t octetsSent() const { return octetsSent_; }

 private:
  void begin(const RtpHeader& header);
  void takeOver(const RtpHeader& header, Nanoseconds now);

  bool isStarted_ = false;
  bool isSourceKnown_ = false;
  bool isInterrupted_ = false;
  std::uint32_t ssrc_ = 0;
  std::uint32_t sourceSsrc_ = 0;
  std::uint16_t sequenceOffset_ = 0;
  std::uint32_t timestampOffset_ = 0;
  std::uint16_t lastSequence_ = 0;
  std::uint32_t lastTimestamp_ = 0;
  Nanoseconds lastSentAt_ = 0;
  std::uint32_t packetsSent_ = 0;
  std::uint32_t octetsSent_ = 0;
};

}  // namespace campanile
