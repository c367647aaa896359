// Which port pairs of one local address are free: bookkeeping only, sockets are bound elsewhere.
//
// A pair is unbound, in use, or idle: released, but its sockets stay bound for the next call, which
// then costs no system call. An idle pair rests for the quarantine, so that the last packets of an
// ended call do not fall into the next one; the oldest goes first. Only when the range has nothing
// else is a resting pair used before its time: a call with a small risk is better than no call.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "monotonic-clock.h"
#include "random.h"

namespace campanile {

struct PortRange {
  /** Both even; the RTCP port of the last pair is `last` + 1. */
  std::uint16_t first;
  std::uint16_t last;

  std::uint32_t pairs() const { return static_cast<std::uint32_t>(last - first) / 2 + 1; }
};

class PortPool {
 public:
  /** More idle pairs than this are unbound: after a burst they would only cost memory. */
  static constexpr std::size_t maxIdle = 2048;

  PortPool(PortRange range, Nanoseconds quarantine, Random& random);

  /** An idle pair that has rested. */
  std::optional<std::uint32_t> takeRested(Nanoseconds now);
  /** An idle pair that has not rested. */
  std::optional<std::uint32_t> takeResting();
  /** An unbound pair, at random, so that ports cannot be guessed. The caller binds it, or gives it back. */
  std::optional<std::uint32_t> takeUnbound();
  void giveBackUnbound(std::uint32_t pair) { unbound_.push_back(pair); }

  /** Ends the use of a pair. Returns another that must be unbound now (and has left the pool until given back). */
  std::optional<std::uint32_t> release(std::uint32_t pair, Nanoseconds now);

  std::uint16_t port(std::uint32_t pair) const {
    return static_cast<std::uint16_t>(range_.first + 2 * pair);
  }
  std::uint32_t inUse() const { return inUse_; }
  std::uint32_t total() const { return range_.pairs(); }
  void countTaken() { ++inUse_; }

 private:
  struct Idle {
    std::uint32_t pair;
    Nanoseconds releasedAt;
  };

  PortRange range_;
  Nanoseconds quarantine_;
  Random& random_;
  std::vector<std::uint32_t> unbound_;
  std::deque<Idle> idle_;
  std::uint32_t inUse_ = 0;
};

}  // namespace campanile
