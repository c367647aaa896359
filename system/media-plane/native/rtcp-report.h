// The RTCP an endpoint that ends in the PBX sends of its own: a sender report while it sends, else
// a receiver report, and who it is (RFC 3550 §6.4, §6.5).
#pragma once

#include <cstddef>
#include <cstdint>

#include "monotonic-clock.h"

namespace campanile {

struct Endpoint;

constexpr std::size_t maxReportBytes = 128;

/**
 * Writes the compound and returns its size. `fallbackSsrc` names us while nothing was sent yet.
 * Notes the sender report in the endpoint, so that the phone's answer tells the round trip.
 */
std::size_t writeReport(std::uint8_t* compound, Endpoint& endpoint, std::uint32_t fallbackSsrc,
                        Nanoseconds now);

}  // namespace campanile
