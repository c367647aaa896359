// An endpoint that ends in the PBX, on the packet thread: received audio into the jitter buffer,
// frames of the service into RTP packets, and the RTCP reports a real participant sends.
#pragma once

#include <cstddef>
#include <cstdint>

#include "jitter-buffer.h"
#include "monotonic-clock.h"
#include "random.h"
#include "rtp-header.h"

namespace campanile {

struct Endpoint;

struct ServiceRequest {
  std::int32_t service;
  /** 0 PCMU, 1 PCMA. */
  std::int32_t codec;
  std::uint8_t payloadType;
  /** Of telephone-events; 255, which no packet has: there are none. */
  std::uint8_t eventPayloadType;
};

class ServicePort {
 public:
  static constexpr std::uint32_t clockHz = 8000;
  static constexpr std::uint32_t frameSamples = JitterBuffer::frameSamples;

  ServicePort(const ServiceRequest& request, std::uint32_t index, std::int32_t generation, Random& random);

  const ServiceRequest& request() const { return request_; }
  /** The record of this port in the exchange. */
  std::uint32_t index() const { return index_; }
  std::int32_t generation() const { return generation_; }

  void receive(Endpoint& endpoint, const RtpHeader& header, const std::uint8_t* packet, std::size_t sizeBytes);
  /** The audio of this tick; returns how many samples of it really came. */
  std::uint32_t takeReceived(std::uint8_t* frame);

  /** Sends one frame as this tick's packet, if the phone may get audio now. */
  void send(Endpoint& endpoint, const std::uint8_t* frame, Nanoseconds now);
  /** One tick passed, whether a frame was sent or not; `missed` more passed unseen. */
  void advance() { timestamp_ += frameSamples; }
  void skip(std::uint32_t missed);

  /** Sends the RTCP reports when they are due (RFC 3550 §6.2: about every 5 s, at random). */
  void report(Endpoint& endpoint, Nanoseconds now);

 private:
  const ServiceRequest request_;
  const std::uint32_t index_;
  const std::int32_t generation_;
  Random& random_;
  JitterBuffer jitterBuffer_;
  const std::uint32_t ssrc_;
  std::uint16_t sequence_;
  std::uint32_t timestamp_;
  /** The next packet begins a talkspurt (RFC 3551 §4.1). */
  bool isPaused_ = true;
  Nanoseconds reportAt_ = 0;
};

}  // namespace campanile
