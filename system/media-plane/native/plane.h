// The control side of the media plane: opens and closes endpoints and passes their settings on to
// the packet thread. Its functions are cheap enough for the call plane's thread (no system call on
// the usual path) and may be called from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "endpoint.h"
#include "packet-thread.h"
#include "port-pool.h"
#include "random.h"

namespace campanile {

/** An opening of an endpoint. A handle outlives its endpoint harmlessly: it then finds nothing. */
struct EndpointHandle {
  std::uint32_t index;
  std::uint32_t generation;
};

enum class OpenFailure { noPorts, badAddress };

class Plane {
 public:
  struct Options {
    PortRange ports;
    int dscp;
    Nanoseconds quarantine;
    Nanoseconds learningWindow;
  };

  explicit Plane(const Options& options);
  /** Ends the packet thread and closes every socket. */
  ~Plane();

  bool start() { return thread_.start(); }

  struct Opened {
    EndpointHandle handle;
    std::uint16_t rtpPort;
  };
  /** On failure `failure` says which and errno why. */
  std::optional<Opened> open(const SocketAddress& address, OpenFailure& failure);
  /** False: the handle is of an endpoint that was closed. */
  bool close(EndpointHandle handle);

  /** The endpoint of a handle as a target for commands and a source of figures; nullptr when closed. */
  Endpoint* find(EndpointHandle handle);
  void put(const command::Any& command) { thread_.put(command); }
  void putAndWake(const command::Any& command) { thread_.putAndWake(command); }
  ServiceTicker& ticker() { return thread_.ticker(); }

  struct PortUsage {
    std::uint32_t used;
    std::uint32_t total;
  };
  PortUsage portUsage();

 private:
  /** A port pair of a local address. */
  struct Slot {
    Endpoint endpoint;
    std::uint32_t generation = 0;
    bool isOpen = false;
  };
  struct LocalAddress {
    SocketAddress address;
    PortPool pool;
    std::uint32_t firstIndex;
  };

  LocalAddress& local(const SocketAddress& address);
  std::optional<std::uint32_t> takePair(LocalAddress& local, OpenFailure& failure);
  std::optional<std::uint32_t> bindPair(LocalAddress& local, OpenFailure& failure);
  bool adopt(const MediaSockets& sockets, Endpoint& endpoint);
  void forgetIfUnknown(const LocalAddress& local, OpenFailure failure);
  Slot& slot(std::uint32_t index);

  const Options options_;
  Random random_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<LocalAddress>> locals_;
  /** Made when its port pair is bound first, then kept: the packet thread may hold its address. */
  std::vector<std::unique_ptr<Slot>> slots_;
  PacketThread thread_;
};

}  // namespace campanile
