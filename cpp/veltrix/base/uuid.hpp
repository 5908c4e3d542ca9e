#pragma once
// UUIDv7 (RFC 9562): 48 bits of milliseconds, then 74 bits that are drawn afresh in each
// millisecond and step up by a random amount inside it (section 6.2, method 2), so that one
// generator's ids increase strictly without running ahead of the clock.

#include <array>
#include <cstdint>
#include <string_view>

namespace veltrix {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};
  friend bool operator==(const Uuid&, const Uuid&) = default;
};

inline constexpr std::size_t kUuidTextSize = 36;

/// Writes the 36 characters 8-4-4-4-12, lower case, without a terminator.
void write_uuid(const Uuid& uuid, char* out) noexcept;

/// One generator per thread: not synchronised. Ids of one generator increase strictly, also when
/// the wall clock stands still or jumps back; ids of different generators differ by 62 random bits
/// and more. The bits are cheap (splitmix64), not secret: an id is no password.
class UuidV7Generator {
 public:
  explicit UuidV7Generator(std::uint64_t seed) noexcept;
  Uuid next(std::int64_t wall_ns) noexcept;

 private:
  void restart(std::uint64_t random) noexcept;

  std::uint64_t last_ms_ = 0;
  std::uint64_t counter_ = 0;  // 12 bits: rand_a
  std::uint64_t tail_ = 0;     // 62 bits: rand_b
  std::uint64_t random_state_;
};

}  // namespace veltrix
