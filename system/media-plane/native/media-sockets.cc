#include "media-sockets.h"

#include <unistd.h>

#include "socket-options.h"

namespace campanile {

namespace {

/** About 200 packets of 20 ms, that is seconds of one stream, in the kernel's accounting. */
constexpr int receiveBufferBytes = 256 * 1024;

int bindSocket(SocketAddress address, std::uint16_t port, int dscp) {
  const int fd = socket(address.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return -1;
  }
  const int on = 1;
  if (address.family() == AF_INET6) {
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  }
  // Beyond the system's limit only for root; the limit itself is enough to run.
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &receiveBufferBytes, sizeof receiveBufferBytes) != 0) {
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receiveBufferBytes, sizeof receiveBufferBytes);
  }
  if (dscp > 0) {
    setDscp(fd, dscp);
  }
  address.setPort(port);
  if (bind(fd, &address.generic, address.length()) != 0) {
    const int reason = errno;
    close(fd);
    errno = reason;
    return -1;
  }
  return fd;
}

}  // namespace

void MediaSockets::close() {
  for (int* fd : {&rtp, &rtcp}) {
    if (*fd >= 0) {
      ::close(*fd);
      *fd = -1;
    }
  }
}

MediaSockets bindMediaSockets(SocketAddress address, std::uint16_t port, int dscp) {
  MediaSockets sockets;
  sockets.rtp = bindSocket(address, port, dscp);
  if (sockets.rtp >= 0) {
    sockets.rtcp = bindSocket(address, static_cast<std::uint16_t>(port + 1), dscp);
  }
  if (sockets.rtcp < 0) {
    const int reason = errno;
    sockets.close();
    errno = reason;
  }
  return sockets;
}

}  // namespace campanile
