#pragma once
// A file descriptor that is closed by its owner, or borrowed (standard input and output).

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include <unistd.h>

#include "veltrix/base/error.hpp"

namespace veltrix {

class FileHandle {
 public:
  FileHandle() = default;
  static FileHandle own(int fd) { return FileHandle(fd, true); }
  static FileHandle borrow(int fd) { return FileHandle(fd, false); }
  ~FileHandle() { close(); }
  FileHandle(FileHandle&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), owned_(other.owned_) {}
  FileHandle& operator=(FileHandle&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(owned_, other.owned_);
    return *this;
  }

  int get() const noexcept { return fd_; }
  bool is_open() const noexcept { return fd_ >= 0; }
  bool is_owned() const noexcept { return owned_; }
  /// False, with errno set, when the system reports a late write error.
  bool close() noexcept {
    const int fd = std::exchange(fd_, -1);
    return fd < 0 || !owned_ || ::close(fd) == 0;
  }

 private:
  FileHandle(int fd, bool owned) : fd_(fd), owned_(owned) {}

  int fd_ = -1;
  bool owned_ = false;
};

/// `cannot read "x.jsonl": No such file or directory; <cure>`, from the errno of the last call.
inline tl::unexpected<Error> fail_errno(std::string_view what, const std::string& path,
                                        std::string_view cure, int error = errno) {
  return fail(ErrorCode::kIo, "cannot " + std::string(what) + " \"" + path +
                                  "\": " + std::strerror(error) + "; " + std::string(cure));
}

}  // namespace veltrix
