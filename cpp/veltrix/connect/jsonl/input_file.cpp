#include "veltrix/connect/jsonl/input_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include "veltrix/connect/jsonl/input_paths.hpp"
#include "veltrix/engine/source.hpp"

namespace veltrix {
namespace {

constexpr int kWaitMs = 50;  // how late a stop may be noticed while nothing comes in

}  // namespace

Result<InputFile> InputFile::open(const std::string& path) {
  InputFile file;
  file.path_ = path == kStandardStream ? "standard input" : path;
  // O_NONBLOCK: a named pipe without a writer must not hold up the start. Regular files ignore it;
  // standard input is shared with our parent, so its flags stay as they are.
  file.handle_ = path == kStandardStream
                     ? FileHandle::borrow(STDIN_FILENO)
                     : FileHandle::own(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status;
  if (!file.handle_.is_open() || ::fstat(file.handle_.get(), &status) != 0) {
    return fail_errno("open", file.path_, "check the path and its permissions");
  }
  if (S_ISDIR(status.st_mode)) {
    return fail_errno("read", file.path_, "name files, for example with /*.jsonl", EISDIR);
  }
  file.stream_ = !S_ISREG(status.st_mode);
  if (!file.stream_) file.size_ = static_cast<std::uint64_t>(status.st_size);
  return file;
}

bool InputFile::wait(const SourceDoor& door) const noexcept {
  pollfd waited{handle_.get(), POLLIN, 0};
  while (!door.stopping()) {
    // Anything but "nothing yet" is for read() to tell: bytes, the end, or what is wrong.
    if (::poll(&waited, 1, kWaitMs) > 0) return true;
  }
  return false;
}

Result<std::size_t> InputFile::read(std::span<char> into, const SourceDoor& door) {
  for (;;) {
    if (stream_ && !wait(door)) return 0;
    const ssize_t got = ::read(handle_.get(), into.data(), into.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno == EINTR || errno == EAGAIN) continue;
    return fail_errno("read", path_, "the lines before this point were read");
  }
}

}  // namespace veltrix
