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
  cadence = Cadence();
  outgoing = OutgoingStream();
  sentReports = SentReports();
  lastSenderReport = SenderReport();
  statistics.restart(generation);
}

void Endpoint::close() {
  detach();
  disconnectRtp();
  digits.reset();
  isOpen = false;
}

void Endpoint::connectRtp(Nanoseconds now) {
  rtpConnectedAt = now;
  const SocketAddress& remote = rtpSource.locked();
  isRtpConnected = connect(sockets.rtp, &remote.generic, remote.length()) == 0;
}

void Endpoint::disconnectRtp() {
  if (isRtpConnected) {
    // The port stays: it was bound by name.
    const SocketAddress nobody;
    connect(sockets.rtp, &nobody.generic, sizeof nobody);
    isRtpConnected = false;
    isRtpFromLockedOnly = false;
  }
}

void Endpoint::noteRtpIsEmpty(Nanoseconds now) {
  // A packet may have been on its way through the kernel to the socket when it was connected.
  constexpr Nanoseconds longestWay = nanosecondsPerSecond;
  if (isRtpConnected.load(std::memory_order_relaxed) && now - rtpConnectedAt > longestWay) {
    isRtpFromLockedOnly = true;
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

void Endpoint::prefetch() const {
  constexpr std::size_t lineBytes = alignof(Endpoint);
  const char* const end = reinterpret_cast<const char*>(&statistics + 1);
  for (const char* line = reinterpret_cast<const char*>(this); line < end; line += lineBytes) {
    __builtin_prefetch(line, 1);
  }
}

const SocketAddress& Endpoint::rtcpDestination() const {
  return signalledRtcp.isPresent() && lockedRtcp.isPresent() ? lockedRtcp : signalledRtcp;
}

}  // namespace campanile
