#include "rtcp-packet.h"

namespace campanile::rtcp {

bool isValidCompound(const std::uint8_t* datagram, std::size_t sizeBytes) {
  if (sizeBytes < headerBytes + 4 || sizeBytes % 4 != 0) {
    return false;
  }
  if (datagram[1] != senderReport && datagram[1] != receiverReport) {
    return false;
  }
  std::size_t at = 0;
  while (at + headerBytes <= sizeBytes) {
    if (datagram[at] >> 6 != 2) {
      return false;
    }
    const std::size_t packetBytes = headerBytes + std::size_t{4} * readUint16(datagram + at + 2);
    if (datagram[at + 1] == senderReport && packetBytes < headerBytes + 4 + senderInfoBytes) {
      return false;
    }
    if (datagram[at + 1] == receiverReport && packetBytes < headerBytes + 4) {
      return false;
    }
    at += packetBytes;
  }
  return at == sizeBytes;
}

ReportBlock readReportBlock(const std::uint8_t* block) {
  // Cumulative loss is a signed number of 24 bits (RFC 3550 §6.4.1).
  const std::uint32_t lost = readUint32(block + 4) & 0xffffff;
  const auto cumulativeLost = static_cast<std::int32_t>(lost << 8) >> 8;
  return ReportBlock{readUint32(block), cumulativeLost, readUint32(block + 12),
                     readUint32(block + 16), readUint32(block + 20)};
}

}  // namespace campanile::rtcp
