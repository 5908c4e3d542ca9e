#pragma once
// "did you mean": the name that somebody most likely wanted to write.

#include <string>
#include <string_view>
#include <vector>

namespace veltrix::cel {

/// The nearest of `names` within two slips (one for short names); "" where none is near.
/// A slip: a letter left out, put in, changed, or swapped with its neighbour.
std::string_view nearest(std::string_view wanted, const std::vector<std::string_view>& names);

/// "did you mean 'startsWith'?", or "".
std::string did_you_mean(std::string_view wanted, const std::vector<std::string_view>& names);

}  // namespace veltrix::cel
