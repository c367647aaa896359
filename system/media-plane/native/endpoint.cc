#include "endpoint.h"

#include "service-port.h"

namespace campanile {

Endpoint::Endpoint() = default;
Endpoint::~Endpoint() = default;

void Endpoint::open(std::uint32_t generation) {
  isOpen = true;
  rtpSource.reset();
  signalledRtcp = SocketAddress();
  lockedRtcp = SocketAddress();
  isMuted = false;
  sends = true;
  receives = true;
  payloadTypes = identityPayloadTypes();
  received = ReceivedStream();
  outgoing = OutgoingStream();
  sentReports = SentReports();
  lastSenderReport = SenderReport();
  statistics.restart(generation);
}

void Endpoint::close() {
  detach();
  disconnectRtp();
  isOpen = false;
}

void Endpoint::connectRtp() {
  const SocketAddress& remote = rtpSource.locked();
  isRtpConnected = connect(sockets.rtp, &remote.generic, remote.length()) == 0;
}

void Endpoint::disconnectRtp() {
  if (isRtpConnected) {
    // The port stays: it was bound by name.
    const SocketAddress nobody;
    connect(sockets.rtp, &nobody.generic, sizeof nobody);
    isRtpConnected = false;
  }
}

void Endpoint::detach() {
  if (peer != nullptr) {
    peer->peer = nullptr;
    peer->outgoing.changeSource();
    peer = nullptr;
  }
  service.reset();
  outgoing.changeSource();
}

void Endpoint::join(Endpoint& other) {
  if (peer == &other) {
    return;
  }
  detach();
  other.detach();
  peer = &other;
  other.peer = this;
}

const SocketAddress& Endpoint::rtcpDestination() const {
  return signalledRtcp.isPresent() && lockedRtcp.isPresent() ? lockedRtcp : signalledRtcp;
}

}  // namespace campanile
