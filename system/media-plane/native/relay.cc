#include "relay.h"

#include "rtcp-packet.h"
#include "rtcp-translation.h"
#include "service-port.h"

namespace campanile {

namespace {

/** Packets of one telephone stream come 10 ms apart or more; sooner, others may wait behind. */
constexpr Nanoseconds lonelyPacketInterval = 5 * nanosecondsPerMillisecond;

}  // namespace

void Relay::receiveRtp(Endpoint& endpoint, Nanoseconds now) {
  const bool isLonely = now - endpoint.rtpReadAt > lonelyPacketInterval;
  endpoint.rtpReadAt = now;
  const int fd = endpoint.sockets.rtp;
  const unsigned count = isLonely ? batch_.receiveOne(fd) : batch_.receiveMany(fd);
  if (!endpoint.isOpen) {
    return;  // The last packets of an ended call: read, so that they do not wait for the next one.
  }
  Endpoint* const to = endpoint.peer;
  for (unsigned n = 0; n < count; ++n) {
    const PacketBatch::Datagram datagram = batch_.at(n);
    RtpHeader header{};
    if (!batch_.isWhole(n) || !acceptRtp(endpoint, datagram, header, now) || !endpoint.receives) {
      continue;
    }
    if (endpoint.service != nullptr) {
      endpoint.service->receive(header, datagram.bytes, datagram.sizeBytes);
    } else if (to != nullptr) {
      if (!to->sends || to->isMuted || !to->rtpSource.destination().isPresent()) {
        to->outgoing.skip();
        continue;
      }
      header.payloadType = endpoint.payloadTypes[header.payloadType];
      to->outgoing.rewrite(header, now);
      header.write(datagram.bytes);
      batch_.keep(n);
    }
  }
  if (to != nullptr && batch_.keptCount() > 0) {
    sendRtp(*to);
  }
}

bool Relay::acceptRtp(Endpoint& endpoint, const PacketBatch::Datagram& datagram, RtpHeader& header,
                      Nanoseconds now) {
  EndpointStatistics& statistics = endpoint.statistics;
  const auto parsed = parseRtpHeader(datagram.bytes, datagram.sizeBytes);
  if (!parsed) {
    return false;
  }
  header = *parsed;
  switch (endpoint.rtpSource.judge({datagram.source, header.ssrc, header.sequence}, now)) {
    case SourceVerdict::stranger:
      statistics.packetsFromStrangers.add(1);
      return false;
    case SourceVerdict::candidate:
      return false;
    case SourceVerdict::accepted:
      break;
  }
  if (!endpoint.isRtpConnected.load(std::memory_order_relaxed) && endpoint.rtpSource.isFinal()) {
    endpoint.connectRtp();
  }
  endpoint.received.receive(header, now);
  statistics.packetsReceived.add(1);
  statistics.bytesReceived.add(datagram.sizeBytes);
  statistics.packetsLost.set(static_cast<double>(endpoint.received.lost()));
  statistics.jitterMs.set(endpoint.received.jitterMs().value_or(EndpointStatistics::unknown));
  statistics.payloadType.set(header.payloadType);
  statistics.lastReceivedAt.set(now);
  return true;
}

void Relay::sendRtp(Endpoint& to) {
  const SocketAddress* const destination =
      to.isRtpConnected.load(std::memory_order_relaxed) ? nullptr : &to.rtpSource.destination();
  batch_.send(to.sockets.rtp, destination, [this, &to](unsigned position) {
    const std::size_t sizeBytes = batch_.kept(position).sizeBytes;
    to.statistics.packetsSent.add(1);
    to.statistics.bytesSent.add(sizeBytes);
    to.outgoing.countSent(sizeBytes - RtpHeader::sizeBytes);
  });
}

void Relay::receiveRtcp(Endpoint& endpoint, Nanoseconds now) {
  const unsigned count = batch_.receiveOne(endpoint.sockets.rtcp);
  if (!endpoint.isOpen) {
    return;
  }
  for (unsigned n = 0; n < count; ++n) {
    const PacketBatch::Datagram datagram = batch_.at(n);
    if (!batch_.isWhole(n) || !rtcp::isValidCompound(datagram.bytes, datagram.sizeBytes)) {
      continue;
    }
    if (!acceptRtcpSource(datagram.source, endpoint.rtpSource, endpoint.signalledRtcp, endpoint.lockedRtcp)) {
      endpoint.statistics.packetsFromStrangers.add(1);
      continue;
    }
    readReports(endpoint, datagram, now);
    if (endpoint.peer != nullptr) {
      batch_.keep(n);
    }
  }
  if (endpoint.peer != nullptr && batch_.keptCount() > 0) {
    sendRtcp(endpoint, *endpoint.peer, now);
  }
}

/** What the phone says about the stream it gets from us. */
void Relay::readReports(Endpoint& endpoint, const PacketBatch::Datagram& datagram, Nanoseconds now) {
  EndpointStatistics& statistics = endpoint.statistics;
  // The jitter is in ticks of the stream we send, whose clock is that of its source.
  const std::uint32_t clockHz = endpoint.peer != nullptr ? endpoint.peer->received.clockHz()
                                : endpoint.service != nullptr ? ServicePort::clockHz : 0;
  const auto readBlock = [&](const std::uint8_t* bytes) {
    const rtcp::ReportBlock block = rtcp::readReportBlock(bytes);
    if (!endpoint.outgoing.isStarted() || block.ssrc != endpoint.outgoing.ssrc()) {
      return;
    }
    statistics.remotePacketsLost.set(block.cumulativeLost > 0 ? block.cumulativeLost : 0);
    if (clockHz != 0) {
      statistics.remoteJitterMs.set(block.jitterTicks * 1000.0 / clockHz);
    }
    const auto roundTripMs = endpoint.sentReports.roundTripMs(
        block.lastSenderReport, block.delaySinceLastSenderReport, now);
    if (roundTripMs) {
      statistics.roundTripMs.set(*roundTripMs);
    }
  };
  rtcp::forEachPacket(datagram.bytes, datagram.sizeBytes, [&](const rtcp::Packet& packet) {
    if (packet.type() == rtcp::senderReport) {
      endpoint.lastSenderReport = {readUint32(packet.bytes + 10), now};
    }
    if (packet.type() == rtcp::senderReport || packet.type() == rtcp::receiverReport) {
      rtcp::forEachReportBlock(packet, readBlock);
    }
  });
}

void Relay::sendRtcp(Endpoint& from, Endpoint& to, Nanoseconds now) {
  if (to.isMuted || !to.rtcpDestination().isPresent()) {
    return;
  }
  const RtcpTranslation translation{to.outgoing, from.outgoing, to.received};
  bool isEnded = false;
  for (unsigned position = 0; position < batch_.keptCount(); ++position) {
    const PacketBatch::Datagram datagram = batch_.kept(position);
    rtcp::forEachPacket(datagram.bytes, datagram.sizeBytes, [&](const rtcp::Packet& packet) {
      if (packet.type() == rtcp::senderReport) {
        to.sentReports.note(readUint32(packet.bytes + 10), now);
      }
      isEnded = isEnded || packet.type() == rtcp::bye;
    });
    translation.apply(datagram.bytes, datagram.sizeBytes);
  }
  batch_.send(to.sockets.rtcp, &to.rtcpDestination(), [](unsigned) {});
  if (isEnded) {
    to.outgoing.end();
  }
}

}  // namespace campanile
