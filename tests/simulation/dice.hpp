#pragma once
// Every random choice of a run comes from one of these, so that a seed says everything.

#include <cmath>
#include <cstdint>
#include <initializer_list>

namespace veltrix::simulation {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) noexcept : state_(seed * 0x9E37'79B9'7F4A'7C15ULL + 1) {}

  std::uint64_t next() noexcept {  // xorshift64* (S. Vigna, 2014)
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545'F491'4F6C'DD1DULL;
  }
  /// 0 … bound - 1
  std::uint64_t below(std::uint64_t bound) noexcept { return (next() >> 11) % bound; }
  std::int64_t between(std::int64_t low, std::int64_t high) noexcept {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  bool chance(double probability) noexcept { return unit() < probability; }
  double unit() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  /// Every order of magnitude between the two is as likely as the next.
  std::int64_t spread(std::int64_t low, std::int64_t high) noexcept {
    const double from = std::log(static_cast<double>(low));
    const double to = std::log(static_cast<double>(high));
    return static_cast<std::int64_t>(std::exp(from + (to - from) * unit()));
  }
  template <class T>
  T one_of(std::initializer_list<T> choices) noexcept {
    return *(choices.begin() + below(choices.size()));
  }

 private:
  std::uint64_t state_;
};

/// What happened, as one number: two runs of a seed must agree on it.
class Trace {
 public:
  void add(std::uint64_t value) noexcept {  // FNV-1a over eight bytes at once
    hash_ = (hash_ ^ value) * 0x0000'0100'0000'01B3ULL;
    hash_ ^= hash_ >> 29;
  }
  template <class... Values>
  void add_all(Values... values) noexcept {
    (add(static_cast<std::uint64_t>(values)), ...);
  }
  std::uint64_t hash() const noexcept { return hash_; }

 private:
  std::uint64_t hash_ = 0xCBF2'9CE4'8422'2325ULL;
};

}  // namespace veltrix::simulation
