// What happens to the packets that arrive on an endpoint: judged, counted, and handed to the
// joined endpoint's phone or to the service the endpoint ends in.
#pragma once

#include "endpoint.h"
#include "monotonic-clock.h"
#include "packet-batch.h"

namespace campanile {

class Relay {
 public:
  /**
   * Reads what waits on the RTP socket of `endpoint`; what is to be relayed waits for `sendRtp`. False:
   * so much waits that others must have their turn first. `isBusy`: saves the look at what most
   * likely is an empty queue (cadence.h).
   */
  bool receiveRtp(Endpoint& endpoint, Nanoseconds now, bool isBusy);
  /** What waits is for nobody any more. */
  void discardRtp(const Endpoint& endpoint);
  /** Sends what was received since. */
  void sendRtp();
  /** Reads one packet and deals with it. */
  void receiveRtcp(Endpoint& endpoint, Nanoseconds now);

 private:
  /**
   * Whether the packet came from the phone, in sequence and on time. No `source`: it can only be from
   * the locked one.
   */
  bool takeRtp(Endpoint& endpoint, const SocketAddress* source, Nanoseconds now);
  /** False: the packet is not for anybody. */
  bool acceptRtp(Endpoint& endpoint, const Datagram& datagram, const SocketAddress* source, RtpHeader& header,
                 Nanoseconds now);
  bool acceptRtpSource(Endpoint& endpoint, const SourcePacket& packet, Nanoseconds now);
  void relayRtp(const Endpoint& from, Endpoint& to, RtpHeader header, Nanoseconds now);
  void readReports(Endpoint& endpoint, const Datagram& datagram, Nanoseconds now);
  void sendRtcp(const Datagram& datagram, Endpoint& from, Endpoint& to, Nanoseconds now);

  PacketBatch batch_;
};

}  // namespace campanile
