// The pure rules of the packet thread by themselves, so that tests can put tables of cases to them
// with time as an argument. Nothing else uses these functions.
#pragma once

#include <node_api.h>

namespace campanile {

void registerRules(napi_env env, napi_value exports);

}  // namespace campanile
