// Commands on their way to the packet thread. Putting one does not wake the thread: the next
// packet does, and the commands come before it. That saves a system call and a switch of threads
// per command. Only a command that must act without any packet, and a queue that has grown long
// while nothing arrives, wake the thread. The flag is sequentially consistent, as
// `Endpoint::isRtpConnected` is: of "command put" and "socket connected", one side sees the other's.
#pragma once

#include <atomic>
#include <mutex>
#include <vector>

#include "command.h"

namespace campanile {

class CommandQueue {
 public:
  /** Returns whether the thread should be woken because the queue has grown. */
  bool put(const command::Any& command) {
    const std::lock_guard<std::mutex> guard(mutex_);
    waiting_.push_back(command);
    isFilled_.store(true);
    return waiting_.size() % longQueue == 0;
  }

  /** Moves everything that waits into `taken`, which must be empty; keeps both vectors' memory. */
  bool take(std::vector<command::Any>& taken) {
    if (!isFilled_.load()) {
      return false;
    }
    const std::lock_guard<std::mutex> guard(mutex_);
    taken.swap(waiting_);
    isFilled_.store(false, std::memory_order_release);
    return true;
  }

 private:
  static constexpr std::size_t longQueue = 256;

  std::mutex mutex_;
  std::vector<command::Any> waiting_;
  std::atomic<bool> isFilled_{false};
};

}  // namespace campanile
