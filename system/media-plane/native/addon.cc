// The native addon of Campanile. Each concern registers its own functions.
#include <node_api.h>

#include "datagram-sender.h"
#include "map-file.h"
#include "plane-binding.h"
#include "rules-binding.h"
#include "socket-options.h"
#include "worker-binding.h"

NAPI_MODULE_INIT() {
  campanile::registerPlane(env, exports);
  campanile::registerWorker(env, exports);
  campanile::registerDatagramSender(env, exports);
  campanile::registerMapFile(env, exports);
  campanile::registerSocketOptions(env, exports);
  campanile::registerRules(env, exports);
  return exports;
}
