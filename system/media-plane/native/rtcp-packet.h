// RTCP on the wire (RFC 3550 §6): walking a compound packet safely, and where its fields lie.
#pragma once

#include <cstddef>
#include <cstdint>

#include "byte-order.h"

namespace campanile {

namespace rtcp {

constexpr std::uint8_t senderReport = 200;
constexpr std::uint8_t receiverReport = 201;
constexpr std::uint8_t sourceDescription = 202;
constexpr std::uint8_t bye = 203;
constexpr std::uint8_t applicationDefined = 204;
constexpr std::uint8_t transportFeedback = 205;
constexpr std::uint8_t payloadFeedback = 206;

constexpr std::size_t headerBytes = 4;
constexpr std::size_t senderInfoBytes = 20;
constexpr std::size_t reportBlockBytes = 24;

/** One packet of a compound, header included. */
struct Packet {
  std::uint8_t* bytes;
  std::size_t sizeBytes;

  std::uint8_t type() const { return bytes[1]; }
  /** Report blocks, chunks or sources; a subtype in others. */
  std::uint8_t count() const { return bytes[0] & 0x1f; }
};

/**
 * Whether the datagram is a compound whose lengths fit exactly, beginning with a report (RFC 3550
 * §A.2). Only then `forEachPacket` may walk it.
 */
bool isValidCompound(const std::uint8_t* datagram, std::size_t sizeBytes);

template <typename Visitor>
void forEachPacket(std::uint8_t* datagram, std::size_t sizeBytes, Visitor&& visit) {
  for (std::size_t at = 0; at < sizeBytes;) {
    const std::size_t packetBytes = 4 + std::size_t{4} * readUint16(datagram + at + 2);
    visit(Packet{datagram + at, packetBytes});
    at += packetBytes;
  }
}

/** Visits the report blocks of a sender or receiver report; none when the packet is too short. */
template <typename Visitor>
void forEachReportBlock(const Packet& packet, Visitor&& visit) {
  std::size_t at = headerBytes + 4 + (packet.type() == senderReport ? senderInfoBytes : 0);
  for (unsigned n = 0; n < packet.count() && at + reportBlockBytes <= packet.sizeBytes; ++n) {
    visit(packet.bytes + at);
    at += reportBlockBytes;
  }
}

/** A report block: SSRC, fraction lost, cumulative lost, highest sequence, jitter, LSR, DLSR. */
struct ReportBlock {
  std::uint32_t ssrc;
  std::int32_t cumulativeLost;
  std::uint32_t jitterTicks;
  std::uint32_t lastSenderReport;
  std::uint32_t delaySinceLastSenderReport;
};

ReportBlock readReportBlock(const std::uint8_t* block);

}  // namespace rtcp

}  // namespace campanile
