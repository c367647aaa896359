#include "map-file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <memory>

#include "node-api.h"

namespace campanile {

namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) {
      close(fd_);
    }
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  operator int() const { return fd_; }

 private:
  const int fd_;
};

/**
 * Makes the file at least so large, and reserves its blocks: a store to a hole of a full disk would
 * be a SIGBUS that ends the daemon, where a reservation that fails is an error here. File systems
 * that cannot reserve get a sparse file.
 */
bool grow(int fd, std::size_t sizeBytes) {
  if (fallocate(fd, 0, 0, static_cast<off_t>(sizeBytes)) == 0) {
    return true;
  }
  if (errno != EOPNOTSUPP) {
    return false;
  }
  struct stat status {};
  if (fstat(fd, &status) != 0) {
    return false;
  }
  return static_cast<std::size_t>(status.st_size) >= sizeBytes ||
         ftruncate(fd, static_cast<off_t>(sizeBytes)) == 0;
}

void unmap(napi_env /*env*/, void* data, void* sizeBytes) {
  munmap(data, reinterpret_cast<std::uintptr_t>(sizeBytes));
}

napi_value mapFile(napi_env env, napi_callback_info info) {
  Arguments<2> arguments(env, info);
  const std::string path = arguments.text(0);
  const auto sizeBytes = static_cast<std::size_t>(arguments.number(1));

  const FileDescriptor fd(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (fd < 0) {
    return throwErrno(env, "open file to map");
  }
  if (!grow(fd, sizeBytes)) {
    return throwErrno(env, "grow file to map");
  }
  void* const memory = mmap(nullptr, sizeBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) {
    return throwErrno(env, "map file");
  }
  napi_value buffer = nullptr;
  if (napi_create_external_arraybuffer(env, memory, sizeBytes, unmap,
                                       reinterpret_cast<void*>(sizeBytes), &buffer) != napi_ok) {
    munmap(memory, sizeBytes);
    return throwError(env, "EUNKNOWN", "mapped file could not become an ArrayBuffer");
  }
  return buffer;
}

}  // namespace

void registerMapFile(napi_env env, napi_value exports) {
  exportFunction(env, exports, "mapFile", mapFile);
}

}  // namespace campanile
