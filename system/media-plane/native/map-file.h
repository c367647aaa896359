// Files as shared memory. What is written there is in the kernel at once and outlives the process,
// even a SIGKILL, without a system call per write; only a crash of the whole machine can lose it.
#pragma once

#include <node_api.h>

namespace campanile {

/** Exports `mapFile(path, sizeBytes): ArrayBuffer`. */
void registerMapFile(napi_env env, napi_value exports);

}  // namespace campanile
