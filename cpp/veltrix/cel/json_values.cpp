// from_json(): a recursive descent over text that veltrix/event has validated, so that a fault here
// means a broken caller. Even then nothing is read outside the text; the answer is an error.

#include <algorithm>
#include <cstring>

#include "veltrix/base/limits.hpp"
#include "veltrix/cel/fast_compare.hpp"
#include "veltrix/cel/number_text.hpp"
#include "veltrix/cel/operations.hpp"
#include "veltrix/event/json_text.hpp"

namespace veltrix::cel {
namespace {

/// Items of a list or map whose number nobody knows yet: a few on the stack, then in the arena,
/// doubling, so that at most half of the arena is lost to it.
template <class T>
class Growing {
 public:
  bool push(const T& item, Arena& arena) noexcept {
    if (size_ == capacity_ && !grow(arena)) return false;
    items_[size_++] = item;
    return true;
  }
  std::span<T> items() noexcept { return {items_, size_}; }
  /// Where they may stay: what is on the stack is copied.
  T* keep(Arena& arena) noexcept {
    if (items_ != few_ || size_ == 0) return items_;
    T* const kept = arena.array<T>(size_);
    if (kept != nullptr) std::copy_n(items_, size_, kept);
    return kept;
  }
  std::size_t size() const noexcept { return size_; }
  void shrink(std::size_t size) noexcept { size_ = size; }

 private:
  bool grow(Arena& arena) noexcept {
    T* const more = arena.array<T>(2 * capacity_);
    if (more == nullptr) return false;
    std::copy_n(items_, size_, more);
    items_ = more;
    capacity_ *= 2;
    return true;
  }

  static constexpr std::size_t kFew = 8;
  T few_[kFew];
  T* items_ = few_;
  std::size_t size_ = 0;
  std::size_t capacity_ = kFew;
};

// Up to here every name is compared with every other one; above, they are sorted.
constexpr std::size_t kFewMembers = 16;

bool is_before(const Value& a, const Value& b) noexcept {
  // Sizes first: any order will do that brings equal names together, and this one is cheap.
  if (a.size != b.size) return a.size < b.size;
  return a.size != 0 && std::memcmp(a.text, b.text, a.size) < 0;
}

/// Of equal names the last value counts, at the place of the first. Null memory: false.
bool merge_equal_names(std::span<MapEntry> entries, std::size_t& size, Arena& arena) noexcept {
  const std::size_t count = entries.size();
  auto* const order = arena.array<std::uint32_t>(count);
  auto* const gone = arena.array<bool>(count);
  if (order == nullptr || gone == nullptr) return false;
  for (std::uint32_t i = 0; i < count; ++i) order[i] = i;
  std::fill_n(gone, count, false);
  std::sort(order, order + count, [&](std::uint32_t a, std::uint32_t b) noexcept {
    if (is_before(entries[a].key, entries[b].key)) return true;
    return !is_before(entries[b].key, entries[a].key) && a < b;
  });
  for (std::size_t i = 1, first = 0; i < count; ++i) {
    if (same_text(entries[order[first]].key, entries[order[i]].key)) {
      entries[order[first]].value = entries[order[i]].value;
      gone[order[i]] = true;
    } else {
      first = i;
    }
  }
  size = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!gone[i]) entries[size++] = entries[i];
  }
  return true;
}

class JsonValues {
 public:
  JsonValues(std::string_view text, Workspace& work) noexcept
      : at_(text.data()), end_(at_ + text.size()), work_(work) {}

  Value read(std::size_t depth) noexcept {
    if (!work_.spend()) return Value::error(Reason::kTooMuchWork);
    switch (next()) {
      case '{':
        return depth < kMaxJsonDepth ? object(depth + 1) : broken();
      case '[':
        return depth < kMaxJsonDepth ? array(depth + 1) : broken();
      case '"':
        return string();
      case 't':
        return literal("true", Value::of(true));
      case 'f':
        return literal("false", Value::of(false));
      case 'n':
        return literal("null", Value::null());
      default:
        return number();
    }
  }

 private:
  static Value broken() noexcept { return Value::error(Reason::kBadConversion); }
  static Value no_memory() noexcept { return Value::error(Reason::kTooMuchMemory); }

  /// The next byte that is no white space, not taken; '\0' at the end.
  char next() noexcept {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
    return at_ == end_ ? '\0' : *at_;
  }
  bool take(char expected) noexcept {
    if (next() != expected) return false;
    ++at_;
    return true;
  }
  Value literal(std::string_view name, Value value) noexcept {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(name)) {
      return broken();
    }
    at_ += name.size();
    return value;
  }

  Value array(std::size_t depth) noexcept {
    ++at_;
    Growing<Value> items;
    if (take(']')) return Value::list({});
    do {
      const Value item = read(depth);
      if (item.is_error()) return item;
      if (!items.push(item, work_.arena)) return no_memory();
    } while (take(','));
    if (!take(']')) return broken();
    const Value* const kept = items.keep(work_.arena);
    return kept == nullptr ? no_memory() : Value::list({kept, items.size()});
  }

  Value object(std::size_t depth) noexcept {
    ++at_;
    Growing<MapEntry> entries;
    if (take('}')) return Value::map({});
    do {
      if (next() != '"') return broken();
      MapEntry entry{string(), {}};
      if (entry.key.is_error()) return entry.key;
      if (!take(':')) return broken();
      entry.value = read(depth);
      if (entry.value.is_error()) return entry.value;
      if (entries.size() < kFewMembers && replace(entries.items(), entry)) continue;
      if (!entries.push(entry, work_.arena)) return no_memory();
    } while (take(','));
    if (!take('}')) return broken();
    if (entries.size() > kFewMembers) {
      std::size_t size = 0;
      if (!merge_equal_names(entries.items(), size, work_.arena)) return no_memory();
      entries.shrink(size);
    }
    const MapEntry* const kept = entries.keep(work_.arena);
    return kept == nullptr ? no_memory() : Value::map({kept, entries.size()});
  }

  static bool replace(std::span<MapEntry> entries, const MapEntry& entry) noexcept {
    for (MapEntry& other : entries) {
      if (same_text(other.key, entry.key)) {
        other.value = entry.value;
        return true;
      }
    }
    return false;
  }

  Value string() noexcept {
    const char* const begin = ++at_;
    bool escaped = false;
    for (; at_ != end_ && *at_ != '"'; ++at_) {
      if (*at_ != '\\') continue;
      escaped = true;
      if (++at_ == end_) break;
    }
    if (at_ == end_) return broken();
    const std::string_view raw(begin, static_cast<std::size_t>(at_++ - begin));
    if (!escaped) return Value::string(raw);
    char* const out = work_.arena.text(raw.size());
    if (out == nullptr) return no_memory();
    return Value::string({out, write_unescaped(raw, out)});
  }

  Value number() noexcept {
    const char* const begin = at_;
    bool integral = true;
    for (; at_ != end_ && is_of_number(*at_); ++at_) {
      integral = integral && *at_ != '.' && *at_ != 'e' && *at_ != 'E';
    }
    const std::string_view text(begin, static_cast<std::size_t>(at_ - begin));
    std::int64_t integer = 0;
    if (integral && read_int(text, integer)) return Value::of(integer);
    std::uint64_t uinteger = 0;
    if (integral && read_uint(text, uinteger)) return Value::of(uinteger);
    double real = 0;
    return read_double(text, real) ? Value::of(real) : broken();
  }
  static bool is_of_number(char c) noexcept {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
  }

  const char* at_;
  const char* end_;
  Workspace& work_;
};

}  // namespace

Value from_json(std::string_view json, Workspace& work) noexcept {
  return JsonValues(json, work).read(0);
}

}  // namespace veltrix::cel
