#pragma once
// A value of the language: 16 bytes, trivially copied, owns nothing. Texts, lists and maps point
// into a constant, into the event under evaluation, or into its Arena, and live as long as these.
// An error is a value too: it travels through operators until && or || absorbs it.

#include <cstdint>
#include <span>
#include <string_view>

#include "veltrix/event/slot.hpp"

namespace veltrix::cel {

enum class Kind : std::uint8_t {
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kTimestamp,
  kDuration,
  kList,
  kMap,
  kType,
  kError,
};

/// Why there is no value. Names of the reasons, for people and counters: reason_of().
enum class Reason : std::uint8_t {
  kMissing,        // no such member, key or attribute: a filter does not match
  kNoOverload,     // the operator or function does not take values of these kinds
  kOverflow,       // of int, uint, timestamp or duration
  kDivideByZero,   // and modulo
  kOutOfBounds,    // index of a list
  kBadConversion,  // text that is no number, time …; a number that does not fit
  kBadPattern,     // a regular expression, computed from the event, that cannot be used
  kBadTimeZone,
  kDuplicateKey,   // of a map literal
  kTooMuchWork,    // the step budget of the event is used up
  kTooMuchMemory,  // the arena's bound is reached
};

struct MapEntry;

struct Value {
  Kind kind = Kind::kNull;
  Reason reason = Reason::kMissing;  // kError
  std::uint16_t reserved = 0;
  // kString, kBytes: bytes; kList: items; kMap: entries; kTimestamp, kDuration: nanoseconds
  // 0 … 999,999,999 (time = seconds + nanoseconds, also when negative); kError: the node of the
  // program at which it arose.
  std::uint32_t size = 0;
  union {
    bool boolean;
    std::int64_t integer;  // kInt; kTimestamp, kDuration: seconds
    std::uint64_t uinteger;
    double real;
    const char* text;         // kString (valid UTF-8), kBytes
    const Value* items;       // kList
    const MapEntry* entries;  // kMap: keys are bool, int, uint or string, each once
    Kind type;                // kType
  };

  constexpr Value() noexcept : integer(0) {}

  static Value null() noexcept { return {}; }
  static Value of(bool value) noexcept;
  static Value of(std::int64_t value) noexcept;
  static Value of(std::uint64_t value) noexcept;
  static Value of(double value) noexcept;
  static Value string(std::string_view text) noexcept;
  static Value bytes(std::string_view bytes) noexcept;
  static Value timestamp(std::int64_t seconds, std::uint32_t nanoseconds) noexcept;
  static Value duration(std::int64_t seconds, std::uint32_t nanoseconds) noexcept;
  static Value list(std::span<const Value> items) noexcept;
  static Value map(std::span<const MapEntry> entries) noexcept;
  static Value type_of(Kind kind) noexcept;
  static Value error(Reason reason, std::uint32_t node = 0) noexcept;

  bool is_error() const noexcept { return kind == Kind::kError; }
  bool is_true() const noexcept { return kind == Kind::kBool && boolean; }
  std::string_view view() const noexcept { return {text, size}; }
  std::span<const Value> list_items() const noexcept { return {items, size}; }
  std::span<const MapEntry> map_entries() const noexcept;
};
static_assert(sizeof(Value) == 16);

struct MapEntry {
  Value key;
  Value value;
};

inline std::span<const MapEntry> Value::map_entries() const noexcept { return {entries, size}; }

inline Value Value::of(bool value) noexcept {
  Value out;
  out.kind = Kind::kBool;
  out.boolean = value;
  return out;
}
inline Value Value::of(std::int64_t value) noexcept {
  Value out;
  out.kind = Kind::kInt;
  out.integer = value;
  return out;
}
inline Value Value::of(std::uint64_t value) noexcept {
  Value out;
  out.kind = Kind::kUint;
  out.uinteger = value;
  return out;
}
inline Value Value::of(double value) noexcept {
  Value out;
  out.kind = Kind::kDouble;
  out.real = value;
  return out;
}
inline Value Value::string(std::string_view text) noexcept {
  Value out;
  out.kind = Kind::kString;
  out.size = static_cast<std::uint32_t>(text.size());
  out.text = text.data();
  return out;
}
inline Value Value::bytes(std::string_view bytes) noexcept {
  Value out = string(bytes);
  out.kind = Kind::kBytes;
  return out;
}
inline Value Value::timestamp(std::int64_t seconds, std::uint32_t nanoseconds) noexcept {
  Value out;
  out.kind = Kind::kTimestamp;
  out.size = nanoseconds;
  out.integer = seconds;
  return out;
}
inline Value Value::duration(std::int64_t seconds, std::uint32_t nanoseconds) noexcept {
  Value out = timestamp(seconds, nanoseconds);
  out.kind = Kind::kDuration;
  return out;
}
inline Value Value::list(std::span<const Value> items) noexcept {
  Value out;
  out.kind = Kind::kList;
  out.size = static_cast<std::uint32_t>(items.size());
  out.items = items.data();
  return out;
}
inline Value Value::map(std::span<const MapEntry> entries) noexcept {
  Value out;
  out.kind = Kind::kMap;
  out.size = static_cast<std::uint32_t>(entries.size());
  out.entries = entries.data();
  return out;
}
inline Value Value::type_of(Kind kind) noexcept {
  Value out;
  out.kind = Kind::kType;
  out.type = kind;
  return out;
}
inline Value Value::error(Reason reason, std::uint32_t node) noexcept {
  Value out;
  out.kind = Kind::kError;
  out.reason = reason;
  out.size = node;
  return out;
}

std::string_view name_of(Kind kind) noexcept;      // "int", "google.protobuf.Timestamp" …
std::string_view name_of(Reason reason) noexcept;  // "missing", "no_overload" …

}  // namespace veltrix::cel
