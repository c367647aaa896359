// Rewrites a relayed RTCP compound in place, so that its SSRCs, sequence numbers and timestamps
// say the same as the RTP packets that were rewritten (see outgoing-stream.h).
#pragma once

#include <cstddef>
#include <cstdint>

#include "outgoing-stream.h"
#include "received-stream.h"
#include "rtcp-packet.h"

namespace campanile {

/** The streams between two joined endpoints as the sender of the compound and its reader see them. */
struct RtcpTranslation {
  /** What the reader gets from the sender's endpoint: maps the sender's own SSRC and timestamps. */
  const OutgoingStream& towardsReader;
  /** What the sender gets from the reader's endpoint: maps the report blocks back. */
  const OutgoingStream& towardsSender;
  /** What the reader really sends: gives mapped sequence numbers their cycle count. */
  const ReceivedStream& fromReader;

  void apply(std::uint8_t* datagram, std::size_t sizeBytes) const;

 private:
  void translate(const rtcp::Packet& packet) const;
  void translateReportBlock(std::uint8_t* block) const;
  void translateDescription(const rtcp::Packet& packet) const;
  void mapSenderSsrc(std::uint8_t* at) const;
  void mapReaderSsrc(std::uint8_t* at) const;
};

}  // namespace campanile
