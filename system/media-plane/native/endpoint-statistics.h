// The figures of one endpoint, written by the packet thread and read by the control thread at any
// moment. Each is an atomic with one writer: neither side ever waits for the other. Figures read
// together may be one packet apart, which is as exact as a moment on a running stream is.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

#include "monotonic-clock.h"

namespace campanile {

/** One writer: a plain load and store is enough, no locked instruction per packet. */
template <typename Value>
class Figure {
 public:
  explicit Figure(Value initial) : value_(initial) {}
  void set(Value value) { value_.store(value, std::memory_order_relaxed); }
  void add(Value step) { set(get() + step); }
  Value get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<Value> value_;
};

struct EndpointStatistics {
  static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

  /** Which opening of the endpoint the figures belong to; those of another one are not shown. */
  std::atomic<std::uint32_t> generation{0};

  Figure<std::uint64_t> packetsReceived{0};
  Figure<std::uint64_t> packetsSent{0};
  Figure<std::uint64_t> bytesReceived{0};
  Figure<std::uint64_t> bytesSent{0};
  Figure<std::uint64_t> packetsFromStrangers{0};
  Figure<double> packetsLost{unknown};
  Figure<double> jitterMs{unknown};
  Figure<double> remotePacketsLost{unknown};
  Figure<double> remoteJitterMs{unknown};
  Figure<double> roundTripMs{unknown};
  Figure<double> payloadType{unknown};
  /** 0: none ever came. */
  Figure<Nanoseconds> lastReceivedAt{0};

  void restart(std::uint32_t newGeneration) {
    packetsReceived.set(0);
    packetsSent.set(0);
    bytesReceived.set(0);
    bytesSent.set(0);
    packetsFromStrangers.set(0);
    packetsLost.set(unknown);
    jitterMs.set(unknown);
    remotePacketsLost.set(unknown);
    remoteJitterMs.set(unknown);
    roundTripMs.set(unknown);
    payloadType.set(unknown);
    lastReceivedAt.set(0);
    generation.store(newGeneration, std::memory_order_release);
  }
};

}  // namespace campanile
