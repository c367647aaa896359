// The sender reports that went to a phone, relayed or our own. When the phone answers one
// (LSR and DLSR of RFC 3550 §6.4.1), the time since it passed here, less the phone's own delay, is
// the round trip between the PBX and this phone, whoever wrote the report.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "monotonic-clock.h"

namespace campanile {

class SentReports {
 public:
  /** `middleOfNtp`: the middle 32 bits of the report's NTP timestamp. */
  void note(std::uint32_t middleOfNtp, Nanoseconds now) {
    reports_[next_] = Report{middleOfNtp, now};
    next_ = (next_ + 1) % reports_.size();
  }

  /** Nothing when the report is not (or no longer) known; never negative. */
  std::optional<double> roundTripMs(std::uint32_t lastSenderReport,
                                    std::uint32_t delaySinceLastSenderReport,
                                    Nanoseconds now) const {
    if (lastSenderReport == 0) {
      return std::nullopt;
    }
    for (const Report& report : reports_) {
      if (report.sentAt != 0 && report.middleOfNtp == lastSenderReport) {
        const double elapsedMs = static_cast<double>(now - report.sentAt) / nanosecondsPerMillisecond;
        const double delayMs = delaySinceLastSenderReport * 1000.0 / 65536;
        return elapsedMs > delayMs ? elapsedMs - delayMs : 0;
      }
    }
    return std::nullopt;
  }

 private:
  struct Report {
    std::uint32_t middleOfNtp = 0;
    Nanoseconds sentAt = 0;
  };

  std::array<Report, 4> reports_{};
  std::size_t next_ = 0;
};

}  // namespace campanile
