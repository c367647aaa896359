#include "node-api.h"

#include <cerrno>
#include <cstring>

namespace campanile {

napi_value throwError(napi_env env, const char* code, const std::string& message) {
  napi_throw_error(env, code, message.c_str());
  return nullptr;
}

napi_value throwErrno(napi_env env, const char* action) {
  const int reason = errno;
  const char* name = strerrorname_np(reason);
  const char* code = name == nullptr ? "EUNKNOWN" : name;
  return throwError(env, code, std::string(code) + ": " + strerror(reason) + ", " + action);
}

}  // namespace campanile
