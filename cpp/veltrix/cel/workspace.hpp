#pragma once
// What evaluation needs besides the values: memory and a budget, both for one event, both bounded.
// One thread's; begun anew for each event, keeps its blocks.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace re2 {
class RE2;
}

namespace veltrix::cel {

inline constexpr std::uint32_t kMaxSteps = 10'000;  // of all expressions over one event
inline constexpr std::size_t kMaxArenaBytes = std::size_t{4} << 20;
/// Blocks beyond this are given back by reset(): one large event does not hold memory for good.
inline constexpr std::size_t kKeptArenaBytes = std::size_t{128} << 10;

/// Bump allocation; nothing is given back before reset(). Null when the bound is reached, or when
/// the system has no memory.
class Arena {
 public:
  Arena() noexcept = default;
  Arena(Arena&& other) noexcept { *this = std::move(other); }
  Arena& operator=(Arena&& other) noexcept;

  void* allocate(std::size_t bytes) noexcept {  // aligned to 16
    if (bytes > kMaxArenaBytes) return nullptr;
    const std::size_t rounded = (bytes + 15) & ~std::size_t{15};
    if (rounded > static_cast<std::size_t>(end_ - at_) || at_ == nullptr) return refill(rounded);
    std::byte* const place = at_;
    at_ += rounded;
    return place;
  }
  /// Uninitialised room for T, which must be trivial to copy and to destroy.
  template <class T>
  T* array(std::size_t count) noexcept {
    if (count > kMaxArenaBytes / sizeof(T)) return nullptr;
    return static_cast<T*>(allocate(count * sizeof(T)));
  }
  char* text(std::size_t bytes) noexcept { return static_cast<char*>(allocate(bytes)); }
  void reset() noexcept {
    if (at_ != nullptr) rewind();
  }

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };

  void* refill(std::size_t bytes) noexcept;  // from the next block, an old one or a new one
  void rewind() noexcept;

  std::vector<Block> blocks_;
  std::size_t block_ = 0;     // blocks in use
  std::byte* at_ = nullptr;   // free room of the last of them
  std::byte* end_ = nullptr;  //
  std::size_t total_ = 0;     // size of all blocks
};

struct Workspace {
  Workspace();
  ~Workspace();
  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;

  Arena arena;
  std::uint32_t steps = 0;  // spent on this event

  void reset() noexcept {
    arena.reset();
    steps = 0;
  }
  /// False: used up. Operators that look at n items spend n.
  bool spend(std::uint64_t count = 1) noexcept {
    if (count > kMaxSteps - steps) {
      steps = kMaxSteps;
      return false;
    }
    steps += static_cast<std::uint32_t>(count);
    return true;
  }
  /// For work whose time grows with a text: a step per KiB, none for the usual short ones.
  bool spend_bytes(std::size_t bytes) noexcept { return bytes < 1'024 || spend(bytes >> 10); }

  /// A pattern that an event computes; compiled ones are kept, a few. Null: it cannot be used.
  const re2::RE2* pattern(std::string_view text) noexcept;

 private:
  std::unordered_map<std::string, std::unique_ptr<re2::RE2>> patterns_;
};

}  // namespace veltrix::cel
