#include "socket-address.h"

#include <arpa/inet.h>

#include <cstring>

namespace campanile {

SocketAddress::SocketAddress() {
  std::memset(&v6, 0, sizeof v6);
  generic.sa_family = AF_UNSPEC;
}

std::optional<SocketAddress> SocketAddress::parse(const char* text, std::uint16_t port) {
  SocketAddress address;
  if (inet_pton(AF_INET, text, &address.v4.sin_addr) == 1) {
    address.v4.sin_family = AF_INET;
    address.v4.sin_port = htons(port);
    return address;
  }
  in6_addr host{};
  if (inet_pton(AF_INET6, text, &host) != 1) {
    return std::nullopt;
  }
  if (IN6_IS_ADDR_V4MAPPED(&host)) {
    address.v4.sin_family = AF_INET;
    address.v4.sin_port = htons(port);
    std::memcpy(&address.v4.sin_addr, host.s6_addr + 12, 4);
    return address;
  }
  address.v6.sin6_family = AF_INET6;
  address.v6.sin6_port = htons(port);
  address.v6.sin6_addr = host;
  return address;
}

socklen_t SocketAddress::length() const {
  return family() == AF_INET ? sizeof v4 : sizeof v6;
}

std::uint16_t SocketAddress::port() const {
  return ntohs(family() == AF_INET ? v4.sin_port : v6.sin6_port);
}

void SocketAddress::setPort(std::uint16_t port) {
  if (family() == AF_INET) {
    v4.sin_port = htons(port);
  } else {
    v6.sin6_port = htons(port);
  }
}

bool SocketAddress::isSameHost(const SocketAddress& other) const {
  if (family() != other.family()) {
    return false;
  }
  if (family() == AF_INET) {
    return v4.sin_addr.s_addr == other.v4.sin_addr.s_addr;
  }
  return std::memcmp(&v6.sin6_addr, &other.v6.sin6_addr, sizeof v6.sin6_addr) == 0;
}

bool SocketAddress::isUnspecified() const {
  if (family() == AF_INET) {
    return v4.sin_addr.s_addr == INADDR_ANY;
  }
  return family() == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr);
}

bool SocketAddress::isMulticastOrBroadcast() const {
  if (family() == AF_INET) {
    return IN_MULTICAST(ntohl(v4.sin_addr.s_addr)) || v4.sin_addr.s_addr == INADDR_BROADCAST;
  }
  return family() == AF_INET6 && IN6_IS_ADDR_MULTICAST(&v6.sin6_addr);
}

}  // namespace campanile
