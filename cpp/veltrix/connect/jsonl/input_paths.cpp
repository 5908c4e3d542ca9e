#include "veltrix/connect/jsonl/input_paths.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <unordered_set>

#include <glob.h>
#include <sys/stat.h>

#include "veltrix/connect/jsonl/file_handle.hpp"

namespace veltrix {
namespace {

bool exists(const std::string& path) {
  struct stat status;
  return ::stat(path.c_str(), &status) == 0;
}

bool is_pattern(const std::string& path) {
  return path != kStandardStream && path.find_first_of("*?[") != std::string::npos && !exists(path);
}

/// A folder that is not there has no files; one that may not be listed is an error.
int stops_listing(const char*, int error) { return error != ENOENT && error != ENOTDIR; }

Result<std::vector<std::string>> list_files(const std::string& pattern) {
  glob_t found{};
  // GLOB_NOSORT: its own sorting follows the locale, ours the bytes, the same on every machine.
  const int outcome = ::glob(pattern.c_str(), GLOB_NOSORT, stops_listing, &found);
  const std::unique_ptr<glob_t, decltype(&::globfree)> owner(&found, &::globfree);
  if (outcome == GLOB_NOMATCH) {
    return fail(ErrorCode::kIo, "no file matches \"" + pattern +
                                    "\"; correct the pattern, or the folder in which you start "
                                    "(relative paths begin there)");
  }
  if (outcome != 0) {
    return fail_errno("list the files of", pattern, "check the folder and its permissions");
  }
  std::vector<std::string> files(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  std::sort(files.begin(), files.end());
  return files;
}

/// Equal for all spellings of one file, links included.
std::string identity(const std::string& path) {
  std::error_code ignored;
  const auto real = std::filesystem::canonical(path, ignored);
  return ignored || path == kStandardStream ? path : real.string();
}

}  // namespace

Result<std::vector<std::string>> expand_input_paths(const std::vector<std::string>& paths) {
  if (paths.empty()) {
    return fail(ErrorCode::kInvalidOption,
                "no path is listed; write a file, a pattern such as in/*.jsonl, or \"-\"");
  }
  std::vector<std::string> files;
  std::unordered_set<std::string> seen;
  for (const std::string& path : paths) {
    Result<std::vector<std::string>> found = std::vector<std::string>{path};
    if (is_pattern(path)) found = list_files(path);
    if (!found) return found;
    for (std::string& file : *found) {
      if (seen.insert(identity(file)).second) files.push_back(std::move(file));
    }
  }
  return files;
}

}  // namespace veltrix
