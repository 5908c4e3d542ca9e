#include "veltrix/event/type_table.hpp"

#include <bit>
#include <cassert>
#include <cstring>

namespace veltrix {

TypeTable::TypeTable() : by_id_(std::make_unique<std::atomic<const std::string*>[]>(kMaxTypes)) {}

std::uint32_t TypeTable::intern(std::string_view type) {
  // A long text would be kept for ever on behalf of one producer; it travels in the slot instead.
  if (type.size() > kMaxInternedTypeBytes) return kNoType;
  const std::lock_guard lock(mutex_);
  if (const auto found = ids_.find(type); found != ids_.end()) return found->second;
  // Relaxed: only the holder of mutex_ writes it.
  const std::uint32_t id = size_.load(std::memory_order_relaxed);
  if (id == kMaxTypes) return kNoType;
  const std::string& text = texts_.emplace_back(type);
  ids_.emplace(text, id);
  // Release, twice: whoever learns of the id by text() or by size() sees the finished string.
  by_id_[id].store(&text, std::memory_order_release);
  size_.store(id + 1, std::memory_order_release);
  return id;
}

std::string_view TypeTable::text(std::uint32_t id) const noexcept {
  assert(id < kMaxTypes);
  // Acquire: pairs with the store in intern(), so that the string's bytes are visible.
  const std::string* text = by_id_[id].load(std::memory_order_acquire);
  assert(text != nullptr);
  return *text;
}

/// By its size and its end: a pipeline's types differ there, and they begin alike.
TypeCache::Recent& TypeCache::recent_at(std::string_view type) noexcept {
  std::uint64_t end = 0;
  if (type.size() >= sizeof end) {
    std::memcpy(&end, type.data() + type.size() - sizeof end, sizeof end);
  }
  constexpr std::uint64_t kOdd = 0x9E37'79B9'7F4A'7C15;  // 2^64 / golden ratio: mixes upwards
  return recent_[((end ^ type.size()) * kOdd) >> (64 - std::bit_width(kRecent - 1))];
}

std::uint32_t TypeCache::intern(std::string_view type) {
  Recent& recent = recent_at(type);
  if (recent.id != kNoType && recent.text == type) return recent.id;
  const std::uint32_t id = find_or_ask(type);
  if (id != kNoType) recent = {table_.text(id), id};
  return id;
}

std::uint32_t TypeCache::find_or_ask(std::string_view type) {
  if (const auto found = ids_.find(type); found != ids_.end()) return found->second;
  const std::uint32_t id = table_.intern(type);
  // The key is the table's own text, which lives as long as the table. What the table refuses is
  // not remembered: such texts are unbounded in number.
  if (id != kNoType) ids_.emplace(table_.text(id), id);
  return id;
}

}  // namespace veltrix
