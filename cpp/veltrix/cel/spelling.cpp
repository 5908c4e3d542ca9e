#include "veltrix/cel/spelling.hpp"

#include <algorithm>
#include <cstddef>

namespace veltrix::cel {
namespace {

char small(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr std::size_t kLongestName = 64;  // longer ones are nobody's slip

/// Damerau's distance, three rows of the table at a time; a wrong case costs nothing.
std::size_t slips(std::string_view a, std::string_view b) {
  std::vector<std::size_t> two_above(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = small(a[i - 1]) == small(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0U : 1U)});
      const bool swapped = i > 1 && j > 1 && small(a[i - 1]) == small(b[j - 2]) &&
                           small(a[i - 2]) == small(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], two_above[j - 2] + 1);
    }
    two_above.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view wanted, const std::vector<std::string_view>& names) {
  if (wanted.size() > kLongestName) return "";
  const std::size_t allowed = wanted.size() <= 4 ? 1 : 2;
  std::string_view best;
  std::size_t fewest = allowed + 1;
  for (const std::string_view name : names) {
    if (name.size() > wanted.size() + allowed || wanted.size() > name.size() + allowed) continue;
    const std::size_t count = slips(wanted, name);
    if (count < fewest) {
      fewest = count;
      best = name;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view wanted, const std::vector<std::string_view>& names) {
  const std::string_view name = nearest(wanted, names);
  return name.empty() ? "" : "did you mean '" + std::string(name) + "'?";
}

}  // namespace veltrix::cel
