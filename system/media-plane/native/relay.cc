#include "relay.h"

#include "rtcp-packet.h"
#include "rtcp-translation.h"
#include "service-port.h"

namespace campanile {

namespace {

/** Of one socket before the others have their turn. */
constexpr unsigned packetsPerTurn = 32;

/**
 * Comfort noise (RFC 3389; 19 was its type before) and telephone-events, whose payload is always four
 * octets (RFC 4733 §2.3), say nothing of the codec, whatever their number is.
 */
bool tellsCodec(const RtpHeader& header, std::size_t sizeBytes) {
  return header.payloadType != 13 && header.payloadType != 19 &&
         sizeBytes != RtpHeader::sizeBytes + 4;
}

}  // namespace

bool Relay::receiveRtp(Endpoint& endpoint, Nanoseconds now, bool isBusy) {
  if (endpoint.peer != nullptr) {
    endpoint.peer->prefetch();
  }
  SocketAddress source;
  for (unsigned n = 0; n < packetsPerTurn; ++n) {
    if (batch_.isFull()) {
      sendRtp();
    }
    SocketAddress* const from = endpoint.isRtpFromLockedOnly ? nullptr : &source;
    switch (batch_.receive(endpoint.sockets.rtp, from)) {
      case PacketBatch::Outcome::nothing:
        endpoint.noteRtpIsEmpty(now);
        return true;
      case PacketBatch::Outcome::refused:
        continue;
      case PacketBatch::Outcome::received:
        break;
    }
    // The last packets of an ended call are read, too, so that they do not wait for the next one.
    const bool isOnTime = endpoint.isOpen && takeRtp(endpoint, from, now);
    endpoint.cadence.note(isOnTime, n == 0);
    if (isBusy && !endpoint.cadence.looksOn()) {
      return true;
    }
  }
  return false;
}

void Relay::discardRtp(const Endpoint& endpoint) {
  for (unsigned n = 0; n < packetsPerTurn; ++n) {
    if (batch_.receive(endpoint.sockets.rtp, nullptr) == PacketBatch::Outcome::nothing) {
      return;
    }
  }
}

bool Relay::takeRtp(Endpoint& endpoint, const SocketAddress* source, Nanoseconds now) {
  const Datagram datagram = batch_.received();
  RtpHeader header{};
  if (!acceptRtp(endpoint, datagram, source, header, now)) {
    return false;
  }
  if (endpoint.receives && endpoint.service != nullptr) {
    endpoint.service->receive(endpoint, header, datagram.bytes, datagram.sizeBytes);
  } else if (endpoint.receives && endpoint.peer != nullptr) {
    relayRtp(endpoint, *endpoint.peer, header, now);
  }
  return endpoint.received.isOnTime();
}

void Relay::relayRtp(const Endpoint& from, Endpoint& to, RtpHeader header, Nanoseconds now) {
  if (!to.sends || to.isMuted || !to.rtpSource.destination().isPresent()) {
    to.outgoing.skip();
    return;
  }
  header.payloadType = from.payloadTypes[header.payloadType];
  to.outgoing.rewrite(header, now);
  header.write(batch_.received().bytes);
  batch_.keep(to);
}

bool Relay::acceptRtp(Endpoint& endpoint, const Datagram& datagram, const SocketAddress* source,
                      RtpHeader& header, Nanoseconds now) {
  EndpointStatistics& statistics = endpoint.statistics;
  const auto parsed = parseRtpHeader(datagram.bytes, datagram.sizeBytes);
  if (!parsed) {
    return false;
  }
  header = *parsed;
  if (source != nullptr && !acceptRtpSource(endpoint, {*source, header.ssrc, header.sequence}, now)) {
    return false;
  }
  endpoint.received.receive(header, now);
  statistics.packetsReceived.add(1);
  statistics.bytesReceived.add(datagram.sizeBytes);
  statistics.packetsLost.set(static_cast<double>(endpoint.received.lost()));
  statistics.jitterMs.set(endpoint.received.jitterMs().value_or(EndpointStatistics::unknown));
  if (tellsCodec(header, datagram.sizeBytes)) {
    statistics.payloadType.set(header.payloadType);
  }
  statistics.lastReceivedAt.set(now);
  return true;
}

bool Relay::acceptRtpSource(Endpoint& endpoint, const SourcePacket& packet, Nanoseconds now) {
  switch (endpoint.rtpSource.judge(packet, now)) {
    case SourceVerdict::stranger:
      endpoint.statistics.packetsFromStrangers.add(1);
      return false;
    case SourceVerdict::candidate:
      return false;
    case SourceVerdict::accepted:
      break;
  }
  if (!endpoint.isRtpConnected.load(std::memory_order_relaxed) && endpoint.rtpSource.isFinal()) {
    endpoint.connectRtp(now);
  }
  return true;
}

void Relay::sendRtp() {
  batch_.sendAll([](Endpoint& to, const Datagram& datagram) {
    const bool isSent = to.isRtpConnected.load(std::memory_order_relaxed)
                            ? sendDatagram(to.sockets.rtp, datagram)
                            : sendDatagram(to.sockets.rtp, datagram, to.rtpSource.destination());
    if (isSent) {
      to.statistics.packetsSent.add(1);
      to.statistics.bytesSent.add(datagram.sizeBytes);
      to.outgoing.countSent(datagram.sizeBytes - RtpHeader::sizeBytes);
    }
  });
}

void Relay::receiveRtcp(Endpoint& endpoint, Nanoseconds now) {
  if (batch_.isFull()) {
    sendRtp();
  }
  SocketAddress source;
  if (batch_.receive(endpoint.sockets.rtcp, &source) != PacketBatch::Outcome::received || !endpoint.isOpen) {
    return;
  }
  const Datagram datagram = batch_.received();
  if (!rtcp::isValidCompound(datagram.bytes, datagram.sizeBytes)) {
    return;
  }
  if (!acceptRtcpSource(source, endpoint.rtpSource, endpoint.signalledRtcp, endpoint.lockedRtcp)) {
    endpoint.statistics.packetsFromStrangers.add(1);
    return;
  }
  readReports(endpoint, datagram, now);
  if (endpoint.peer != nullptr) {
    sendRtcp(datagram, endpoint, *endpoint.peer, now);
  }
}

/** What the phone says about the stream it gets from us. */
void Relay::readReports(Endpoint& endpoint, const Datagram& datagram, Nanoseconds now) {
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

void Relay::sendRtcp(const Datagram& datagram, Endpoint& from, Endpoint& to, Nanoseconds now) {
  if (to.isMuted || !to.rtcpDestination().isPresent()) {
    return;
  }
  bool isEnded = false;
  rtcp::forEachPacket(datagram.bytes, datagram.sizeBytes, [&](const rtcp::Packet& packet) {
    if (packet.type() == rtcp::senderReport) {
      to.sentReports.note(readUint32(packet.bytes + 10), now);
    }
    isEnded = isEnded || packet.type() == rtcp::bye;
  });
  RtcpTranslation{to.outgoing, from.outgoing, to.received}.apply(datagram.bytes, datagram.sizeBytes);
  sendDatagram(to.sockets.rtcp, datagram, to.rtcpDestination());
  if (isEnded) {
    to.outgoing.end();
  }
}

}  // namespace campanile
