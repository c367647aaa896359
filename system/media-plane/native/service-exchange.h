// The memory through which the packet thread and the media worker exchange audio, once per 20 ms
// tick. It belongs to one side at a time: the packet thread fills it and hands it over with one
// call; the worker works on it and gives it back by returning. service-exchange.ts is the same
// layout in TypeScript.
//
//   header   64 bytes: int32 number of records to visit
//   records  352 bytes each: int32 generation, service, codec, received samples, is sending,
//            3 reserved; 160 bytes received frame; 160 bytes frame to send
#pragma once

#include <node_api.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "jitter-buffer.h"

namespace campanile {

class ServiceExchange {
 public:
  static constexpr std::uint32_t frameBytes = JitterBuffer::frameSamples;

  struct Header {
    std::int32_t recordCount;
    std::int32_t reserved[15];
  };

  struct Record {
    /** 0: nobody there. Another number: another port than before. */
    std::int32_t generation;
    std::int32_t service;
    std::int32_t codec;
    /** 0: nothing came for this tick. */
    std::int32_t receivedSamples;
    /** Set by the worker. */
    std::int32_t isSending;
    std::int32_t reserved[3];
    std::uint8_t received[frameBytes];
    std::uint8_t outgoing[frameBytes];
  };

  static_assert(sizeof(Header) == 64 && sizeof(Record) == 352);

  explicit ServiceExchange(std::uint32_t capacity);

  std::uint32_t capacity() const { return capacity_; }
  Header& header() { return *reinterpret_cast<Header*>(memory_.data()); }
  Record& record(std::uint32_t index) {
    return reinterpret_cast<Record*>(memory_.data() + sizeof(Header))[index];
  }
  std::uint8_t* bytes() { return memory_.data(); }
  std::size_t sizeBytes() const { return memory_.size(); }

  // Packet thread:
  /** Whether the memory is here, with the worker's results of the last tick. */
  bool isHere() const { return !isWithWorker_.load(std::memory_order_acquire); }
  void handOver();

  // Worker's thread:
  void connect(napi_threadsafe_function function);
  void giveBack() { isWithWorker_.store(false, std::memory_order_release); }
  /** The worker goes; the packet thread calls it no more. Idempotent. */
  void disconnect();

 private:
  const std::uint32_t capacity_;
  std::vector<std::uint8_t> memory_;
  std::atomic<bool> isWithWorker_{false};
  std::mutex mutex_;
  napi_threadsafe_function function_ = nullptr;
};

}  // namespace campanile
