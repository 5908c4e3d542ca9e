#include "veltrix/connect/jsonl/append_file.hpp"

#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include "veltrix/connect/jsonl/gzip_member.hpp"
#include "veltrix/connect/jsonl/input_paths.hpp"

namespace veltrix {
namespace {

constexpr std::string_view kWriteCure = "free space, or choose another path";

Result<void> make_folders(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (!error) return {};
  return fail_errno("create the folder of", path, "check the path and its permissions",
                    error.value());
}

/// Whether the file's last byte leaves a line open. A file that may not be read counts as whole.
bool ends_torn(const std::string& path, off_t size) {
  if (size == 0) return false;
  const FileHandle reader = FileHandle::own(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char last = '\n';
  return reader.is_open() && ::pread(reader.get(), &last, 1, size - 1) == 1 && last != '\n';
}

}  // namespace

Result<void> AppendFile::open(const std::string& path, bool truncate, Content content) {
  const bool standard = path == kStandardStream;
  content_ = content;
  path_ = standard ? "standard output" : path;
  if (standard) {
    handle_ = FileHandle::borrow(STDOUT_FILENO);
  } else {
    if (auto made = make_folders(path); !made) return made;
    const int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (truncate ? O_TRUNC : 0);
    handle_ = FileHandle::own(::open(path.c_str(), flags, 0666));
  }
  struct stat status;
  if (!handle_.is_open() || ::fstat(handle_.get(), &status) != 0) {
    const int error = errno;
    handle_ = FileHandle();
    return fail_errno("open", path_, "check the path and its permissions", error);
  }
  // Standard output may be a file that the shell shares among programs: never cut, never looked at.
  regular_ = S_ISREG(status.st_mode) && !standard;
  expected_size_ = static_cast<std::uint64_t>(status.st_size);
  uncommitted_ = 0;
  torn_ = false;
  return regular_ ? mend(path) : Result<void>();
}

/// What a killed process left half written must not spoil what follows it.
Result<void> AppendFile::mend(const std::string& path) {
  if (content_ == Content::kLines) {
    torn_ = ends_torn(path, static_cast<off_t>(expected_size_));
    return {};
  }
  const auto whole = whole_members(path);
  if (!whole) return tl::make_unexpected(whole.error());
  if (*whole == expected_size_) return {};
  if (::ftruncate(handle_.get(), static_cast<off_t>(*whole)) != 0) {
    return fail_errno("cut the torn end off", path_, kWriteCure);
  }
  expected_size_ = *whole;
  return {};
}

Result<void> AppendFile::write_fully(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(handle_.get(), bytes.data(), bytes.size());
    if (written < 0) {
      const int error = errno;
      if (error == EINTR) continue;
      if (error != EAGAIN) return fail_errno("write", path_, kWriteCure, error);
      pollfd waited{handle_.get(), POLLOUT, 0};
      ::poll(&waited, 1, -1);
      continue;
    }
    const auto count = static_cast<std::size_t>(written);
    if (count > 0) torn_ = content_ == Content::kLines && bytes[count - 1] != '\n';
    uncommitted_ += count;
    expected_size_ += count;
    bytes.remove_prefix(count);
  }
  return {};
}

Result<void> AppendFile::write(std::string_view bytes) {
  if (torn_) {
    if (auto ended = write_fully("\n"); !ended) return ended;
    commit();  // it belongs to the torn line, and stays
  }
  return write_fully(bytes);
}

void AppendFile::roll_back() noexcept {
  const std::uint64_t kept = expected_size_ - uncommitted_;
  struct stat status;
  // Only where the file ends as we left it: cutting off the lines of another writer would be worse
  // than a torn one, which the next write() ends.
  if (uncommitted_ > 0 && regular_ && ::fstat(handle_.get(), &status) == 0 &&
      static_cast<std::uint64_t>(status.st_size) == expected_size_ &&
      ::ftruncate(handle_.get(), static_cast<off_t>(kept)) == 0) {
    expected_size_ = kept;
    torn_ = false;
  }
  uncommitted_ = 0;
}

Result<void> AppendFile::close() {
  if (handle_.close()) return {};
  return fail_errno("close", path_, "the last lines may be missing");
}

}  // namespace veltrix
