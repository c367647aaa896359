#include "packet-batch.h"

namespace campanile {

PacketBatch::PacketBatch() {
  for (unsigned n = 0; n < capacity; ++n) {
    receiveVectors_[n] = iovec{bytes_[n].data(), datagramBytes};
    received_[n].msg_hdr.msg_iov = &receiveVectors_[n];
    received_[n].msg_hdr.msg_iovlen = 1;
    received_[n].msg_hdr.msg_name = &sources_[n];
    outgoing_[n].msg_hdr.msg_iov = &sendVectors_[n];
    outgoing_[n].msg_hdr.msg_iovlen = 1;
  }
}

// An error (a queued ICMP error, a closed socket) is cleared by being read; the next event, if any,
// brings the packets behind it.
unsigned PacketBatch::receiveOne(int fd) {
  keptCount_ = 0;
  socklen_t length = sizeof(SocketAddress);
  // MSG_TRUNC makes the kernel tell the true length of a datagram that it cut.
  const ssize_t size = recvfrom(fd, bytes_[0].data(), datagramBytes, MSG_DONTWAIT | MSG_TRUNC,
                                &sources_[0].generic, &length);
  if (size < 0) {
    return 0;
  }
  received_[0].msg_hdr.msg_flags = static_cast<std::size_t>(size) > datagramBytes ? MSG_TRUNC : 0;
  received_[0].msg_len = static_cast<unsigned>(size);
  return 1;
}

unsigned PacketBatch::receiveMany(int fd) {
  keptCount_ = 0;
  for (mmsghdr& message : received_) {
    message.msg_hdr.msg_namelen = sizeof(SocketAddress);
  }
  const int count = recvmmsg(fd, received_.data(), capacity, MSG_DONTWAIT, nullptr);
  return count > 0 ? static_cast<unsigned>(count) : 0;
}

bool PacketBatch::sendOne(int fd, const SocketAddress* destination) {
  const unsigned index = kept_[0];
  constexpr int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  const void* const bytes = bytes_[index].data();
  const std::size_t sizeBytes = received_[index].msg_len;
  if (destination != nullptr) {
    return sendto(fd, bytes, sizeBytes, flags, &destination->generic, destination->length()) >= 0;
  }
  // That an earlier packet was not wanted is reported as an event, too, and cleared by the read then.
  return ::send(fd, bytes, sizeBytes, flags) >= 0;
}

void PacketBatch::prepareSend(const SocketAddress* destination) {
  if (destination != nullptr) {
    destination_ = *destination;
  }
  for (unsigned n = 0; n < keptCount_; ++n) {
    sendVectors_[n] = iovec{bytes_[kept_[n]].data(), received_[kept_[n]].msg_len};
    outgoing_[n].msg_hdr.msg_name = destination != nullptr ? &destination_ : nullptr;
    outgoing_[n].msg_hdr.msg_namelen = destination != nullptr ? destination_.length() : 0;
  }
}

}  // namespace campanile
