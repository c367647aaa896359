// Which source of RTP an endpoint believes (design rule 7): learned once, then locked. Anybody on
// the network may send to an open media port, so whoever is believed first would hear and feed the
// call. The rule is pure: state, packet and time come in, a verdict comes out.
//
//   a packet comes from                  while the window is open        after it closed unlearned
//   the signalled address and port       lock at once                    lock at once
//   the signalled host, another port     lock at its 2nd packet in       the same: NAT keeps the
//                                        sequence                        host and changes the port
//   the host that signalling came from   the same: behind NAT, what SDP names is often an address
//                                        that nobody here can know
//   another host                         lock once it has kept sending   refused
//                                        for `settle` in sequence and
//                                        nobody better came
//
// Another host is only believed for want of a better one: it may be a gateway, or a stranger who was
// faster than the phone. It makes room for the host that signalling came from, and both for the signalled
// host, at any time and by the same rules; the lock on the signalled host is final.
//
// Refused packets are strangers. Nothing is relayed before the lock. The window opens when the
// remote side is signalled; joining an endpoint that has learned nothing opens it again, because
// the phone of a caller may send its first packet only when the call is answered.
//
// When the same remote side is signalled again (a re-INVITE that only refreshes), the source
// learned before counts as signalled too: an attacker gains nothing, a moved phone is found again.
#pragma once

#include <cstdint>

#include "monotonic-clock.h"
#include "socket-address.h"

namespace campanile {

enum class SourceVerdict : std::uint8_t {
  /** From the locked source (maybe locked by this very packet). */
  accepted,
  /** May become the source, but is not believed yet. */
  candidate,
  stranger,
};

struct SourcePacket {
  const SocketAddress& source;
  std::uint32_t ssrc;
  std::uint16_t sequence;
};

class SourceLock {
 public:
  /** How long another host must keep sending before it is believed. */
  static constexpr Nanoseconds settle = 200 * nanosecondsPerMillisecond;

  /** A new RTP session: nothing is known, everything is refused. */
  void reset();
  /**
   * Opens the window and forgets the lock. An absent remote address refuses everything. The port of
   * `signallingHost` says nothing; absent: only the remote address is known.
   */
  void signal(const SocketAddress& remote, const SocketAddress& signallingHost, Nanoseconds now,
              Nanoseconds window);
  /** Opens the window again if nothing was learned yet. */
  void reopen(Nanoseconds now, Nanoseconds window);
  SourceVerdict judge(const SourcePacket& packet, Nanoseconds now);

  bool isLocked() const { return locked_.isPresent(); }
  /** Locked on the signalled host: nothing but new signalling changes that. */
  bool isFinal() const { return isLocked() && locked_.isSameHost(signalled_); }
  const SocketAddress& locked() const { return locked_; }
  const SocketAddress& signalled() const { return signalled_; }
  /** Where packets to the peer go: the learned source, until then the signalled address. */
  const SocketAddress& destination() const {
    if (isLocked()) {
      return locked_;
    }
    return formerlyLocked_.isPresent() ? formerlyLocked_ : signalled_;
  }

 private:
  enum class Rank : std::uint8_t { none, otherHost, signallingHost, signalledHost };

  struct Candidate {
    SocketAddress source;
    Rank rank = Rank::none;
    std::uint32_t ssrc = 0;
    std::uint16_t sequence = 0;
    Nanoseconds firstAt = 0;
    Nanoseconds lastAt = 0;
  };

  Rank rankOf(const SocketAddress& source) const;
  SourceVerdict lock(const SocketAddress& source);
  SourceVerdict nominate(const SourcePacket& packet, Rank rank, Nanoseconds now);

  SocketAddress signalled_;
  SocketAddress signallingHost_;
  SocketAddress formerlyLocked_;
  SocketAddress locked_;
  Candidate candidate_;
  Nanoseconds windowEndsAt_ = 0;
};

/**
 * The rule for RTCP, which comes from another port of the same phone: the signalled address, or
 * any port of the host that RTP is locked to; the first one is kept for as long as that is so.
 */
bool acceptRtcpSource(const SocketAddress& source, const SourceLock& rtp,
                      const SocketAddress& signalledRtcp, SocketAddress& lockedRtcp);

}  // namespace campanile
