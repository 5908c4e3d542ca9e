#include "veltrix/base/hash.hpp"

#define XXH_INLINE_ALL  // keys are short: the call would cost as much as the hash
#include <sys/random.h>
#include <xxhash.h>

#include "veltrix/base/clock.hpp"

namespace veltrix {
namespace {

Hash128 never_empty(XXH128_hash_t hash) noexcept {
  if ((hash.low64 | hash.high64) == 0) hash.low64 = 1;  // zero is taken: it stands for "no key"
  return {hash.low64, hash.high64};
}

}  // namespace

Hash128 hash128(std::string_view bytes, std::uint64_t seed) noexcept {
  return never_empty(XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed));
}

Hash128 hash128(std::string_view a, std::string_view b, std::uint64_t seed) noexcept {
  const XXH128_hash_t first = XXH3_128bits_withSeed(a.data(), a.size(), seed);
  // The seed of the second half carries the first, so that ("ab", "c") and ("a", "bc") part ways;
  // the exclusive or keeps all 128 bits of the first, which the 64-bit seed alone would not.
  const std::uint64_t chained = first.low64 ^ (first.high64 << 32 | first.high64 >> 32);
  XXH128_hash_t both = XXH3_128bits_withSeed(b.data(), b.size(), chained);
  both.low64 ^= first.low64;
  both.high64 ^= first.high64;
  return never_empty(both);
}

std::uint64_t random_seed() noexcept {
  std::uint64_t seed = 0;
  // Without GRND_NONBLOCK the kernel waits for its pool at boot; 8 bytes are never cut short.
  if (getrandom(&seed, sizeof seed, 0) == static_cast<ssize_t>(sizeof seed)) return seed;
  // A sandbox without the call: weaker, but still different in each process and engine.
  const auto here = reinterpret_cast<std::uintptr_t>(&seed);
  const auto now = static_cast<std::uint64_t>(wall_ns());
  return XXH3_64bits_withSeed(&now, sizeof now, here);
}

}  // namespace veltrix
