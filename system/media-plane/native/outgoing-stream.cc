#include "outgoing-stream.h"

#include <algorithm>

namespace campanile {

namespace {

/**
 * How far the timestamp moves over a change of source. 8000 Hz is right for telephone codecs
 * (G.722 included, RFC 3551 §4.5.2); for others it is a step forward all the same, and the marker
 * tells the phone to resynchronize.
 */
constexpr std::int64_t assumedClockHz = 8000;
constexpr std::int64_t shortestStepTicks = 160;
/** A longer pause says nothing more, and must not turn the 32-bit timestamp backwards. */
constexpr std::int64_t longestStepTicks = 3600 * assumedClockHz;

}  // namespace

void OutgoingStream::rewrite(RtpHeader& header, Nanoseconds now) {
  if (!isStarted_) {
    begin(header);
  } else if (!isSourceKnown_ || header.ssrc != sourceSsrc_) {
    takeOver(header, now);
    header.marker = true;
  } else if (isInterrupted_) {
    sequenceOffset_ = static_cast<std::uint16_t>(lastSequence_ + 1 - header.sequence);
    header.marker = true;
  }
  isInterrupted_ = false;

  header.ssrc = ssrc_;
  header.sequence = static_cast<std::uint16_t>(header.sequence + sequenceOffset_);
  header.timestamp += timestampOffset_;
  if (static_cast<std::int16_t>(header.sequence - lastSequence_) > 0) {
    lastSequence_ = header.sequence;
    lastTimestamp_ = header.timestamp;
    lastSentAt_ = now;
  }
}

void OutgoingStream::begin(const RtpHeader& header) {
  isStarted_ = true;
  isSourceKnown_ = true;
  ssrc_ = header.ssrc;
  sourceSsrc_ = header.ssrc;
  sequenceOffset_ = 0;
  timestampOffset_ = 0;
  lastSequence_ = static_cast<std::uint16_t>(header.sequence - 1);
  packetsSent_ = 0;
  octetsSent_ = 0;
}

void OutgoingStream::takeOver(const RtpHeader& header, Nanoseconds now) {
  const std::int64_t elapsedTicks =
      (now - lastSentAt_) / nanosecondsPerMillisecond * assumedClockHz / 1000;
  const std::int64_t step = std::clamp(elapsedTicks, shortestStepTicks, longestStepTicks);
  isSourceKnown_ = true;
  sourceSsrc_ = header.ssrc;
  sequenceOffset_ = static_cast<std::uint16_t>(lastSequence_ + 1 - header.sequence);
  timestampOffset_ = lastTimestamp_ + static_cast<std::uint32_t>(step) - header.timestamp;
}

}  // namespace campanile
