// The thread that moves packets: waits with epoll, applies commands, then reads, rewrites and sends
// batch by batch. It never throws, never waits for anybody, and knows nothing of JavaScript.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

#include "command-queue.h"
#include "monotonic-clock.h"
#include "pace.h"
#include "relay.h"
#include "service-ticker.h"

namespace campanile {


class PacketThread {
 public:
  explicit PacketThread(Nanoseconds learningWindow);
  ~PacketThread();

  /** False when the kernel refused what the thread needs; see errno. */
  bool start();
  /** Idempotent; waits until the thread has ended. Commands that still waited are applied. */
  void stop();

  // From the control thread:
  void put(const command::Any& command);
  /** The same, and acts on it at once instead of with the next packet. */
  void putAndWake(const command::Any& command);
  /** Adds new sockets to what the thread waits for. The thread must be told by `Bind` before. */
  bool watch(const Endpoint& endpoint, const MediaSockets& sockets);

  ServiceTicker& ticker() { return ticker_; }

 private:
  void run();
  /** One event. */
  void handle(std::uint64_t tag, Nanoseconds now);
  void wake();
  void applyCommands();

  void apply(const command::Bind& bind);
  void apply(const command::Unbind& unbind);
  void apply(const command::Open& open);
  void apply(const command::Close& close);
  void apply(const command::SetRemote& setRemote);
  void apply(const command::SetDirection& setDirection);
  void apply(const command::SetPayloadTypes& setPayloadTypes);
  void apply(const command::Join& join);
  void apply(const command::Attach& attach);
  void apply(const command::Detach& detach);

  const Nanoseconds learningWindow_;
  CommandQueue commands_;
  std::vector<command::Any> taken_;
  Relay relay_;
  Pace pace_;
  ServiceTicker ticker_;
  int epollFd_ = -1;
  int wakeFd_ = -1;
  std::atomic<bool> isStopping_{false};
  std::thread thread_;
};

}  // namespace campanile
