// The two UDP sockets of an endpoint: RTP on an even port, RTCP on the next (RFC 3550 §11).
#pragma once

#include <cerrno>

#include "socket-address.h"

namespace campanile {

struct MediaSockets {
  int rtp = -1;
  int rtcp = -1;

  bool areOpen() const { return rtp >= 0; }
  void close();
};

/**
 * Binds both at `address` and `port`, non-blocking, with a receive buffer that outlasts a stall of
 * the packet thread. On failure both are closed and `errno` tells why: EADDRINUSE (another program
 * has a port), EADDRNOTAVAIL (not our address), EMFILE …
 */
MediaSockets bindMediaSockets(SocketAddress address, std::uint16_t port, int dscp);

}  // namespace campanile
