// Memory for one system call's worth of datagrams: received, changed in place, sent. Many at once
// with recvmmsg and sendmmsg; but a telephone stream has one packet every 20 ms and seldom more
// waiting, and for one packet the plain calls are measurably cheaper.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "socket-address.h"

namespace campanile {

class PacketBatch {
 public:
  static constexpr unsigned capacity = 32;
  /** Above any Ethernet frame; a longer datagram is cut by the kernel and refused here. */
  static constexpr std::size_t datagramBytes = 2048;

  struct Datagram {
    std::uint8_t* bytes;
    std::size_t sizeBytes;
    const SocketAddress& source;
  };

  PacketBatch();

  /** Reads one datagram; 0 when there is none, or an error. */
  unsigned receiveOne(int fd);
  /** Reads what waits on the socket, at most `capacity`. */
  unsigned receiveMany(int fd);
  /** False for a datagram that was cut. */
  bool isWhole(unsigned index) const { return (received_[index].msg_hdr.msg_flags & MSG_TRUNC) == 0; }
  Datagram at(unsigned index) {
    return Datagram{bytes_[index].data(), received_[index].msg_len, sources_[index]};
  }

  /** Puts a datagram of this batch on the list of those to send. */
  void keep(unsigned index) { kept_[keptCount_++] = index; }
  unsigned keptCount() const { return keptCount_; }
  Datagram kept(unsigned position) { return at(kept_[position]); }

  /**
   * Sends the list in order; without a `destination` to the one that the socket is connected with. A
   * datagram the kernel refuses (full buffer, no route) is dropped, as the network might have.
   * `onSent` is called with the position of each that went out.
   */
  template <typename OnSent>
  void send(int fd, const SocketAddress* destination, OnSent&& onSent) {
    if (keptCount_ == 1) {
      if (sendOne(fd, destination)) {
        onSent(0);
      }
      return;
    }
    prepareSend(destination);
    for (unsigned first = 0; first < keptCount_;) {
      const int sent = sendmmsg(fd, &outgoing_[first], keptCount_ - first, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent <= 0) {
        ++first;
        continue;
      }
      for (int n = 0; n < sent; ++n) {
        onSent(first + static_cast<unsigned>(n));
      }
      first += static_cast<unsigned>(sent);
    }
  }

 private:
  bool sendOne(int fd, const SocketAddress* destination);
  void prepareSend(const SocketAddress* destination);

  std::array<std::array<std::uint8_t, datagramBytes>, capacity> bytes_;
  std::array<SocketAddress, capacity> sources_;
  std::array<iovec, capacity> receiveVectors_{};
  std::array<mmsghdr, capacity> received_{};
  std::array<unsigned, capacity> kept_{};
  unsigned keptCount_ = 0;
  SocketAddress destination_;
  std::array<iovec, capacity> sendVectors_{};
  std::array<mmsghdr, capacity> outgoing_{};
};

}  // namespace campanile
