#include "socket-options.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "node-api.h"

namespace campanile {

bool setDscp(int fd, int dscp) {
  int family = 0;
  socklen_t length = sizeof family;
  if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &length) != 0) {
    return false;
  }
  // The code point is the upper six bits; the lower two belong to ECN.
  const int trafficClass = dscp << 2;
  if (family == AF_INET6) {
    if (setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &trafficClass, sizeof trafficClass) != 0) {
      return false;
    }
    // A dual-stack socket also sends IPv4; an IPv6-only one refuses the option, which is fine.
    setsockopt(fd, IPPROTO_IP, IP_TOS, &trafficClass, sizeof trafficClass);
    return true;
  }
  return setsockopt(fd, IPPROTO_IP, IP_TOS, &trafficClass, sizeof trafficClass) == 0;
}

bool bindToDevice(int fd, const char* device) {
  return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device,
                    static_cast<socklen_t>(std::strlen(device))) == 0;
}

bool allowMulticastBeside(int fd) {
  int family = 0;
  int type = 0;
  socklen_t length = sizeof family;
  if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &length) != 0) {
    return false;
  }
  length = sizeof type;
  if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) != 0) {
    return false;
  }
  if (family != AF_INET || type != SOCK_DGRAM) {
    return true;
  }
  const int on = 1;
  const int off = 0;
  // Both sockets must allow it (ip(7)). Without the second option a socket on 0.0.0.0 gets what
  // comes to every group that anybody on the machine has joined.
  return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
         setsockopt(fd, IPPROTO_IP, IP_MULTICAST_ALL, &off, sizeof off) == 0;
}

namespace {

napi_value setSocketOptions(napi_env env, napi_callback_info info) {
  Arguments<4> arguments(env, info);
  const int fd = arguments.integer(0);
  if (arguments.isPresent(1) && !setDscp(fd, arguments.integer(1))) {
    return throwErrno(env, "set DSCP");
  }
  if (arguments.isPresent(2) && !bindToDevice(fd, arguments.text(2).c_str())) {
    return throwErrno(env, "bind to device");
  }
  if (arguments.isPresent(3) && !allowMulticastBeside(fd)) {
    return throwErrno(env, "allow multicast beside");
  }
  return nullptr;
}

}  // namespace

void registerSocketOptions(napi_env env, napi_value exports) {
  exportFunction(env, exports, "setSocketOptions", setSocketOptions);
}

}  // namespace campanile
