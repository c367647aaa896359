// An IPv4 or IPv6 address with a port, as the kernel wants it.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>

namespace campanile {

struct SocketAddress {
  union {
    sockaddr generic;
    sockaddr_in v4;
    sockaddr_in6 v6;
  };

  /** No address: family AF_UNSPEC. */
  SocketAddress();

  /** Numeric IPv4 or IPv6 without brackets; an IPv4-mapped one becomes IPv4. Names are refused. */
  static std::optional<SocketAddress> parse(const char* text, std::uint16_t port);

  bool isPresent() const { return generic.sa_family != AF_UNSPEC; }
  int family() const { return generic.sa_family; }
  socklen_t length() const;
  std::uint16_t port() const;
  void setPort(std::uint16_t port);

  bool isSameHost(const SocketAddress& other) const;
  /** 0.0.0.0 or ::. In SDP it means "send nothing" (RFC 3264 §8.4, the old form of hold). */
  bool isUnspecified() const;
  bool isMulticastOrBroadcast() const;

  friend bool operator==(const SocketAddress& left, const SocketAddress& right) {
    return left.isSameHost(right) && left.port() == right.port();
  }
  friend bool operator!=(const SocketAddress& left, const SocketAddress& right) {
    return !(left == right);
  }
};

}  // namespace campanile
