// The RTP session of one leg. An endpoint lives as long as the plane and serves one leg after the
// other ("openings", told apart by their generation); it belongs to one port pair. Everything but
// `statistics` belongs to the packet thread, which learns of changes through commands.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <numeric>

#include "cadence.h"
#include "digit-receiver.h"
#include "endpoint-statistics.h"
#include "media-sockets.h"
#include "outgoing-stream.h"
#include "received-stream.h"
#include "sent-reports.h"
#include "source-lock.h"

namespace campanile {

class ServicePort;

using PayloadTypeMap = std::array<std::uint8_t, 128>;

inline PayloadTypeMap identityPayloadTypes() {
  PayloadTypeMap map{};
  std::iota(map.begin(), map.end(), std::uint8_t{0});
  return map;
}

/** In whole lines of the processor's cache, so that no two endpoints share one. */
struct alignas(64) Endpoint {
  // What every packet needs comes first and close together, for `prefetch`.
  MediaSockets sockets;
  bool isOpen = false;
  /** Written by the packet thread; read by the control thread too, which must wake the former then. */
  std::atomic<bool> isRtpConnected{false};
  /** The peer signalled 0.0.0.0 or port 0: nothing is sent. */
  bool isMuted = false;
  /** Connected, and what had arrived before that was read. */
  bool isRtpFromLockedOnly = false;
  bool sends = true;
  bool receives = true;
  Cadence cadence;
  Nanoseconds rtpConnectedAt = 0;
  /** Joined with; never itself. */
  Endpoint* peer = nullptr;
  /** Ends in the PBX; excludes `peer`. */
  std::unique_ptr<ServicePort> service;
  ReceivedStream received;
  OutgoingStream outgoing;
  EndpointStatistics statistics;
  PayloadTypeMap payloadTypes = identityPayloadTypes();

  SourceLock rtpSource;
  SocketAddress signalledRtcp;
  SocketAddress lockedRtcp;
  SentReports sentReports;

  /** The phone's last sender report, which our own reports answer (LSR, DLSR). */
  struct SenderReport {
    std::uint32_t middleOfNtp = 0;
    Nanoseconds receivedAt = 0;
  };
  SenderReport lastSenderReport;

  /** Keys that its phone pressed while it ends in the PBX. */
  DigitReceiver digits;

  Endpoint();
  ~Endpoint();
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  /**
   * The source is locked for good: from now on the kernel takes RTP from it alone and knows the way
   * there, which saves a fifth of what a relayed packet costs. Without effect when the kernel refuses.
   */
  void connectRtp(Nanoseconds now);
  /** Packets of everybody come again. Idempotent. */
  void disconnectRtp();
  /** Nothing waits on the RTP socket. */
  void noteRtpIsEmpty(Nanoseconds now);
  /** A new leg: all of the last one is forgotten. */
  void open(std::uint32_t generation);
  void close();
  /** Neither relayed nor served. */
  void detach();
  void join(Endpoint& other);

  /** A packet of this endpoint or for it is about to be handled. */
  void prefetch() const;

  /** Where RTCP to the peer goes; absent: the peer wants none. */
  const SocketAddress& rtcpDestination() const;
};

}  // namespace campanile
