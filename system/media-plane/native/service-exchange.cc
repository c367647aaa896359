#include "service-exchange.h"

namespace campanile {

ServiceExchange::ServiceExchange(std::uint32_t capacity)
    : capacity_(capacity), memory_(sizeof(Header) + capacity * sizeof(Record)) {}

void ServiceExchange::connect(napi_threadsafe_function function) {
  const std::lock_guard<std::mutex> guard(mutex_);
  function_ = function;
}

void ServiceExchange::handOver() {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (function_ == nullptr) {
    return;
  }
  isWithWorker_.store(true, std::memory_order_release);
  if (napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking) != napi_ok) {
    // Closing: the worker is on its way out and `disconnect` follows.
    isWithWorker_.store(false, std::memory_order_release);
  }
}

void ServiceExchange::disconnect() {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (function_ != nullptr) {
    napi_release_threadsafe_function(function_, napi_tsfn_abort);
    function_ = nullptr;
  }
}

}  // namespace campanile
