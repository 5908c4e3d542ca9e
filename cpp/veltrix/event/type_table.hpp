#pragma once
// Event types as small numbers. One table per engine; ids are dense, given in order of first use
// and never reused. Beyond kMaxTypes, or for a text longer than kMaxInternedTypeBytes, intern()
// answers kNoType and the text travels in the slot.

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "veltrix/event/slot.hpp"

namespace veltrix {

class TypeTable {
 public:
  TypeTable();
  std::uint32_t intern(std::string_view type);             // any thread; takes a lock
  std::string_view text(std::uint32_t id) const noexcept;  // any thread; wait-free; id < size()
  std::uint32_t size() const noexcept { return size_.load(std::memory_order_acquire); }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string_view, std::uint32_t> ids_;  // GUARDED_BY(mutex_)
  std::deque<std::string> texts_;                            // GUARDED_BY(mutex_); stable addresses
  std::unique_ptr<std::atomic<const std::string*>[]> by_id_;  // published text, wait-free readers
  std::atomic<std::uint32_t> size_{0};
};

/// A producer's private cache in front of the table: a hit costs one hash and one comparison, and
/// no hash for one of the types that came last. The table outlives it.
class TypeCache {
 public:
  explicit TypeCache(TypeTable& table) noexcept : table_(table) {}
  std::uint32_t intern(std::string_view type);

 private:
  struct Recent {
    std::string_view text;
    std::uint32_t id = kNoType;
  };
  static constexpr std::size_t kRecent = 64;

  Recent& recent_at(std::string_view type) noexcept;
  std::uint32_t find_or_ask(std::string_view type);

  TypeTable& table_;
  std::unordered_map<std::string_view, std::uint32_t> ids_;  // views of the table's texts
  std::array<Recent, kRecent> recent_;                       // likewise, each at recent_at()
};

}  // namespace veltrix
