#pragma once
// Deletion from a table with linear probing, without tombstones (Knuth, The Art of Computer
// Programming 3, 6.4, algorithm R).

#include <cstddef>

namespace veltrix {

/// Whatever probed past the hole moves into it. `entries`: a power of two of them, at least one
/// free; `home_of(entry)`: any number whose low bits are the place where its probing begins.
/// Returns the place that is left over: it is the caller's to clear.
template <class Entries, class IsFree, class HomeOf>
std::size_t shift_back(Entries& entries, std::size_t hole, const IsFree& is_free,
                       const HomeOf& home_of) noexcept {
  const std::size_t mask = entries.size() - 1;
  for (std::size_t at = (hole + 1) & mask; !is_free(entries[at]); at = (at + 1) & mask) {
    const std::size_t home = home_of(entries[at]);
    if (((at - home) & mask) < ((at - hole) & mask)) continue;
    entries[hole] = entries[at];
    hole = at;
  }
  return hole;
}

}  // namespace veltrix
