#include "service-port.h"

#include <sys/socket.h>

#include <cstring>

#include "endpoint.h"
#include "rtcp-report.h"

namespace campanile {

namespace {

/** Digital silence: the code for a sample of zero. */
std::uint8_t silenceOf(std::int32_t codec) { return codec == 0 ? 0xff : 0xd5; }

constexpr Nanoseconds reportInterval = 5 * nanosecondsPerSecond;

}  // namespace

ServicePort::ServicePort(const ServiceRequest& request, std::uint32_t index, std::int32_t generation,
                         Random& random)
    : request_(request),
      index_(index),
      generation_(generation),
      random_(random),
      ssrc_(random.next()),
      sequence_(static_cast<std::uint16_t>(random.next())),
      timestamp_(random.next()) {}

void ServicePort::receive(Endpoint& endpoint, const RtpHeader& header, const std::uint8_t* packet,
                          std::size_t sizeBytes) {
  const bool isAudio = header.payloadType == request_.payloadType;
  if (!isAudio && header.payloadType != request_.eventPayloadType) {
    return;  // Comfort noise is no audio.
  }
  const auto payload = findRtpPayload(packet, sizeBytes);
  if (payload && isAudio) {
    jitterBuffer_.put(header.ssrc, header.timestamp, payload->bytes, payload->sizeBytes);
  } else if (payload) {
    endpoint.digits.receive(header, *payload);
  }
}

std::uint32_t ServicePort::takeReceived(std::uint8_t* frame) {
  return jitterBuffer_.take(frame, silenceOf(request_.codec));
}

void ServicePort::send(Endpoint& endpoint, const std::uint8_t* frame, Nanoseconds now) {
  const SocketAddress& destination = endpoint.rtpSource.destination();
  if (!endpoint.sends || endpoint.isMuted || !destination.isPresent()) {
    endpoint.outgoing.skip();
    isPaused_ = true;
    return;
  }
  std::uint8_t packet[RtpHeader::sizeBytes + frameSamples];
  packet[0] = 0x80;
  RtpHeader header{isPaused_, request_.payloadType, sequence_++, timestamp_, ssrc_};
  isPaused_ = false;
  endpoint.outgoing.rewrite(header, now);
  header.write(packet);
  std::memcpy(packet + RtpHeader::sizeBytes, frame, frameSamples);
  const ssize_t sent = sendto(endpoint.sockets.rtp, packet, sizeof packet, MSG_DONTWAIT | MSG_NOSIGNAL,
                              &destination.generic, destination.length());
  if (sent > 0) {
    endpoint.statistics.packetsSent.add(1);
    endpoint.statistics.bytesSent.add(sizeof packet);
    endpoint.outgoing.countSent(frameSamples);
  }
}

void ServicePort::skip(std::uint32_t missed) {
  timestamp_ += missed * frameSamples;
  jitterBuffer_.skip(missed);
}

void ServicePort::report(Endpoint& endpoint, Nanoseconds now) {
  if (now < reportAt_) {
    return;
  }
  const bool isFirst = reportAt_ == 0;
  const Nanoseconds half = reportInterval / 2;
  reportAt_ = now + half + (isFirst ? 0 : random_.below(static_cast<std::uint32_t>(half / 1000)) * Nanoseconds{2000});
  const SocketAddress& destination = endpoint.rtcpDestination();
  if (isFirst || endpoint.isMuted || !destination.isPresent()) {
    return;
  }
  std::uint8_t compound[maxReportBytes];
  const std::size_t sizeBytes = writeReport(compound, endpoint, ssrc_, now);
  sendto(endpoint.sockets.rtcp, compound, sizeBytes, MSG_DONTWAIT | MSG_NOSIGNAL,
         &destination.generic, destination.length());
}

}  // namespace campanile
