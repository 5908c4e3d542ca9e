#pragma once
// From what a source's `path:` says to the files that it reads, in order.

#include <string>
#include <string_view>
#include <vector>

#include "veltrix/base/error.hpp"

namespace veltrix {

inline constexpr std::string_view kStandardStream = "-";  // standard input or output

/// Paths stay in their order; a pattern with * ? or [ gives its files in byte order of their names;
/// a file that is named twice is read once, where it is named first. A path that exists is taken as
/// it stands, whatever characters it holds. kInvalidOption: nothing listed. kIo: a pattern without
/// any file, or a folder that cannot be listed.
Result<std::vector<std::string>> expand_input_paths(const std::vector<std::string>& paths);

}  // namespace veltrix
