// What the control thread tells the packet thread. Commands are applied in order, always before a
// packet that arrived after they were given.
#pragma once

#include <cstdint>
#include <variant>

#include "endpoint.h"
#include "media-sockets.h"
#include "socket-address.h"

namespace campanile::command {

/** New sockets for the endpoint's port pair; they are in the epoll set already. */
struct Bind {
  Endpoint* endpoint;
  MediaSockets sockets;
};

/** Closes the sockets: the port pair is free for others. */
struct Unbind {
  Endpoint* endpoint;
};

struct Open {
  Endpoint* endpoint;
  std::uint32_t generation;
};

struct Close {
  Endpoint* endpoint;
};

struct SetRemote {
  Endpoint* endpoint;
  SocketAddress rtp;
  SocketAddress rtcp;
  /** Absent when unknown; its port says nothing. */
  SocketAddress signallingHost;
};

struct SetDirection {
  Endpoint* endpoint;
  bool sends;
  bool receives;
};

struct SetPayloadTypes {
  Endpoint* endpoint;
  PayloadTypeMap map;
};

struct Join {
  Endpoint* endpoint;
  Endpoint* other;
};

struct Attach {
  Endpoint* endpoint;
  std::int32_t service;
  std::int32_t codec;
  std::uint8_t payloadType;
  std::uint8_t eventPayloadType;
};

struct Detach {
  Endpoint* endpoint;
};

using Any = std::variant<Bind, Unbind, Open, Close, SetRemote, SetDirection, SetPayloadTypes, Join,
                         Attach, Detach>;

}  // namespace campanile::command
