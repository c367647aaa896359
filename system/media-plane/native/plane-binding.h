// The media plane for JavaScript; binding.ts says what each function does.
#pragma once

#include <node_api.h>

namespace campanile {

void registerPlane(napi_env env, napi_value exports);

}  // namespace campanile
