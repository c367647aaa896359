#include "packet-batch.h"

#include <sys/socket.h>

#include <cerrno>

namespace campanile {

namespace {

constexpr int sendFlags = MSG_DONTWAIT | MSG_NOSIGNAL;

}  // namespace

PacketBatch::Outcome PacketBatch::receive(int fd, SocketAddress* source) {
  std::uint8_t* const bytes = bytes_[count_].data();
  // MSG_TRUNC makes the kernel tell the true length of a datagram that it cut.
  constexpr int flags = MSG_DONTWAIT | MSG_TRUNC;
  socklen_t length = sizeof(SocketAddress);
  const ssize_t size = source != nullptr
                           ? recvfrom(fd, bytes, datagramBytes, flags, &source->generic, &length)
                           : recv(fd, bytes, datagramBytes, flags);
  if (size < 0) {
    return errno == EAGAIN || errno == EBADF ? Outcome::nothing : Outcome::refused;
  }
  receivedBytes_ = static_cast<std::size_t>(size);
  return receivedBytes_ <= datagramBytes ? Outcome::received : Outcome::refused;
}

bool sendDatagram(int fd, const Datagram& datagram, const SocketAddress& destination) {
  return sendto(fd, datagram.bytes, datagram.sizeBytes, sendFlags, &destination.generic,
                destination.length()) >= 0;
}

bool sendDatagram(int fd, const Datagram& datagram) {
  return send(fd, datagram.bytes, datagram.sizeBytes, sendFlags) >= 0;
}

}  // namespace campanile
