#pragma once
// Which key each event of a run has. The same numbers in every run.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace veltrix::bench {

using Keys = std::vector<std::uint32_t>;  // by number of the event

/// Every key as often as any other.
inline Keys uniform_keys(std::uint64_t count, std::uint32_t keys) {
  std::mt19937_64 random(1);
  Keys drawn(count);
  for (std::uint32_t& key : drawn) key = static_cast<std::uint32_t>(random() % keys);
  return drawn;
}

/// Zipf's law: the key of rank r, from 1 on, comes in proportion to r ^ -exponent.
inline Keys zipf_keys(std::uint64_t count, std::uint32_t keys, double exponent) {
  std::vector<double> up_to(keys);
  double sum = 0;
  for (std::uint32_t key = 0; key < keys; ++key) up_to[key] = sum += std::pow(key + 1, -exponent);
  std::mt19937_64 random(1);
  Keys drawn(count);
  for (std::uint32_t& key : drawn) {
    const double at = static_cast<double>(random() >> 11) * 0x1.0p-53 * sum;
    key = static_cast<std::uint32_t>(std::upper_bound(up_to.begin(), up_to.end(), at) -
                                     up_to.begin());
    key = std::min(key, keys - 1);  // where rounding made the sum smaller than `at`
  }
  return drawn;
}

/// A number as text of a fixed length, cheaper than any conversion to decimal.
class NumberText {
 public:
  std::string_view of(std::uint64_t number) noexcept {
    for (char& digit : text_) {
      digit = static_cast<char>('A' + (number & 15U));
      number >>= 4;
    }
    return {text_.data(), text_.size()};
  }

 private:
  std::array<char, 8> text_{};
};

}  // namespace veltrix::bench
