// Sends many datagrams from one socket with one system call.
#pragma once

#include <node_api.h>

namespace campanile {

void registerDatagramSender(napi_env env, napi_value exports);

}  // namespace campanile
