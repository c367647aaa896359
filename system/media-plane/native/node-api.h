// The little of Node-API that every binding here needs. Arguments are trusted: only our own
// TypeScript calls these functions (the typed side is binding.ts and system/foundation).
#pragma once

#include <node_api.h>

#include <array>
#include <cstdint>
#include <string>

namespace campanile {

template <std::size_t Count>
class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info) : env_(env) {
    std::size_t count = Count;
    napi_get_cb_info(env, info, &count, values_.data(), nullptr, nullptr);
  }

  napi_value operator[](std::size_t index) const { return values_[index]; }

  bool isPresent(std::size_t index) const {
    napi_valuetype type = napi_undefined;
    napi_typeof(env_, values_[index], &type);
    return type != napi_undefined;
  }

  double number(std::size_t index) const {
    double value = 0;
    napi_get_value_double(env_, values_[index], &value);
    return value;
  }

  int integer(std::size_t index) const {
    std::int32_t value = 0;
    napi_get_value_int32(env_, values_[index], &value);
    return value;
  }

  bool boolean(std::size_t index) const {
    bool value = false;
    napi_get_value_bool(env_, values_[index], &value);
    return value;
  }

  /** At most 4 KiB, the longest path. */
  std::string text(std::size_t index) const {
    char buffer[4097];
    std::size_t length = 0;
    napi_get_value_string_utf8(env_, values_[index], buffer, sizeof buffer, &length);
    return std::string(buffer, length);
  }

  /** The elements of a typed array, and how many there are. */
  template <typename Element>
  std::pair<Element*, std::size_t> typedArray(std::size_t index) const {
    void* data = nullptr;
    std::size_t length = 0;
    napi_get_typedarray_info(env_, values_[index], nullptr, &length, &data, nullptr, nullptr);
    return {static_cast<Element*>(data), length};
  }

 private:
  napi_env env_;
  std::array<napi_value, Count> values_{};
};

inline void exportFunction(napi_env env, napi_value exports, const char* name, napi_callback callback) {
  napi_value function = nullptr;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
  napi_set_named_property(env, exports, name, function);
}

inline napi_value toNumber(napi_env env, double value) {
  napi_value result = nullptr;
  napi_create_double(env, value, &result);
  return result;
}

/** Throws an Error with `code`. Returns what a callback returns then. */
napi_value throwError(napi_env env, const char* code, const std::string& message);

/** Throws for the present `errno`, with its name (`EPERM`) as code, like Node's own errors. */
napi_value throwErrno(napi_env env, const char* action);

}  // namespace campanile
