#include "plane.h"

#include <algorithm>
#include <cerrno>

namespace campanile {

namespace {

/** Ports that other programs took are passed over, but not without end on the call's path. */
constexpr int bindAttempts = 32;

}  // namespace

Plane::Plane(const Options& options) : options_(options), thread_(options.learningWindow) {}

Plane::~Plane() {
  thread_.stop();
  for (const auto& slot : slots_) {
    if (slot != nullptr) {
      slot->endpoint.sockets.close();
    }
  }
}

std::optional<Plane::Opened> Plane::open(const SocketAddress& address, OpenFailure& failure) {
  const std::lock_guard<std::mutex> guard(mutex_);
  LocalAddress& at = local(address);
  const auto pair = takePair(at, failure);
  if (!pair) {
    forgetIfUnknown(at, failure);
    return std::nullopt;
  }
  at.pool.countTaken();
  const std::uint32_t index = at.firstIndex + *pair;
  Slot& opened = slot(index);
  opened.isOpen = true;
  ++opened.generation;
  thread_.put(command::Open{&opened.endpoint, opened.generation});
  return Opened{EndpointHandle{index, opened.generation}, at.pool.port(*pair)};
}

bool Plane::close(EndpointHandle handle) {
  Endpoint* const endpoint = find(handle);
  if (endpoint == nullptr) {
    return false;
  }
  const std::lock_guard<std::mutex> guard(mutex_);
  slot(handle.index).isOpen = false;
  thread_.put(command::Close{endpoint});
  const std::uint32_t pairs = options_.ports.pairs();
  LocalAddress& at = *locals_[handle.index / pairs];
  const auto surplus = at.pool.release(handle.index % pairs, monotonicNow());
  if (surplus) {
    // Commands keep their order, so the pair may be bound anew before the thread has closed it; the
    // kernel then refuses the port and another is tried.
    thread_.put(command::Unbind{&slot(at.firstIndex + *surplus).endpoint});
    at.pool.giveBackUnbound(*surplus);
  }
  return true;
}

Endpoint* Plane::find(EndpointHandle handle) {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (handle.index >= slots_.size() || slots_[handle.index] == nullptr) {
    return nullptr;
  }
  Slot& found = *slots_[handle.index];
  return found.isOpen && found.generation == handle.generation ? &found.endpoint : nullptr;
}

Plane::PortUsage Plane::portUsage() {
  const std::lock_guard<std::mutex> guard(mutex_);
  PortUsage usage{0, 0};
  for (const auto& at : locals_) {
    usage.used += 2 * at->pool.inUse();
    usage.total += 2 * at->pool.total();
  }
  if (locals_.empty()) {
    usage.total = 2 * options_.ports.pairs();
  }
  return usage;
}

Plane::LocalAddress& Plane::local(const SocketAddress& address) {
  for (const auto& known : locals_) {
    if (known->address.isSameHost(address)) {
      return *known;
    }
  }
  const auto firstIndex = static_cast<std::uint32_t>(slots_.size());
  slots_.resize(slots_.size() + options_.ports.pairs());
  locals_.push_back(std::make_unique<LocalAddress>(
      LocalAddress{address, PortPool(options_.ports, options_.quarantine, random_), firstIndex}));
  return *locals_.back();
}

std::optional<std::uint32_t> Plane::takePair(LocalAddress& local, OpenFailure& failure) {
  if (const auto rested = local.pool.takeRested(monotonicNow())) {
    return rested;
  }
  if (const auto bound = bindPair(local, failure)) {
    return bound;
  }
  return failure == OpenFailure::badAddress ? std::nullopt : local.pool.takeResting();
}

std::optional<std::uint32_t> Plane::bindPair(LocalAddress& local, OpenFailure& failure) {
  failure = OpenFailure::noPorts;
  std::vector<std::uint32_t> refused;
  std::optional<std::uint32_t> bound;
  errno = 0;  // Stays so when the range has no unbound pair.
  while (!bound && refused.size() < bindAttempts) {
    const auto pair = local.pool.takeUnbound();
    if (!pair) {
      break;
    }
    const MediaSockets sockets = bindMediaSockets(local.address, local.pool.port(*pair), options_.dscp);
    if (sockets.areOpen() && adopt(sockets, slot(local.firstIndex + *pair).endpoint)) {
      bound = pair;
      break;
    }
    refused.push_back(*pair);
    if (errno != EADDRINUSE) {
      failure = errno == EADDRNOTAVAIL ? OpenFailure::badAddress : OpenFailure::noPorts;
      break;
    }
  }
  const int reason = errno;
  for (const std::uint32_t pair : refused) {
    local.pool.giveBackUnbound(pair);
  }
  errno = reason;
  return bound;
}

bool Plane::adopt(const MediaSockets& sockets, Endpoint& endpoint) {
  thread_.put(command::Bind{&endpoint, sockets});
  if (thread_.watch(endpoint, sockets)) {
    return true;
  }
  const int reason = errno;
  thread_.put(command::Unbind{&endpoint});
  errno = reason;
  return false;
}

/** A mistyped address must not stay as a pool of ports nobody can bind. */
void Plane::forgetIfUnknown(const LocalAddress& local, OpenFailure failure) {
  const bool isNewest = locals_.back().get() == &local;
  const bool wasNeverUsed = std::all_of(slots_.begin() + local.firstIndex, slots_.end(),
                                        [](const auto& slot) { return slot == nullptr; });
  if (failure == OpenFailure::badAddress && isNewest && wasNeverUsed) {
    slots_.resize(local.firstIndex);
    locals_.pop_back();
  }
}

Plane::Slot& Plane::slot(std::uint32_t index) {
  if (slots_[index] == nullptr) {
    slots_[index] = std::make_unique<Slot>();
  }
  return *slots_[index];
}

}  // namespace campanile
