#include "datagram-sender.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "node-api.h"
#include "socket-address.h"

namespace campanile {

namespace {

constexpr std::uint32_t mostAtOnce = 32;
constexpr int sendFlags = MSG_DONTWAIT | MSG_NOSIGNAL;

struct Bytes {
  void* data = nullptr;
  std::size_t length = 0;
};

Bytes elementOf(napi_env env, napi_value array, std::uint32_t index) {
  napi_value element = nullptr;
  Bytes bytes;
  napi_get_element(env, array, index, &element);
  napi_get_buffer_info(env, element, &bytes.data, &bytes.length);
  return bytes;
}

// (fd, messages, destinations, first): how many left, from the first on, or -errno of the first.
napi_value sendDatagrams(napi_env env, napi_callback_info info) {
  Arguments<4> arguments(env, info);
  const napi_value messages = arguments[1];
  const napi_value destinations = arguments[2];
  const auto first = static_cast<std::uint32_t>(arguments.integer(3));
  std::uint32_t length = 0;
  napi_get_array_length(env, messages, &length);
  const std::uint32_t count = std::min(length - first, mostAtOnce);
  std::array<mmsghdr, mostAtOnce> headers;
  std::array<iovec, mostAtOnce> parts;
  for (std::uint32_t index = 0; index < count; index++) {
    const Bytes message = elementOf(env, messages, first + index);
    const Bytes destination = elementOf(env, destinations, first + index);
    parts[index] = {message.data, message.length};
    msghdr& header = headers[index].msg_hdr;
    std::memset(&header, 0, sizeof header);
    header.msg_name = destination.data;
    header.msg_namelen = static_cast<socklen_t>(destination.length);
    header.msg_iov = &parts[index];
    header.msg_iovlen = 1;
  }
  const int sent = sendmmsg(arguments.integer(0), headers.data(), count, sendFlags);
  return toNumber(env, sent < 0 ? -errno : sent);
}

// (address, port): the address as the kernel wants it, or undefined.
napi_value toSocketAddress(napi_env env, napi_callback_info info) {
  Arguments<2> arguments(env, info);
  const auto address = SocketAddress::parse(arguments.text(0).c_str(),
                                            static_cast<std::uint16_t>(arguments.integer(1)));
  if (!address) {
    return nullptr;
  }
  napi_value buffer = nullptr;
  napi_create_buffer_copy(env, address->length(), &address->generic, nullptr, &buffer);
  return buffer;
}

}  // namespace

void registerDatagramSender(napi_env env, napi_value exports) {
  exportFunction(env, exports, "sendDatagrams", sendDatagrams);
  exportFunction(env, exports, "toSocketAddress", toSocketAddress);
}

}  // namespace campanile
