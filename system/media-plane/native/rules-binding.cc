#include "rules-binding.h"

#include <limits>

#include "cadence.h"
#include "jitter-buffer.h"
#include "node-api.h"
#include "outgoing-stream.h"
#include "pace.h"
#include "received-stream.h"
#include "source-lock.h"

namespace campanile {

namespace {

/** Exports `create<Rule>()`, whose result is argument 0 of the functions below. */
template <typename Rule>
napi_value createRule(napi_env env, napi_callback_info /*info*/) {
  napi_value external = nullptr;
  napi_create_external(
      env, new Rule(), [](napi_env, void* rule, void*) { delete static_cast<Rule*>(rule); }, nullptr,
      &external);
  return external;
}

template <typename Rule>
Rule& ruleOf(napi_env env, napi_value external) {
  void* rule = nullptr;
  napi_get_value_external(env, external, &rule);
  return *static_cast<Rule*>(rule);
}

Nanoseconds toNanoseconds(double milliseconds) {
  return static_cast<Nanoseconds>(milliseconds * nanosecondsPerMillisecond);
}

template <std::size_t Count>
SocketAddress addressAt(const Arguments<Count>& arguments, std::size_t index) {
  return SocketAddress::parse(arguments.text(index).c_str(),
                              static_cast<std::uint16_t>(arguments.integer(index + 1)))
      .value_or(SocketAddress());
}

std::uint32_t toUint32(double number) { return static_cast<std::uint32_t>(static_cast<std::int64_t>(number)); }

/** (lock, address, port, signallingAddress, nowMs, windowMs) */
napi_value signalSource(napi_env env, napi_callback_info info) {
  Arguments<6> arguments(env, info);
  const SocketAddress signallingHost =
      SocketAddress::parse(arguments.text(3).c_str(), 0).value_or(SocketAddress());
  ruleOf<SourceLock>(env, arguments[0])
      .signal(addressAt(arguments, 1), signallingHost, toNanoseconds(arguments.number(4)),
              toNanoseconds(arguments.number(5)));
  return nullptr;
}

/** (lock, nowMs, windowMs) */
napi_value reopenSource(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  ruleOf<SourceLock>(env, arguments[0])
      .reopen(toNanoseconds(arguments.number(1)), toNanoseconds(arguments.number(2)));
  return nullptr;
}

/** (lock, address, port, ssrc, sequence, nowMs): 0 accepted, 1 candidate, 2 stranger */
napi_value judgeSource(napi_env env, napi_callback_info info) {
  Arguments<6> arguments(env, info);
  const SocketAddress source = addressAt(arguments, 1);
  const SourceVerdict verdict = ruleOf<SourceLock>(env, arguments[0])
      .judge({source, toUint32(arguments.number(3)), static_cast<std::uint16_t>(arguments.integer(4))},
             toNanoseconds(arguments.number(5)));
  return toNumber(env, static_cast<double>(verdict));
}

/** (stream, payloadType, ssrc, sequence, timestamp, nowMs) */
napi_value receivePacket(napi_env env, napi_callback_info info) {
  Arguments<6> arguments(env, info);
  const RtpHeader header{false, static_cast<std::uint8_t>(arguments.integer(1)),
                         static_cast<std::uint16_t>(arguments.integer(3)),
                         toUint32(arguments.number(4)), toUint32(arguments.number(2))};
  ruleOf<ReceivedStream>(env, arguments[0]).receive(header, toNanoseconds(arguments.number(5)));
  return nullptr;
}

/** (stream, into): lost, jitter in ms or NaN, clock rate or 0, extended highest sequence number, on time */
napi_value readStream(napi_env env, napi_callback_info info) {
  Arguments<2> arguments(env, info);
  const ReceivedStream& stream = ruleOf<ReceivedStream>(env, arguments[0]);
  double* const into = arguments.typedArray<double>(1).first;
  into[0] = static_cast<double>(stream.lost());
  into[1] = stream.jitterMs().value_or(std::numeric_limits<double>::quiet_NaN());
  into[2] = stream.clockHz();
  into[3] = stream.extendedHighestSequence();
  into[4] = stream.isOnTime() ? 1 : 0;
  return nullptr;
}

/** (stream, into, ssrc, sequence, timestamp, nowMs): into becomes marker, SSRC, sequence, timestamp */
napi_value rewritePacket(napi_env env, napi_callback_info info) {
  Arguments<6> arguments(env, info);
  RtpHeader header{false, 0, static_cast<std::uint16_t>(arguments.integer(3)),
                   toUint32(arguments.number(4)), toUint32(arguments.number(2))};
  ruleOf<OutgoingStream>(env, arguments[0]).rewrite(header, toNanoseconds(arguments.number(5)));
  double* const into = arguments.typedArray<double>(1).first;
  into[0] = header.marker ? 1 : 0;
  into[1] = header.ssrc;
  into[2] = header.sequence;
  into[3] = header.timestamp;
  return nullptr;
}

/** (stream, what): `source` changes the source, `hold` withholds packets, `bye` ends the stream */
napi_value interruptStream(napi_env env, napi_callback_info info) {
  Arguments<2> arguments(env, info);
  OutgoingStream& stream = ruleOf<OutgoingStream>(env, arguments[0]);
  const std::string what = arguments.text(1);
  if (what == "source") {
    stream.changeSource();
  } else if (what == "hold") {
    stream.skip();
  } else if (what == "bye") {
    stream.end();
  }
  return nullptr;
}

/** (buffer, ssrc, timestamp, samples) */
napi_value putAudio(napi_env env, napi_callback_info info) {
  Arguments<4> arguments(env, info);
  const auto [samples, count] = arguments.typedArray<std::uint8_t>(3);
  ruleOf<JitterBuffer>(env, arguments[0])
      .put(toUint32(arguments.number(1)), toUint32(arguments.number(2)), samples, count);
  return nullptr;
}

/** (buffer, frame of 160, silence): how many samples were there */
napi_value takeAudio(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  std::uint8_t* const frame = arguments.typedArray<std::uint8_t>(1).first;
  return toNumber(env, ruleOf<JitterBuffer>(env, arguments[0])
                           .take(frame, static_cast<std::uint8_t>(arguments.integer(2))));
}

/** (cadence, isOnTime, isFirst): 1 looks on, 0 does not */
napi_value noteArrival(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  Cadence& cadence = ruleOf<Cadence>(env, arguments[0]);
  cadence.note(arguments.integer(1) != 0, arguments.integer(2) != 0);
  return toNumber(env, cadence.looksOn() ? 1 : 0);
}

/** (pace, packets, nowMs): when to look next in ms, 0 as soon as one arrives */
napi_value countPackets(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  const Nanoseconds now = toNanoseconds(arguments.number(2));
  Pace& pace = ruleOf<Pace>(env, arguments[0]);
  pace.count(static_cast<unsigned>(arguments.integer(1)), now);
  const Nanoseconds next = pace.gathers() ? Pace::nextLook(now) : 0;
  return toNumber(env, static_cast<double>(next) / nanosecondsPerMillisecond);
}

}  // namespace

void registerRules(napi_env env, napi_value exports) {
  exportFunction(env, exports, "createSourceLock", createRule<SourceLock>);
  exportFunction(env, exports, "signalSource", signalSource);
  exportFunction(env, exports, "reopenSource", reopenSource);
  exportFunction(env, exports, "judgeSource", judgeSource);
  exportFunction(env, exports, "createReceivedStream", createRule<ReceivedStream>);
  exportFunction(env, exports, "receivePacket", receivePacket);
  exportFunction(env, exports, "readStream", readStream);
  exportFunction(env, exports, "createOutgoingStream", createRule<OutgoingStream>);
  exportFunction(env, exports, "rewritePacket", rewritePacket);
  exportFunction(env, exports, "interruptStream", interruptStream);
  exportFunction(env, exports, "createCadence", createRule<Cadence>);
  exportFunction(env, exports, "noteArrival", noteArrival);
  exportFunction(env, exports, "createPace", createRule<Pace>);
  exportFunction(env, exports, "countPackets", countPackets);
  exportFunction(env, exports, "createJitterBuffer", createRule<JitterBuffer>);
  exportFunction(env, exports, "putAudio", putAudio);
  exportFunction(env, exports, "takeAudio", takeAudio);
}

}  // namespace campanile
