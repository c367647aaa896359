#include "port-pool.h"

#include <utility>

namespace campanile {

PortPool::PortPool(PortRange range, Nanoseconds quarantine, Random& random)
    : range_(range), quarantine_(quarantine), random_(random) {
  unbound_.reserve(range.pairs());
  for (std::uint32_t pair = 0; pair < range.pairs(); ++pair) {
    unbound_.push_back(pair);
  }
}

std::optional<std::uint32_t> PortPool::takeRested(Nanoseconds now) {
  if (idle_.empty() || now - idle_.front().releasedAt < quarantine_) {
    return std::nullopt;
  }
  return takeResting();
}

std::optional<std::uint32_t> PortPool::takeResting() {
  if (idle_.empty()) {
    return std::nullopt;
  }
  const std::uint32_t pair = idle_.front().pair;
  idle_.pop_front();
  return pair;
}

std::optional<std::uint32_t> PortPool::takeUnbound() {
  if (unbound_.empty()) {
    return std::nullopt;
  }
  std::swap(unbound_[random_.below(static_cast<std::uint32_t>(unbound_.size()))], unbound_.back());
  const std::uint32_t pair = unbound_.back();
  unbound_.pop_back();
  return pair;
}

std::optional<std::uint32_t> PortPool::release(std::uint32_t pair, Nanoseconds now) {
  --inUse_;
  idle_.push_back(Idle{pair, now});
  if (idle_.size() <= maxIdle) {
    return std::nullopt;
  }
  return takeResting();
}

}  // namespace campanile
