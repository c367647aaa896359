// The open planes by number, so that a worker thread finds the plane that the main thread opened.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "plane.h"

namespace campanile {

class PlaneRegistry {
 public:
  /** Lives to the end of the process: packet threads must not see it destroyed at exit. */
  static PlaneRegistry& instance() {
    static auto* const registry = new PlaneRegistry();
    return *registry;
  }

  std::uint32_t add(std::shared_ptr<Plane> plane) {
    const std::lock_guard<std::mutex> guard(mutex_);
    planes_.emplace(++lastId_, std::move(plane));
    return lastId_;
  }

  std::shared_ptr<Plane> find(std::uint32_t id) {
    const std::lock_guard<std::mutex> guard(mutex_);
    const auto found = planes_.find(id);
    return found == planes_.end() ? nullptr : found->second;
  }

  /** The plane is closed when its last user lets go, outside the lock. */
  std::shared_ptr<Plane> remove(std::uint32_t id) {
    const std::lock_guard<std::mutex> guard(mutex_);
    const auto found = planes_.find(id);
    if (found == planes_.end()) {
      return nullptr;
    }
    std::shared_ptr<Plane> plane = std::move(found->second);
    planes_.erase(found);
    return plane;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::uint32_t, std::shared_ptr<Plane>> planes_;
  std::uint32_t lastId_ = 0;
};

}  // namespace campanile
