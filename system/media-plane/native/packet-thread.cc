#include "packet-thread.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>

namespace campanile {

namespace {

// What an epoll event stands for: one of these two, or an endpoint's address whose lowest bit
// tells RTCP from RTP.
constexpr std::uint64_t wakeTag = 0;
constexpr std::uint64_t tickTag = 2;
constexpr std::uint64_t rtcpBit = 1;

constexpr int eventsPerWait = 64;

std::uint64_t toTag(const Endpoint& endpoint) { return reinterpret_cast<std::uintptr_t>(&endpoint); }

Endpoint& toEndpoint(std::uint64_t tag) { return *reinterpret_cast<Endpoint*>(tag & ~rtcpBit); }

bool watchFd(int epollFd, int fd, std::uint64_t tag) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = tag;
  return epoll_ctl(epollFd, EPOLL_CTL_ADD, fd, &event) == 0;
}

/**
 * Tells once of what arrives from now on, and of what waits when this is called (again). A socket that
 * epoll tells of until it is empty costs epoll a second look per packet.
 */
bool watchRtp(int epollFd, int operation, const Endpoint& endpoint, int fd) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  event.data.u64 = toTag(endpoint);
  return epoll_ctl(epollFd, operation, fd, &event) == 0;
}

void sleepUntil(Nanoseconds moment) {
  const timespec at{moment / nanosecondsPerSecond, moment % nanosecondsPerSecond};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr);
}

void clearCounter(int fd) {
  std::uint64_t count = 0;
  // Nothing depends on the count; a failed read only means another wake-up.
  [[maybe_unused]] const ssize_t size = read(fd, &count, sizeof count);
}

/** A connected socket takes no packet of a new source: none would bring this command to the thread. */
bool endsConnection(const command::Any& any) {
  if (const auto* close = std::get_if<command::Close>(&any)) {
    return close->endpoint->isRtpConnected;
  }
  const auto* setRemote = std::get_if<command::SetRemote>(&any);
  return setRemote != nullptr && setRemote->endpoint->isRtpConnected;
}

/** Voice before call set-up, where the system lets us. */
void raisePriority() {
  constexpr int niceness = -10;
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), niceness);
}

}  // namespace

PacketThread::PacketThread(Nanoseconds learningWindow) : learningWindow_(learningWindow) {}

PacketThread::~PacketThread() {
  stop();
  if (wakeFd_ >= 0) {
    close(wakeFd_);
  }
  if (epollFd_ >= 0) {
    close(epollFd_);
  }
}

bool PacketThread::start() {
  epollFd_ = epoll_create1(EPOLL_CLOEXEC);
  wakeFd_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (epollFd_ < 0 || wakeFd_ < 0 || !ticker_.open() || !watchFd(epollFd_, wakeFd_, wakeTag) ||
      !watchFd(epollFd_, ticker_.timerFd(), tickTag)) {
    return false;
  }
  // Signals belong to Node's threads.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "media-packets");
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return true;
}

void PacketThread::stop() {
  if (!thread_.joinable()) {
    return;
  }
  isStopping_.store(true, std::memory_order_release);
  wake();
  thread_.join();
  applyCommands();
}

void PacketThread::put(const command::Any& command) {
  if (commands_.put(command) || endsConnection(command)) {
    wake();
  }
}

void PacketThread::putAndWake(const command::Any& command) {
  commands_.put(command);
  wake();
}

bool PacketThread::watch(const Endpoint& endpoint, const MediaSockets& sockets) {
  return watchRtp(epollFd_, EPOLL_CTL_ADD, endpoint, sockets.rtp) &&
         watchFd(epollFd_, sockets.rtcp, toTag(endpoint) | rtcpBit);
}

void PacketThread::wake() {
  const std::uint64_t one = 1;
  // A full counter means that a wake-up is under way already.
  [[maybe_unused]] const ssize_t size = write(wakeFd_, &one, sizeof one);
}

void PacketThread::run() {
  raisePriority();
  epoll_event events[eventsPerWait];
  int count = 0;
  while (!isStopping_.load(std::memory_order_acquire)) {
    if (pace_.gathers() && count < eventsPerWait) {
      sleepUntil(Pace::nextLook(monotonicNow()));
    }
    count = epoll_wait(epollFd_, events, eventsPerWait, -1);
    applyCommands();
    const Nanoseconds now = monotonicNow();
    for (int n = 0; n < count; ++n) {
      // Memory is slow to come; the next endpoint's is wanted while this one's packet is read.
      if (n + 1 < count && events[n + 1].data.u64 > tickTag) {
        toEndpoint(events[n + 1].data.u64).prefetch();
      }
      handle(events[n].data.u64, now);
    }
    relay_.sendRtp();
    pace_.count(count > 0 ? static_cast<unsigned>(count) : 0, now);
    // Whoever put a command before a socket was connected in this round did not wake the thread.
    applyCommands();
  }
}

void PacketThread::handle(std::uint64_t tag, Nanoseconds now) {
  if (tag == wakeTag) {
    clearCounter(wakeFd_);
    return;
  }
  if (tag == tickTag) {
    ticker_.tick(now);
    return;
  }
  Endpoint& endpoint = toEndpoint(tag);
  if ((tag & rtcpBit) != 0) {
    relay_.receiveRtcp(endpoint, now);
  } else if (!relay_.receiveRtp(endpoint, now, pace_.gathers())) {
    watchRtp(epollFd_, EPOLL_CTL_MOD, endpoint, endpoint.sockets.rtp);
  }
}

void PacketThread::applyCommands() {
  if (!commands_.take(taken_)) {
    return;
  }
  for (const command::Any& any : taken_) {
    std::visit([this](const auto& command) { apply(command); }, any);
  }
  taken_.clear();
}

void PacketThread::apply(const command::Bind& bind) { bind.endpoint->sockets = bind.sockets; }

// Closing also takes the sockets out of the epoll set. An event of them that was already fetched
// finds descriptor -1 and reads nothing.
void PacketThread::apply(const command::Unbind& unbind) { unbind.endpoint->sockets.close(); }

void PacketThread::apply(const command::Open& open) { open.endpoint->open(open.generation); }

void PacketThread::apply(const command::Close& close) {
  ticker_.remove(*close.endpoint);
  if (!close.endpoint->cadence.looksOn()) {
    relay_.discardRtp(*close.endpoint);
  }
  close.endpoint->close();
}

void PacketThread::apply(const command::SetRemote& setRemote) {
  Endpoint& endpoint = *setRemote.endpoint;
  // The old form of hold names no address; the phone is still where it was.
  endpoint.isMuted = setRemote.rtp.isUnspecified() || setRemote.rtp.port() == 0;
  if (endpoint.isMuted) {
    return;
  }
  if (setRemote.rtcp != endpoint.signalledRtcp) {
    endpoint.signalledRtcp = setRemote.rtcp;
    endpoint.lockedRtcp = SocketAddress();
  }
  endpoint.disconnectRtp();
  endpoint.rtpSource.signal(setRemote.rtp, setRemote.signallingHost, monotonicNow(), learningWindow_);
}

void PacketThread::apply(const command::SetDirection& setDirection) {
  setDirection.endpoint->sends = setDirection.sends;
  setDirection.endpoint->receives = setDirection.receives;
}

void PacketThread::apply(const command::SetPayloadTypes& setPayloadTypes) {
  setPayloadTypes.endpoint->payloadTypes = setPayloadTypes.map;
}

void PacketThread::apply(const command::Join& join) {
  ticker_.remove(*join.endpoint);
  ticker_.remove(*join.other);
  join.endpoint->join(*join.other);
  const Nanoseconds now = monotonicNow();
  join.endpoint->rtpSource.reopen(now, learningWindow_);
  join.other->rtpSource.reopen(now, learningWindow_);
}

void PacketThread::apply(const command::Attach& attach) {
  Endpoint& endpoint = *attach.endpoint;
  ticker_.remove(endpoint);
  endpoint.detach();
  endpoint.rtpSource.reopen(monotonicNow(), learningWindow_);
  ticker_.add(endpoint, ServiceRequest{attach.service, attach.codec, attach.payloadType, attach.eventPayloadType});
}

void PacketThread::apply(const command::Detach& detach) {
  ticker_.remove(*detach.endpoint);
  detach.endpoint->detach();
}

}  // namespace campanile
