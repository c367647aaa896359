// Connects a media worker (a Node worker thread) with the packet thread of a plane.
#pragma once

#include <node_api.h>

namespace campanile {

void registerWorker(napi_env env, napi_value exports);

}  // namespace campanile
