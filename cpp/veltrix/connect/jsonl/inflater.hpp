#pragma once
// gzip (RFC 1952) unpacked piece by piece, with zlib: members one behind the other, zeros behind
// the last one. Checks what the format can check: header, codes, length and CRC-32 of each member.
// One thread's at a time.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "veltrix/base/error.hpp"

struct z_stream_s;

namespace veltrix {

inline constexpr std::string_view kGzipMagic = "\x1F\x8B";

class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  struct Step {
    std::size_t taken = 0;         // of `packed`
    std::size_t given = 0;         // into `into`
    const char* damage = nullptr;  // why it does not go on; what was given before is good
  };
  /// As far as either side reaches.
  Step step(std::string_view packed, std::span<char> into) noexcept;
  /// Whether the input may end here.
  bool between_members() const noexcept { return state_ != State::kInside; }
  /// Bytes from the beginning of the input to the end of the last whole member, zeros included.
  std::uint64_t whole() const noexcept { return whole_; }

 private:
  enum class State { kBetween, kInside, kPadding };
  Step step_inside(std::string_view packed, std::span<char> into) noexcept;

  z_stream_s* stream_;
  State state_ = State::kBetween;
  std::uint64_t taken_ = 0;
  std::uint64_t whole_ = 0;
};

}  // namespace veltrix
