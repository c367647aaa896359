#include "worker-binding.h"

#include <memory>

#include "node-api.h"
#include "plane-registry.h"

namespace campanile {

namespace {

/** What one worker holds; released when its environment ends. */
struct Connection {
  std::shared_ptr<Plane> plane;
  std::shared_ptr<ServiceExchange> exchange;
};

/** Runs in the worker: one call into JavaScript for the whole tick. */
void callTick(napi_env env, napi_value onTick, void* context, void* /*data*/) {
  if (env == nullptr) {
    return;  // The environment ends; the call was left over.
  }
  napi_value undefined = nullptr;
  napi_get_undefined(env, &undefined);
  if (napi_call_function(env, undefined, onTick, 0, nullptr, nullptr) == napi_ok) {
    static_cast<Connection*>(context)->exchange->giveBack();
    return;
  }
  // A broken service is a bug: the worker ends like any thread with an uncaught exception, and its
  // supervisor starts another.
  napi_value error = nullptr;
  napi_get_and_clear_last_exception(env, &error);
  napi_fatal_exception(env, error);
}

/** Before the environment is torn down the packet thread must have let go of it. */
void disconnectAtExit(void* data) {
  auto* const connection = static_cast<Connection*>(data);
  connection->plane->ticker().disconnect(connection->exchange.get());
  connection->exchange->disconnect();
  connection->plane.reset();
}

void deleteConnection(napi_env /*env*/, void* /*data*/, void* context) {
  delete static_cast<Connection*>(context);
}

void releaseMemory(napi_env /*env*/, void* /*bytes*/, void* exchange) {
  delete static_cast<std::shared_ptr<ServiceExchange>*>(exchange);
}

napi_value connectWorker(napi_env env, napi_callback_info info) {
  Arguments<2> arguments(env, info);
  auto plane = PlaneRegistry::instance().find(static_cast<std::uint32_t>(arguments.integer(0)));
  if (plane == nullptr) {
    return throwError(env, "unavailable", "the media plane is closed");
  }
  auto exchange = std::make_shared<ServiceExchange>(ServiceTicker::capacity);

  auto* const memoryOwner = new std::shared_ptr<ServiceExchange>(exchange);
  napi_value memory = nullptr;
  if (napi_create_external_arraybuffer(env, exchange->bytes(), exchange->sizeBytes(), releaseMemory,
                                       memoryOwner, &memory) != napi_ok) {
    delete memoryOwner;
    return throwError(env, "unavailable", "the exchange could not become an ArrayBuffer");
  }
  auto* const connection = new Connection{plane, exchange};
  napi_value name = nullptr;
  napi_create_string_utf8(env, "media-tick", NAPI_AUTO_LENGTH, &name);
  napi_threadsafe_function function = nullptr;
  if (napi_create_threadsafe_function(env, arguments[1], nullptr, name, 0, 1, nullptr, deleteConnection,
                                      connection, callTick, &function) != napi_ok) {
    delete connection;
    return throwError(env, "unavailable", "the tick function was refused");
  }
  exchange->connect(function);
  plane->ticker().connect(std::move(exchange));
  napi_add_env_cleanup_hook(env, disconnectAtExit, connection);
  return memory;
}

}  // namespace

void registerWorker(napi_env env, napi_value exports) {
  exportFunction(env, exports, "connectWorker", connectWorker);
}

}  // namespace campanile
