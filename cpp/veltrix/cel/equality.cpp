// compare(), equals() and the search for keys, which is equality too.

#include <cstdint>

#include "veltrix/cel/fast_compare.hpp"
#include "veltrix/cel/operations.hpp"

namespace veltrix::cel {
namespace {

// Deeper than anything that JSON (64) and literals inside macros (32 each) can build.
constexpr int kMaxDepth = 192;

enum class Verdict : std::uint8_t { kDiffer, kEqual, kTooMuchWork };

Verdict compare_deep(const Value& a, const Value& b, Workspace& work, int depth) noexcept;

Verdict compare_lists(const Value& a, const Value& b, Workspace& work, int depth) noexcept {
  if (a.size != b.size) return Verdict::kDiffer;
  for (std::uint32_t i = 0; i < a.size; ++i) {
    const Verdict verdict = compare_deep(a.items[i], b.items[i], work, depth + 1);
    if (verdict != Verdict::kEqual) return verdict;
  }
  return Verdict::kEqual;
}

Verdict compare_maps(const Value& a, const Value& b, Workspace& work, int depth) noexcept {
  if (a.size != b.size) return Verdict::kDiffer;
  for (std::uint32_t i = 0; i < a.size; ++i) {
    const MapEntry& entry = a.entries[i];
    // Two maps that are equal mostly come from the same producer, in the same order. Otherwise the
    // search has its price, so that large maps cannot make it quadratic for free.
    const Value* other = &b.entries[i].value;
    bool same_key = false;
    if (!quick_equals(entry.key, b.entries[i].key, same_key) || !same_key) {
      if (!work.spend(1 + b.size / 32)) return Verdict::kTooMuchWork;
      other = find(b, entry.key);
      if (other == nullptr) return Verdict::kDiffer;
    }
    const Verdict verdict = compare_deep(entry.value, *other, work, depth + 1);
    if (verdict != Verdict::kEqual) return verdict;
  }
  return Verdict::kEqual;
}

Verdict compare_deep(const Value& a, const Value& b, Workspace& work, int depth) noexcept {
  if (depth > kMaxDepth || !work.spend()) return Verdict::kTooMuchWork;
  bool equal = false;
  if (quick_equals(a, b, equal)) {
    const bool texts = a.kind == b.kind && (a.kind == Kind::kString || a.kind == Kind::kBytes);
    if (texts && a.size == b.size && !work.spend_bytes(a.size)) return Verdict::kTooMuchWork;
    return equal ? Verdict::kEqual : Verdict::kDiffer;
  }
  if (a.kind == Kind::kList) return compare_lists(a, b, work, depth);
  if (a.kind == Kind::kMap) return compare_maps(a, b, work, depth);
  return Verdict::kDiffer;  // errors, which nobody asks about
}

const Value* find_exact(const Value& map, const Value& key) noexcept {
  for (const MapEntry& entry : map.map_entries()) {
    bool equal = false;
    if (entry.key.kind == key.kind && quick_equals(entry.key, key, equal) && equal) {
      return &entry.value;
    }
  }
  return nullptr;
}

// 2^63 and 2^64: the first doubles beyond int and uint.
constexpr double kIntEnd = 9'223'372'036'854'775'808.0;
constexpr double kUintEnd = 18'446'744'073'709'551'616.0;

bool as_int_key(const Value& number, Value& key) noexcept {
  if (number.kind == Kind::kUint) {
    if (number.uinteger > static_cast<std::uint64_t>(INT64_MAX)) return false;
    key = Value::of(static_cast<std::int64_t>(number.uinteger));
    return true;
  }
  const double real = number.real;
  if (!(real >= -kIntEnd && real < kIntEnd)) return false;
  const auto integer = static_cast<std::int64_t>(real);
  key = Value::of(integer);
  return static_cast<double>(integer) == real;
}

bool as_uint_key(const Value& number, Value& key) noexcept {
  if (number.kind == Kind::kInt) {
    if (number.integer < 0) return false;
    key = Value::of(static_cast<std::uint64_t>(number.integer));
    return true;
  }
  const double real = number.real;
  if (!(real >= 0 && real < kUintEnd)) return false;
  const auto integer = static_cast<std::uint64_t>(real);
  key = Value::of(integer);
  return static_cast<double>(integer) == real;
}

std::partial_ordering compare_texts(const Value& a, const Value& b) noexcept {
  return a.view() <=> b.view();  // bytes as unsigned char: in UTF-8 the order of code points
}

std::partial_ordering compare_times(const Value& a, const Value& b) noexcept {
  return a.integer != b.integer ? a.integer <=> b.integer : a.size <=> b.size;
}

}  // namespace

std::partial_ordering compare(const Value& a, const Value& b, bool& nan) noexcept {
  std::partial_ordering order = std::partial_ordering::unordered;
  nan = false;
  if (quick_compare(a, b, order)) {
    nan = order == std::partial_ordering::unordered;
    return order;
  }
  if (a.kind != b.kind) return order;
  switch (a.kind) {
    case Kind::kBool:
      return static_cast<int>(a.boolean) <=> static_cast<int>(b.boolean);
    case Kind::kString:
    case Kind::kBytes:
      return compare_texts(a, b);
    case Kind::kTimestamp:
    case Kind::kDuration:
      return compare_times(a, b);
    default:
      return order;
  }
}

Value equals(const Value& a, const Value& b, Workspace& work) noexcept {
  if (a.is_error()) return a;
  if (b.is_error()) return b;
  const Verdict verdict = compare_deep(a, b, work, 0);
  if (verdict == Verdict::kTooMuchWork) return Value::error(Reason::kTooMuchWork);
  return Value::of(verdict == Verdict::kEqual);
}

Value select(const Value& map, std::string_view name) noexcept {
  if (map.is_error()) return map;
  if (map.kind != Kind::kMap) return Value::error(Reason::kNoOverload);
  const Value* const member = find_exact(map, Value::string(name));
  return member != nullptr ? *member : Value::error(Reason::kMissing);
}

// The key's own kind comes first: a literal may hold 1 and 1u, two keys of the same value.
const Value* find(const Value& map, const Value& key) noexcept {
  if (map.kind != Kind::kMap) return nullptr;
  Value other;
  if (key.kind != Kind::kDouble) {
    const Value* const exact = find_exact(map, key);
    if (exact != nullptr || !is_number(key.kind)) return exact;
  }
  if (key.kind != Kind::kInt && as_int_key(key, other)) {
    const Value* const found = find_exact(map, other);
    if (found != nullptr) return found;
  }
  return key.kind != Kind::kUint && as_uint_key(key, other) ? find_exact(map, other) : nullptr;
}

}  // namespace veltrix::cel
