// The 20 ms beat of all endpoints that end in the PBX: sends what the media worker made of the last
// tick, gathers what arrived since, and hands the batch to the worker. Without such endpoints there
// is no beat.
//
// A worker that has not finished when the next tick comes (or is being restarted) misses it: its
// ports send nothing for that tick and what they received is dropped, so delay never builds up.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "endpoint.h"
#include "random.h"
#include "service-exchange.h"
#include "service-port.h"

namespace campanile {

class ServiceTicker {
 public:
  /** Endpoints served at once; further ones stay silent. */
  static constexpr std::uint32_t capacity = 2048;

  ~ServiceTicker();

  /** False: no timer, see errno. */
  bool open();
  int timerFd() const { return timerFd_; }

  // Packet thread:
  void add(Endpoint& endpoint, const ServiceRequest& request);
  /** Does nothing for an endpoint without a service. */
  void remove(Endpoint& endpoint);
  void tick(Nanoseconds now);

  // Any thread:
  /** The worker's memory from now on; nullptr when there is no worker. */
  void connect(std::shared_ptr<ServiceExchange> exchange);
  /** Forgets this worker, unless another has come already. */
  void disconnect(const ServiceExchange* exchange);
  std::uint64_t missedTicks() const { return missedTicks_.load(std::memory_order_relaxed); }
  std::uint32_t ports() const { return ports_.load(std::memory_order_relaxed); }

 private:
  std::shared_ptr<ServiceExchange> exchange();
  std::uint32_t takeExpirations() const;
  void setTimer(bool isRunning) const;
  void skip(std::uint32_t ticks);
  void send(ServiceExchange& exchange, Nanoseconds now);
  void fill(ServiceExchange& exchange);

  int timerFd_ = -1;
  Random random_;
  /** By record of the exchange; nullptr where nobody is. */
  std::vector<Endpoint*> endpoints_;
  std::int32_t lastGeneration_ = 0;
  std::atomic<std::uint32_t> ports_{0};
  std::atomic<std::uint64_t> missedTicks_{0};
  std::mutex mutex_;
  std::shared_ptr<ServiceExchange> exchange_;
};

}  // namespace campanile
