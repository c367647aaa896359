// What happens to the packets that arrive on an endpoint: judged, counted, and handed to the
// joined endpoint's phone or to the service the endpoint ends in.
#pragma once

#include "endpoint.h"
#include "monotonic-clock.h"
#include "packet-batch.h"

namespace campanile {

class Relay {
 public:
  /** Reads one batch from the RTP socket of `endpoint` and deals with it. */
  void receiveRtp(Endpoint& endpoint, Nanoseconds now);
  void receiveRtcp(Endpoint& endpoint, Nanoseconds now);

 private:
  /** False: the packet is not for anybody. */
  bool acceptRtp(Endpoint& endpoint, const PacketBatch::Datagram& datagram, RtpHeader& header, Nanoseconds now);
  void sendRtp(Endpoint& to);
  void readReports(Endpoint& endpoint, const PacketBatch::Datagram& datagram, Nanoseconds now);
  void sendRtcp(Endpoint& from, Endpoint& to, Nanoseconds now);

  PacketBatch batch_;
};

}  // namespace campanile
