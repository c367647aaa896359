// The fixed RTP header (RFC 3550 §5.1), read and rewritten in place.
//
//    0                   1                   2                   3
//   |V=2|P|X|  CC   |M|     PT      |       sequence number         |
//   |                           timestamp                           |
//   |           synchronization source (SSRC) identifier            |
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "byte-order.h"

namespace campanile {

struct RtpHeader {
  static constexpr std::size_t sizeBytes = 12;

  bool marker;
  std::uint8_t payloadType;
  std::uint16_t sequence;
  std::uint32_t timestamp;
  std::uint32_t ssrc;

  void write(std::uint8_t* packet) const {
    packet[1] = static_cast<std::uint8_t>((marker ? 0x80 : 0) | payloadType);
    writeUint16(packet + 2, sequence);
    writeUint32(packet + 4, timestamp);
    writeUint32(packet + 8, ssrc);
  }
};

struct RtpPayload {
  const std::uint8_t* bytes;
  std::size_t sizeBytes;
};

/**
 * Nothing for what is no RTP: runts, another version (STUN and DTLS have version 0 and 1), and
 * RTCP that strayed to this port (payload types 72 to 76 with the marker, RFC 5761 §4).
 */
inline std::optional<RtpHeader> parseRtpHeader(const std::uint8_t* packet, std::size_t sizeBytes) {
  if (sizeBytes < RtpHeader::sizeBytes || packet[0] >> 6 != 2) {
    return std::nullopt;
  }
  if (packet[1] >= 200 && packet[1] <= 204) {
    return std::nullopt;
  }
  return RtpHeader{(packet[1] & 0x80) != 0, static_cast<std::uint8_t>(packet[1] & 0x7f),
                   readUint16(packet + 2), readUint32(packet + 4), readUint32(packet + 8)};
}

/** What follows CSRCs and extension, without padding; nothing when the lengths do not fit. */
inline std::optional<RtpPayload> findRtpPayload(const std::uint8_t* packet, std::size_t sizeBytes) {
  std::size_t start = RtpHeader::sizeBytes + std::size_t{4} * (packet[0] & 0x0f);
  if ((packet[0] & 0x10) != 0) {
    if (start + 4 > sizeBytes) {
      return std::nullopt;
    }
    start += 4 + std::size_t{4} * readUint16(packet + start + 2);
  }
  std::size_t padding = 0;
  if ((packet[0] & 0x20) != 0) {
    padding = packet[sizeBytes - 1];
  }
  if (start + padding > sizeBytes) {
    return std::nullopt;
  }
  return RtpPayload{packet + start, sizeBytes - start - padding};
}

}  // namespace campanile
