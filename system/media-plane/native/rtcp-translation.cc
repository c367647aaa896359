#include "rtcp-translation.h"

#include <algorithm>

namespace campanile {

void RtcpTranslation::apply(std::uint8_t* datagram, std::size_t sizeBytes) const {
  rtcp::forEachPacket(datagram, sizeBytes, [this](const rtcp::Packet& packet) { translate(packet); });
}

void RtcpTranslation::translate(const rtcp::Packet& packet) const {
  std::uint8_t* const body = packet.bytes + rtcp::headerBytes;
  switch (packet.type()) {
    case rtcp::senderReport:
      if (towardsReader.isSourceKnown() && readUint32(body) == towardsReader.sourceSsrc()) {
        writeUint32(body + 12, readUint32(body + 12) + towardsReader.timestampOffset());
      }
      [[fallthrough]];
    case rtcp::receiverReport:
      mapSenderSsrc(body);
      rtcp::forEachReportBlock(packet, [this](std::uint8_t* block) { translateReportBlock(block); });
      break;
    case rtcp::sourceDescription:
      translateDescription(packet);
      break;
    case rtcp::bye: {
      const std::size_t listed = (packet.sizeBytes - rtcp::headerBytes) / 4;
      for (std::size_t n = 0; n < std::min<std::size_t>(packet.count(), listed); ++n) {
        mapSenderSsrc(body + 4 * n);
      }
      break;
    }
    case rtcp::transportFeedback:
    case rtcp::payloadFeedback:
      if (packet.sizeBytes >= 12) {
        mapSenderSsrc(body);
        mapReaderSsrc(body + 4);
      }
      break;
    default:
      // APP, XR and whatever comes later begin with the SSRC of their sender.
      if (packet.sizeBytes >= 8) {
        mapSenderSsrc(body);
      }
  }
}

void RtcpTranslation::translateReportBlock(std::uint8_t* block) const {
  if (!towardsSender.isSourceKnown() || readUint32(block) != towardsSender.ssrc()) {
    return;
  }
  writeUint32(block, towardsSender.sourceSsrc());
  const std::uint16_t offset = towardsSender.sequenceOffset();
  if (offset == 0) {
    return;
  }
  // The phone counted cycles of the rewritten stream; the reader counts its own. The highest it
  // can have sent is what we received of it, so the cycle is the one that does not exceed that.
  const auto sequence = static_cast<std::uint16_t>(readUint16(block + 10) - offset);
  const std::uint32_t newest = fromReader.extendedHighestSequence();
  std::uint32_t extended = (newest & 0xffff0000) | sequence;
  if (extended > newest && extended >= 0x10000) {
    extended -= 0x10000;
  }
  writeUint32(block + 8, extended);
}

/** Chunks: SSRC, then items, ended by zeros up to the next multiple of four (RFC 3550 §6.5). */
void RtcpTranslation::translateDescription(const rtcp::Packet& packet) const {
  std::size_t at = rtcp::headerBytes;
  for (unsigned chunk = 0; chunk < packet.count() && at + 4 <= packet.sizeBytes; ++chunk) {
    mapSenderSsrc(packet.bytes + at);
    at += 4;
    while (at + 1 < packet.sizeBytes && packet.bytes[at] != 0) {
      at += std::size_t{2} + packet.bytes[at + 1];
    }
    at = (at / 4 + 1) * 4;
  }
}

void RtcpTranslation::mapSenderSsrc(std::uint8_t* at) const {
  if (towardsReader.isSourceKnown() && readUint32(at) == towardsReader.sourceSsrc()) {
    writeUint32(at, towardsReader.ssrc());
  }
}

void RtcpTranslation::mapReaderSsrc(std::uint8_t* at) const {
  if (towardsSender.isSourceKnown() && readUint32(at) == towardsSender.ssrc()) {
    writeUint32(at, towardsSender.sourceSsrc());
  }
}

}  // namespace campanile
