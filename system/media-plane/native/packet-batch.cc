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
    outgoing_[n].msg_hdr.msg_name = &destination_;
  }
}

unsigned PacketBatch::receive(int fd) {
  keptCount_ = 0;
  for (mmsghdr& message : received_) {
    message.msg_hdr.msg_namelen = sizeof(SocketAddress);
  }
  // An error (a queued ICMP error, a closed socket) is cleared by being read; the next event, if
  // any, brings the packets behind it.
  const int count = recvmmsg(fd, received_.data(), capacity, MSG_DONTWAIT, nullptr);
  return count > 0 ? static_cast<unsigned>(count) : 0;
}

void PacketBatch::prepareSend(const SocketAddress& destination) {
  destination_ = destination;
  for (unsigned n = 0; n < keptCount_; ++n) {
    sendVectors_[n] = iovec{bytes_[kept_[n]].data(), received_[kept_[n]].msg_len};
    outgoing_[n].msg_hdr.msg_namelen = destination.length();
  }
}

}  // namespace campanile
