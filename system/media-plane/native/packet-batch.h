// Memory for the packets of one round. Every socket that has something is read first, then
// everything is sent: going through one path of the kernel many times in a row costs less than
// going to and fro between two, as code and data of each stay near the processor. There is one
// system call per packet: recvmmsg and sendmmsg are for many packets of one socket, and a telephone
// stream has one every 20 ms.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "socket-address.h"

namespace campanile {

struct Endpoint;

struct Datagram {
  std::uint8_t* bytes;
  std::size_t sizeBytes;
};

class PacketBatch {
 public:
  static constexpr unsigned capacity = 64;
  /** Above any Ethernet frame; a longer datagram is refused. */
  static constexpr std::size_t datagramBytes = 2048;

  bool isFull() const { return count_ == capacity; }

  enum class Outcome : std::uint8_t {
    received,
    /** Too long a datagram, or the report that one we sent was not wanted (ICMP); others may wait behind. */
    refused,
    /** Nothing waits, or the socket is closed. */
    nothing,
  };

  /**
   * Reads one datagram into memory that the next read uses again unless `keep` comes in between. Where
   * it came from is written to `source`, if that is given. The batch must not be full.
   */
  Outcome receive(int fd, SocketAddress* source);
  Datagram received() { return {bytes_[count_].data(), receivedBytes_}; }

  /** Puts what was received last on the list of what is to be sent to the phone of `to`. */
  void keep(Endpoint& to) { kept_[count_++] = Kept{&to, receivedBytes_}; }

  /** Calls `send` with each endpoint and datagram in order, and empties the list. */
  template <typename Send>
  void sendAll(Send&& send) {
    for (unsigned n = 0; n < count_; ++n) {
      send(*kept_[n].to, Datagram{bytes_[n].data(), kept_[n].sizeBytes});
    }
    count_ = 0;
  }

 private:
  struct Kept {
    Endpoint* to;
    std::size_t sizeBytes;
  };

  std::array<std::array<std::uint8_t, datagramBytes>, capacity> bytes_;
  std::array<Kept, capacity> kept_;
  unsigned count_ = 0;
  std::size_t receivedBytes_ = 0;
};

/** False when the kernel refuses it (full buffer, no route): dropped, as the network might have. */
bool sendDatagram(int fd, const Datagram& datagram, const SocketAddress& destination);
/** The same to whom the socket is connected with. */
bool sendDatagram(int fd, const Datagram& datagram);

}  // namespace campanile
