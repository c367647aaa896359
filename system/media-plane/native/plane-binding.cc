#include "plane-binding.h"

#include <cerrno>
#include <cstring>

#include "node-api.h"
#include "plane-registry.h"

namespace campanile {

namespace {

// A handle is one number in JavaScript: generation * 2^20 + index, below 2^53.
constexpr double indexRange = 1 << 20;

double packHandle(EndpointHandle handle) { return handle.generation * indexRange + handle.index; }

EndpointHandle unpackHandle(double number) {
  const auto whole = static_cast<std::uint64_t>(number);
  constexpr auto range = static_cast<std::uint64_t>(indexRange);
  return EndpointHandle{static_cast<std::uint32_t>(whole % range), static_cast<std::uint32_t>(whole / range)};
}

/** The plane of argument 0 and the endpoint of argument 1; both may be gone. */
struct Target {
  std::shared_ptr<Plane> plane;
  EndpointHandle handle{};
  Endpoint* endpoint = nullptr;

  template <std::size_t Count>
  explicit Target(const Arguments<Count>& arguments)
      : plane(PlaneRegistry::instance().find(static_cast<std::uint32_t>(arguments.integer(0)))),
        handle(unpackHandle(arguments.number(1))) {
    if (plane != nullptr) {
      endpoint = plane->find(handle);
    }
  }

  explicit operator bool() const { return endpoint != nullptr; }
};

void closePlaneAtExit(void* id) {
  PlaneRegistry::instance().remove(static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(id)));
}

napi_value openPlane(napi_env env, napi_callback_info info) {
  Arguments<5> arguments(env, info);
  Plane::Options options{};
  options.ports.first = static_cast<std::uint16_t>(arguments.integer(0));
  options.ports.last = static_cast<std::uint16_t>(arguments.integer(1));
  options.dscp = arguments.integer(2);
  options.quarantine = arguments.integer(3) * nanosecondsPerMillisecond;
  options.learningWindow = arguments.integer(4) * nanosecondsPerMillisecond;
  auto plane = std::make_shared<Plane>(options);
  if (!plane->start()) {
    return throwErrno(env, "start packet thread");
  }
  const std::uint32_t id = PlaneRegistry::instance().add(std::move(plane));
  napi_add_env_cleanup_hook(env, closePlaneAtExit, reinterpret_cast<void*>(std::uintptr_t{id}));
  return toNumber(env, id);
}

napi_value closePlane(napi_env env, napi_callback_info info) {
  Arguments<1> arguments(env, info);
  const auto id = static_cast<std::uint32_t>(arguments.integer(0));
  napi_remove_env_cleanup_hook(env, closePlaneAtExit, reinterpret_cast<void*>(std::uintptr_t{id}));
  PlaneRegistry::instance().remove(id);
  return nullptr;
}

napi_value openEndpoint(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  const auto plane = PlaneRegistry::instance().find(static_cast<std::uint32_t>(arguments.integer(0)));
  if (plane == nullptr) {
    return throwError(env, "unavailable", "the media plane is closed");
  }
  const std::string text = arguments.text(1);
  const auto address = SocketAddress::parse(text.c_str(), 0);
  if (!address || address->isUnspecified() || address->isMulticastOrBroadcast()) {
    return throwError(env, "bad-address", "not a numeric address of an interface: " + text);
  }
  OpenFailure failure{};
  const auto opened = plane->open(*address, failure);
  if (!opened) {
    const std::string reason = errno == 0 ? "all are in use" : strerror(errno);
    return failure == OpenFailure::badAddress
               ? throwError(env, "bad-address", "cannot bind media ports on " + text + ": " + reason)
               : throwError(env, "no-ports", "no media port is free on " + text + ": " + reason);
  }
  arguments.typedArray<double>(2).first[0] = opened->rtpPort;
  return toNumber(env, packHandle(opened->handle));
}

napi_value setRemote(napi_env env, napi_callback_info info) {
  Arguments<6> arguments(env, info);
  const Target target(arguments);
  const std::string text = arguments.text(2);
  const auto rtp = SocketAddress::parse(text.c_str(), static_cast<std::uint16_t>(arguments.integer(3)));
  if (!rtp || rtp->isMulticastOrBroadcast()) {
    return throwError(env, "bad-address", "not a numeric unicast address: " + text);
  }
  if (!target) {
    return nullptr;
  }
  SocketAddress rtcp;
  const auto rtcpPort = static_cast<std::uint16_t>(arguments.integer(4));
  if (rtcpPort != 0) {
    rtcp = *rtp;
    rtcp.setPort(rtcpPort);
  }
  const SocketAddress signallingHost =
      SocketAddress::parse(arguments.text(5).c_str(), 0).value_or(SocketAddress());
  target.plane->put(command::SetRemote{target.endpoint, *rtp, rtcp, signallingHost});
  return nullptr;
}

napi_value setDirection(napi_env env, napi_callback_info info) {
  Arguments<4> arguments(env, info);
  if (const Target target(arguments); target) {
    target.plane->put(command::SetDirection{target.endpoint, arguments.boolean(2), arguments.boolean(3)});
  }
  return nullptr;
}

napi_value setPayloadTypes(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  if (const Target target(arguments); target) {
    const auto [bytes, length] = arguments.typedArray<std::uint8_t>(2);
    command::SetPayloadTypes change{target.endpoint, identityPayloadTypes()};
    for (std::size_t n = 0; n + 1 < length; n += 2) {
      change.map[bytes[n] & 0x7f] = bytes[n + 1] & 0x7f;
    }
    target.plane->put(change);
  }
  return nullptr;
}

napi_value join(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  if (const Target target(arguments); target) {
    Endpoint* const other = target.plane->find(unpackHandle(arguments.number(2)));
    if (other != nullptr && other != target.endpoint) {
      target.plane->put(command::Join{target.endpoint, other});
    }
  }
  return nullptr;
}

napi_value attach(napi_env env, napi_callback_info info) {
  Arguments<6> arguments(env, info);
  if (const Target target(arguments); target) {
    // Services speak first, so this does not wait for a packet.
    target.plane->putAndWake(command::Attach{target.endpoint, arguments.integer(2), arguments.integer(3),
                                             static_cast<std::uint8_t>(arguments.integer(4) & 0x7f),
                                             static_cast<std::uint8_t>(arguments.integer(5))});
  }
  return nullptr;
}

napi_value detach(napi_env env, napi_callback_info info) {
  Arguments<2> arguments(env, info);
  if (const Target target(arguments); target) {
    target.plane->put(command::Detach{target.endpoint});
  }
  return nullptr;
}

napi_value takeDigits(napi_env env, napi_callback_info info) {
  Arguments<2> arguments(env, info);
  std::string digits;
  // Until the packet thread has opened the endpoint it has those of its last user.
  if (const Target target(arguments);
      target && target.endpoint->statistics.generation.load(std::memory_order_acquire) == target.handle.generation) {
    digits = target.endpoint->digits.take();
  }
  napi_value text = nullptr;
  napi_create_string_utf8(env, digits.data(), digits.size(), &text);
  return text;
}

void writeStatistics(const EndpointHandle& handle, Endpoint& endpoint, double* into) {
  const EndpointStatistics& figures = endpoint.statistics;
  // Until the packet thread has opened the endpoint the figures are those of its last user.
  static const EndpointStatistics nothing;
  const bool isPresent = figures.generation.load(std::memory_order_acquire) == handle.generation;
  const EndpointStatistics& shown = isPresent ? figures : nothing;
  const Nanoseconds lastReceivedAt = shown.lastReceivedAt.get();
  into[0] = static_cast<double>(shown.packetsReceived.get());
  into[1] = static_cast<double>(shown.packetsSent.get());
  into[2] = static_cast<double>(shown.bytesReceived.get());
  into[3] = static_cast<double>(shown.bytesSent.get());
  into[4] = static_cast<double>(shown.packetsFromStrangers.get());
  into[5] = shown.packetsLost.get();
  into[6] = shown.jitterMs.get();
  into[7] = shown.remotePacketsLost.get();
  into[8] = shown.remoteJitterMs.get();
  into[9] = shown.roundTripMs.get();
  into[10] = shown.payloadType.get();
  into[11] = lastReceivedAt == 0
                 ? EndpointStatistics::unknown
                 : static_cast<double>(monotonicNow() - lastReceivedAt) / nanosecondsPerMillisecond;
}

napi_value readStatistics(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  if (const Target target(arguments); target) {
    writeStatistics(target.handle, *target.endpoint, arguments.typedArray<double>(2).first);
  }
  return nullptr;
}

napi_value closeEndpoint(napi_env env, napi_callback_info info) {
  Arguments<3> arguments(env, info);
  if (const Target target(arguments); target) {
    writeStatistics(target.handle, *target.endpoint, arguments.typedArray<double>(2).first);
    target.plane->close(target.handle);
  }
  return nullptr;
}

napi_value readFigures(napi_env env, napi_callback_info info) {
  Arguments<2> arguments(env, info);
  const auto plane = PlaneRegistry::instance().find(static_cast<std::uint32_t>(arguments.integer(0)));
  if (plane != nullptr) {
    double* const into = arguments.typedArray<double>(1).first;
    const Plane::PortUsage usage = plane->portUsage();
    into[0] = usage.used;
    into[1] = usage.total;
    into[2] = plane->ticker().ports();
    into[3] = static_cast<double>(plane->ticker().missedTicks());
  }
  return nullptr;
}

}  // namespace

void registerPlane(napi_env env, napi_value exports) {
  exportFunction(env, exports, "openPlane", openPlane);
  exportFunction(env, exports, "closePlane", closePlane);
  exportFunction(env, exports, "openEndpoint", openEndpoint);
  exportFunction(env, exports, "setRemote", setRemote);
  exportFunction(env, exports, "setDirection", setDirection);
  exportFunction(env, exports, "setPayloadTypes", setPayloadTypes);
  exportFunction(env, exports, "join", join);
  exportFunction(env, exports, "attach", attach);
  exportFunction(env, exports, "detach", detach);
  exportFunction(env, exports, "takeDigits", takeDigits);
  exportFunction(env, exports, "readStatistics", readStatistics);
  exportFunction(env, exports, "closeEndpoint", closeEndpoint);
  exportFunction(env, exports, "readFigures", readFigures);
}

}  // namespace campanile
