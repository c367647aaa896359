#include "rtcp-report.h"

#include <cstdio>
#include <cstring>

#include "endpoint.h"
#include "rtcp-packet.h"
#include "service-port.h"

namespace campanile {

namespace {

/** Seconds between 1900, where NTP counts from, and 1970. */
constexpr std::uint64_t ntpEpochOffsetSec = 2'208'988'800;

std::uint64_t ntpNow() {
  const Nanoseconds wall = readClock(CLOCK_REALTIME);
  const std::uint64_t seconds = static_cast<std::uint64_t>(wall / nanosecondsPerSecond) + ntpEpochOffsetSec;
  const std::uint64_t fraction = (static_cast<std::uint64_t>(wall % nanosecondsPerSecond) << 32) / nanosecondsPerSecond;
  return seconds << 32 | fraction;
}

std::size_t writeSenderInfo(std::uint8_t* at, Endpoint& endpoint, Nanoseconds now) {
  const OutgoingStream& outgoing = endpoint.outgoing;
  const std::uint64_t ntp = ntpNow();
  const Nanoseconds sinceLast = now - outgoing.lastSentAt();
  const auto ticksSinceLast = static_cast<std::uint32_t>(
      sinceLast / nanosecondsPerMillisecond * ServicePort::clockHz / 1000);
  writeUint32(at, static_cast<std::uint32_t>(ntp >> 32));
  writeUint32(at + 4, static_cast<std::uint32_t>(ntp));
  writeUint32(at + 8, outgoing.lastTimestamp() + ticksSinceLast);
  writeUint32(at + 12, outgoing.packetsSent());
  writeUint32(at + 16, outgoing.octetsSent());
  endpoint.sentReports.note(static_cast<std::uint32_t>(ntp >> 16), now);
  return rtcp::senderInfoBytes;
}

std::size_t writeReportBlock(std::uint8_t* at, Endpoint& endpoint, Nanoseconds now) {
  ReceivedStream& received = endpoint.received;
  writeUint32(at, received.ssrc());
  const auto lost = static_cast<std::uint32_t>(received.lostOfPresentSource());
  writeUint32(at + 4, static_cast<std::uint32_t>(received.takeFractionLost()) << 24 | (lost & 0xffffff));
  writeUint32(at + 8, received.extendedHighestSequence());
  writeUint32(at + 12, received.jitterTicks());
  const Endpoint::SenderReport& last = endpoint.lastSenderReport;
  writeUint32(at + 16, last.middleOfNtp);
  writeUint32(at + 20, last.receivedAt == 0 ? 0 : static_cast<std::uint32_t>(
      (now - last.receivedAt) / nanosecondsPerMillisecond * 65536 / 1000));
  return rtcp::reportBlockBytes;
}

/** CNAME, different for every stream as RFC 7022 wants it: it must not tell who calls whom. */
std::size_t writeDescription(std::uint8_t* at, std::uint32_t ssrc) {
  constexpr std::size_t packetBytes = 20;
  char name[9];
  std::snprintf(name, sizeof name, "%08x", ssrc);
  std::memset(at, 0, packetBytes);
  at[0] = 0x81;
  at[1] = rtcp::sourceDescription;
  writeUint16(at + 2, packetBytes / 4 - 1);
  writeUint32(at + 4, ssrc);
  at[8] = 1;
  at[9] = 8;
  std::memcpy(at + 10, name, 8);
  return packetBytes;
}

}  // namespace

std::size_t writeReport(std::uint8_t* compound, Endpoint& endpoint, std::uint32_t fallbackSsrc,
                        Nanoseconds now) {
  const bool hasSent = endpoint.outgoing.packetsSent() > 0;
  const bool hasReceived = endpoint.received.isStarted();
  const std::uint32_t ssrc = endpoint.outgoing.isStarted() ? endpoint.outgoing.ssrc() : fallbackSsrc;
  compound[0] = static_cast<std::uint8_t>(0x80 | (hasReceived ? 1 : 0));
  compound[1] = hasSent ? rtcp::senderReport : rtcp::receiverReport;
  writeUint32(compound + 4, ssrc);
  std::size_t sizeBytes = rtcp::headerBytes + 4;
  if (hasSent) {
    sizeBytes += writeSenderInfo(compound + sizeBytes, endpoint, now);
  }
  if (hasReceived) {
    sizeBytes += writeReportBlock(compound + sizeBytes, endpoint, now);
  }
  writeUint16(compound + 2, static_cast<std::uint16_t>(sizeBytes / 4 - 1));
  return sizeBytes + writeDescription(compound + sizeBytes, ssrc);
}

}  // namespace campanile
