// Socket options that Node has no function for.
#pragma once

#include <node_api.h>

namespace campanile {

/** Differentiated services code point, 0 to 63 (RFC 2474), for IPv4 and IPv6. False: see errno. */
bool setDscp(int fd, int dscp);

/** SO_BINDTODEVICE; an empty name unbinds. False: see errno (EPERM without CAP_NET_RAW). */
bool bindToDevice(int fd, const char* device);

/** Exports `setSocketOptions(fd, dscp | undefined, device | undefined)`. */
void registerSocketOptions(napi_env env, napi_value exports);

}  // namespace campanile
