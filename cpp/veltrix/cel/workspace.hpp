#pragma once
// What evaluation needs besides the values: memory and a budget, both for one event, both bounded.
// One thread's; begun anew for each event, keeps its blocks.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace re2 {
class RE2;
}

namespace veltrix::cel {

inline constexpr std::uint32_t kMaxSteps = 10'000;  // of all expressions over one event
inline constexpr std::size_t kMaxArenaBytes = std::size_t{4} << 20;

/// Bump allocation; nothing is given back before reset(). Null when the bound is reached.
class Arena {
 public:
  void* allocate(std::size_t bytes) noexcept;  // aligned to 16
  template <class T>
  T* array(std::size_t count) noexcept {
    return static_cast<T*>(allocate(count * sizeof(T)));
  }
  char* text(std::size_t bytes) noexcept { return static_cast<char*>(allocate(bytes)); }
  void reset() noexcept;

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };
  std::vector<Block> blocks_;
  std::size_t block_ = 0;
  std::size_t used_ = 0;   // of the block at hand
  std::size_t total_ = 0;  // of all blocks since reset()
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
  /// A pattern that an event computes; compiled ones are kept, a few. Null: it cannot be used.
  const re2::RE2* pattern(std::string_view text);

 private:
  std::unordered_map<std::string, std::unique_ptr<re2::RE2>> patterns_;
};

}  // namespace veltrix::cel
