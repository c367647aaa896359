// Socket options that Node has no function for.
#pragma once

#include <node_api.h>

namespace campanile {

/** Differentiated services code point, 0 to 63 (RFC 2474), for IPv4 and IPv6. False: see errno. */
bool setDscp(int fd, int dscp);

/** SO_BINDTODEVICE; an empty name unbinds. False: see errno (EPERM without CAP_NET_RAW). */
bool bindToDevice(int fd, const char* device);

/**
 * Lets another socket of this machine join a multicast group on the same UDP port, and keeps that
 * group's datagrams away from this one. Called after the socket is bound, so that its own bind still
 * fails where the port is taken. Does nothing for sockets that are not UDP over IPv4. False: see errno.
 */
bool allowMulticastBeside(int fd);

/** Exports `setSocketOptions(fd, dscp | undefined, device | undefined, allowsMulticast)`. */
void registerSocketOptions(napi_env env, napi_value exports);

}  // namespace campanile
