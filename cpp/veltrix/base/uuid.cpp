#include "veltrix/base/uuid.hpp"

#include <bit>
#include <cstring>

namespace veltrix {
namespace {

constexpr std::uint64_t kMillisecondMask = (std::uint64_t{1} << 48) - 1;
constexpr std::uint64_t kCounterLimit = std::uint64_t{1} << 12;  // the 12 bits of rand_a
constexpr std::uint64_t kTailLimit = std::uint64_t{1} << 62;     // the 62 bits of rand_b
constexpr std::uint64_t kVersion7 = std::uint64_t{7} << 12;
constexpr std::uint64_t kVariantRfc = std::uint64_t{2} << 62;
constexpr std::int64_t kNanosecondsPerMillisecond = 1'000'000;

/// splitmix64 (Steele, Lea, Flood 2014): 64 bits of state, every output distinct over the period.
std::uint64_t next_random(std::uint64_t& state) noexcept {
  std::uint64_t z = (state += 0x9E37'79B9'7F4A'7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EBULL;
  return z ^ (z >> 31);
}

void store_big_endian(std::uint64_t value, std::uint8_t* out) noexcept {
  if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap64(value);
  std::memcpy(out, &value, sizeof value);
}

struct HexPairs {
  char text[256][2];
  constexpr HexPairs() : text{} {
    constexpr char kDigits[] = "0123456789abcdef";
    for (int i = 0; i < 256; ++i) {
      text[i][0] = kDigits[i >> 4];
      text[i][1] = kDigits[i & 15];
    }
  }
};
constexpr HexPairs kHex;

}  // namespace

void write_uuid(const Uuid& uuid, char* out) noexcept {
  constexpr std::size_t kPlaces[] = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    std::memcpy(out + kPlaces[i], kHex.text[uuid.bytes[i]], 2);
  }
  out[8] = out[13] = out[18] = out[23] = '-';
}

UuidV7Generator::UuidV7Generator(std::uint64_t seed) noexcept : random_state_(seed) {}

Uuid UuidV7Generator::next(std::int64_t wall_ns) noexcept {
  const std::int64_t clamped = wall_ns < 0 ? 0 : wall_ns;
  const auto ms = static_cast<std::uint64_t>(clamped / kNanosecondsPerMillisecond);
  const std::uint64_t random = next_random(random_state_);
  if (ms > last_ms_) {
    last_ms_ = ms;
    restart(random);
  } else if ((tail_ += (random >> 32) + 1) >= kTailLimit) {
    // The same or an earlier millisecond: step up by a random amount, carry into the counter, and
    // when that is full borrow the next millisecond.
    tail_ &= kTailLimit - 1;
    if (++counter_ == kCounterLimit) {
      ++last_ms_;
      restart(random);
    }
  }
  Uuid uuid;
  store_big_endian((last_ms_ & kMillisecondMask) << 16 | kVersion7 | counter_, uuid.bytes.data());
  store_big_endian(kVariantRfc | tail_, uuid.bytes.data() + 8);
  return uuid;
}

void UuidV7Generator::restart(std::uint64_t random) noexcept {
  tail_ = random & (kTailLimit - 1);
  // The top bit stays clear: 2,048 carries of room before a millisecond must be borrowed.
  counter_ = next_random(random_state_) & (kCounterLimit / 2 - 1);
}

}  // namespace veltrix
