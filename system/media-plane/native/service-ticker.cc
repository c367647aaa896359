#include "service-ticker.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>

namespace campanile {

namespace {

constexpr long tickNanoseconds = 20 * nanosecondsPerMillisecond;

}  // namespace

ServiceTicker::~ServiceTicker() {
  if (timerFd_ >= 0) {
    close(timerFd_);
  }
}

bool ServiceTicker::open() {
  timerFd_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  return timerFd_ >= 0;
}

void ServiceTicker::add(Endpoint& endpoint, const ServiceRequest& request) {
  auto place = std::find(endpoints_.begin(), endpoints_.end(), nullptr);
  if (place == endpoints_.end()) {
    if (endpoints_.size() >= capacity) {
      return;
    }
    endpoints_.push_back(nullptr);
    place = endpoints_.end() - 1;
  }
  *place = &endpoint;
  // 0 means nobody; the number only has to differ from the last one of the same record.
  lastGeneration_ = lastGeneration_ == INT32_MAX ? 1 : lastGeneration_ + 1;
  endpoint.service = std::make_unique<ServicePort>(
      request, static_cast<std::uint32_t>(place - endpoints_.begin()), lastGeneration_, random_);
  if (ports_.fetch_add(1, std::memory_order_relaxed) == 0) {
    setTimer(true);
  }
}

void ServiceTicker::remove(Endpoint& endpoint) {
  if (endpoint.service == nullptr) {
    return;
  }
  endpoints_[endpoint.service->index()] = nullptr;
  endpoint.service.reset();
  while (!endpoints_.empty() && endpoints_.back() == nullptr) {
    endpoints_.pop_back();
  }
  if (ports_.fetch_sub(1, std::memory_order_relaxed) == 1) {
    setTimer(false);
  }
}

void ServiceTicker::setTimer(bool isRunning) const {
  itimerspec timer{};
  if (isRunning) {
    timer.it_interval.tv_nsec = tickNanoseconds;
    timer.it_value.tv_nsec = tickNanoseconds;
  }
  timerfd_settime(timerFd_, 0, &timer, nullptr);
}

void ServiceTicker::tick(Nanoseconds now) {
  const std::uint32_t expirations = takeExpirations();
  if (expirations == 0) {
    return;
  }
  const std::shared_ptr<ServiceExchange> worker = exchange();
  if (worker == nullptr || !worker->isHere()) {
    skip(expirations);
    return;
  }
  if (expirations > 1) {
    skip(expirations - 1);
  }
  send(*worker, now);
  fill(*worker);
  worker->handOver();
}

std::uint32_t ServiceTicker::takeExpirations() const {
  std::uint64_t count = 0;
  if (read(timerFd_, &count, sizeof count) != sizeof count) {
    return 0;
  }
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(count, 1000));
}

void ServiceTicker::skip(std::uint32_t ticks) {
  missedTicks_.fetch_add(ticks, std::memory_order_relaxed);
  for (Endpoint* const endpoint : endpoints_) {
    if (endpoint != nullptr) {
      endpoint->service->skip(ticks);
    }
  }
}

void ServiceTicker::send(ServiceExchange& exchange, Nanoseconds now) {
  for (std::uint32_t index = 0; index < endpoints_.size(); ++index) {
    Endpoint* const endpoint = endpoints_[index];
    if (endpoint == nullptr) {
      continue;
    }
    ServicePort& port = *endpoint->service;
    ServiceExchange::Record& record = exchange.record(index);
    // The frame may still be one of the record's previous port.
    if (record.generation == port.generation() && record.isSending != 0) {
      port.send(*endpoint, record.outgoing, now);
    }
    port.advance();
    port.report(*endpoint, now);
  }
}

void ServiceTicker::fill(ServiceExchange& exchange) {
  const std::int32_t before = exchange.header().recordCount;
  exchange.header().recordCount = static_cast<std::int32_t>(endpoints_.size());
  for (std::uint32_t index = 0; index < endpoints_.size(); ++index) {
    ServiceExchange::Record& record = exchange.record(index);
    record.isSending = 0;
    if (endpoints_[index] == nullptr) {
      record.generation = 0;
      continue;
    }
    ServicePort& port = *endpoints_[index]->service;
    record.generation = port.generation();
    record.service = port.request().service;
    record.codec = port.request().codec;
    record.receivedSamples = static_cast<std::int32_t>(port.takeReceived(record.received));
  }
  // Records that are visited no more must not be taken for a port when they are visited again.
  for (std::int32_t index = exchange.header().recordCount; index < before; ++index) {
    exchange.record(static_cast<std::uint32_t>(index)).generation = 0;
  }
}

void ServiceTicker::connect(std::shared_ptr<ServiceExchange> exchange) {
  const std::lock_guard<std::mutex> guard(mutex_);
  exchange_ = std::move(exchange);
}

void ServiceTicker::disconnect(const ServiceExchange* exchange) {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (exchange_.get() == exchange) {
    exchange_.reset();
  }
}

std::shared_ptr<ServiceExchange> ServiceTicker::exchange() {
  const std::lock_guard<std::mutex> guard(mutex_);
  return exchange_;
}

}  // namespace campanile
