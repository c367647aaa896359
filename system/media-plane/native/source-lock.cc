#include "source-lock.h"

namespace campanile {

namespace {

/** RFC 3550 §A.1 puts a source on probation too; a gap of a few lost packets is still one stream. */
bool continues(std::uint16_t sequence, std::uint16_t previous) {
  const auto step = static_cast<std::uint16_t>(sequence - previous);
  return step >= 1 && step <= 16;
}

}  // namespace

void SourceLock::reset() { *this = SourceLock(); }

void SourceLock::signal(const SocketAddress& remote, const SocketAddress& signallingHost,
                        Nanoseconds now, Nanoseconds window) {
  if (remote != signalled_) {
    formerlyLocked_ = SocketAddress();
  } else if (isLocked()) {
    formerlyLocked_ = locked_;
  }
  signalled_ = remote;
  signallingHost_ = signallingHost;
  locked_ = SocketAddress();
  candidate_ = Candidate();
  windowEndsAt_ = now + window;
}

void SourceLock::reopen(Nanoseconds now, Nanoseconds window) {
  if (!isLocked() && signalled_.isPresent()) {
    windowEndsAt_ = now + window;
  }
}

SourceVerdict SourceLock::judge(const SourcePacket& packet, Nanoseconds now) {
  if (isLocked()) {
    if (packet.source == locked_) {
      return SourceVerdict::accepted;
    }
    if (isFinal()) {
      return SourceVerdict::stranger;
    }
  }
  if (!signalled_.isPresent()) {
    return SourceVerdict::stranger;
  }
  if (packet.source == signalled_ || (!isLocked() && packet.source == formerlyLocked_)) {
    return lock(packet.source);
  }
  const Rank rank = rankOf(packet.source);
  const bool isTooLate = rank == Rank::otherHost && now >= windowEndsAt_;
  if (isTooLate || (isLocked() && rank <= rankOf(locked_))) {
    return SourceVerdict::stranger;
  }
  return nominate(packet, rank, now);
}

SourceLock::Rank SourceLock::rankOf(const SocketAddress& source) const {
  if (source.isSameHost(signalled_)) {
    return Rank::signalledHost;
  }
  return source.isSameHost(signallingHost_) ? Rank::signallingHost : Rank::otherHost;
}

SourceVerdict SourceLock::lock(const SocketAddress& source) {
  locked_ = source;
  return SourceVerdict::accepted;
}

SourceVerdict SourceLock::nominate(const SourcePacket& packet, Rank rank, Nanoseconds now) {
  const bool isCandidate = candidate_.rank != Rank::none && packet.source == candidate_.source;
  if (!isCandidate) {
    const bool isBetter = rank > candidate_.rank;
    const bool candidateFellSilent = now - candidate_.lastAt > settle;
    if (!isBetter && !candidateFellSilent) {
      return SourceVerdict::stranger;
    }
  }
  if (!isCandidate || packet.ssrc != candidate_.ssrc ||
      !continues(packet.sequence, candidate_.sequence)) {
    candidate_ = Candidate{packet.source, rank, packet.ssrc, packet.sequence, now, now};
    return SourceVerdict::candidate;
  }
  candidate_.sequence = packet.sequence;
  candidate_.lastAt = now;
  if (rank > Rank::otherHost || now - candidate_.firstAt >= settle) {
    return lock(packet.source);
  }
  return SourceVerdict::candidate;
}

bool acceptRtcpSource(const SocketAddress& source, const SourceLock& rtp,
                      const SocketAddress& signalledRtcp, SocketAddress& lockedRtcp) {
  const bool isLeftBehind =
      rtp.isLocked() && !lockedRtcp.isSameHost(rtp.locked()) && lockedRtcp != signalledRtcp;
  if (lockedRtcp.isPresent() && !isLeftBehind) {
    return source == lockedRtcp;
  }
  const bool fromLockedHost = rtp.isLocked() && source.isSameHost(rtp.locked());
  if (!fromLockedHost && source != signalledRtcp) {
    return false;
  }
  lockedRtcp = source;
  return true;
}

}  // namespace campanile
