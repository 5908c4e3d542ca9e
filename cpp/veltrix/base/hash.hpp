#pragma once
// 128-bit seeded hashes (XXH3) for keys and ids. Never stored: the seed is drawn per engine.

#include <cstdint>
#include <string_view>

namespace veltrix {

struct Hash128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const Hash128&, const Hash128&) = default;
  /// The all-zero value stands for "no key" and is never returned by hash128().
  bool empty() const noexcept { return (low | high) == 0; }
};

Hash128 hash128(std::string_view bytes, std::uint64_t seed) noexcept;
/// Hash of the pair (a, b); differs from the hash of any other split of the same bytes.
Hash128 hash128(std::string_view a, std::string_view b, std::uint64_t seed) noexcept;
std::uint64_t random_seed() noexcept;

}  // namespace veltrix
