#include "veltrix/cel/arithmetic.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "veltrix/cel/time_arithmetic.hpp"

namespace veltrix::cel {
namespace {

Value no_overload() noexcept { return Value::error(Reason::kNoOverload); }
Value overflow() noexcept { return Value::error(Reason::kOverflow); }
Value too_much_memory() noexcept { return Value::error(Reason::kTooMuchMemory); }

template <class T>
Value checked(bool overflowed, const T& result) noexcept {
  return overflowed ? overflow() : Value::of(result);
}

// One operand that is empty is the usual case in chains of ?: and costs nothing.
Value join_texts(const Value& a, const Value& b, Workspace& work) noexcept {
  if (b.size == 0) return a;
  if (a.size == 0) return b;
  const std::size_t size = std::size_t{a.size} + b.size;
  char* const text = work.arena.text(size);
  if (text == nullptr) return too_much_memory();
  std::memcpy(text, a.text, a.size);
  std::memcpy(text + a.size, b.text, b.size);
  Value out = Value::string({text, size});
  out.kind = a.kind;
  return out;
}

Value join_lists(const Value& a, const Value& b, Workspace& work) noexcept {
  if (b.size == 0) return a;
  if (a.size == 0) return b;
  const std::size_t size = std::size_t{a.size} + b.size;
  auto* const items = work.arena.array<Value>(size);
  if (items == nullptr) return too_much_memory();
  std::copy_n(b.items, b.size, std::copy_n(a.items, a.size, items));
  return Value::list({items, size});
}

Value add_times(const Value& a, const Value& b) noexcept {
  if (a.kind == Kind::kDuration) {
    if (b.kind == Kind::kDuration) return add_durations(a, b);
    return b.kind == Kind::kTimestamp ? add_to_timestamp(b, a) : no_overload();
  }
  return b.kind == Kind::kDuration ? add_to_timestamp(a, b) : no_overload();
}

Value subtract_times(const Value& a, const Value& b) noexcept {
  if (b.kind == Kind::kDuration) {
    return a.kind == Kind::kDuration ? subtract_durations(a, b) : take_from_timestamp(a, b);
  }
  const bool both = a.kind == Kind::kTimestamp && b.kind == Kind::kTimestamp;
  return both ? subtract_timestamps(a, b) : no_overload();
}

bool is_time(Kind kind) noexcept { return kind == Kind::kTimestamp || kind == Kind::kDuration; }

}  // namespace

Value add(const Value& a, const Value& b, Workspace& work) noexcept {
  if (is_time(a.kind)) return add_times(a, b);
  if (a.kind != b.kind) return no_overload();
  std::int64_t sum = 0;
  std::uint64_t unsigned_sum = 0;
  switch (a.kind) {
    case Kind::kInt:
      return checked(__builtin_add_overflow(a.integer, b.integer, &sum), sum);
    case Kind::kUint:
      return checked(__builtin_add_overflow(a.uinteger, b.uinteger, &unsigned_sum), unsigned_sum);
    case Kind::kDouble:
      return Value::of(a.real + b.real);
    case Kind::kString:
    case Kind::kBytes:
      return join_texts(a, b, work);
    case Kind::kList:
      return join_lists(a, b, work);
    default:
      return no_overload();
  }
}

Value subtract(const Value& a, const Value& b) noexcept {
  if (is_time(a.kind)) return subtract_times(a, b);
  if (a.kind != b.kind) return no_overload();
  std::int64_t difference = 0;
  switch (a.kind) {
    case Kind::kInt:
      return checked(__builtin_sub_overflow(a.integer, b.integer, &difference), difference);
    case Kind::kUint:
      return checked(b.uinteger > a.uinteger, a.uinteger - b.uinteger);
    case Kind::kDouble:
      return Value::of(a.real - b.real);
    default:
      return no_overload();
  }
}

Value multiply(const Value& a, const Value& b) noexcept {
  if (a.kind != b.kind) return no_overload();
  std::int64_t product = 0;
  std::uint64_t unsigned_product = 0;
  switch (a.kind) {
    case Kind::kInt:
      return checked(__builtin_mul_overflow(a.integer, b.integer, &product), product);
    case Kind::kUint:
      return checked(__builtin_mul_overflow(a.uinteger, b.uinteger, &unsigned_product),
                     unsigned_product);
    case Kind::kDouble:
      return Value::of(a.real * b.real);
    default:
      return no_overload();
  }
}

Value divide(const Value& a, const Value& b) noexcept {
  if (a.kind != b.kind) return no_overload();
  if (a.kind == Kind::kDouble) return Value::of(a.real / b.real);
  if (a.kind != Kind::kInt && a.kind != Kind::kUint) return no_overload();
  if (b.uinteger == 0) return Value::error(Reason::kDivideByZero);
  if (a.kind == Kind::kUint) return Value::of(a.uinteger / b.uinteger);
  if (a.integer == INT64_MIN && b.integer == -1) return overflow();
  return Value::of(a.integer / b.integer);
}

Value modulo(const Value& a, const Value& b) noexcept {
  if (a.kind != b.kind || (a.kind != Kind::kInt && a.kind != Kind::kUint)) return no_overload();
  if (b.uinteger == 0) return Value::error(Reason::kDivideByZero);
  if (a.kind == Kind::kUint) return Value::of(a.uinteger % b.uinteger);
  if (a.integer == INT64_MIN && b.integer == -1) return overflow();
  return Value::of(a.integer % b.integer);
}

Value negate(const Value& a) noexcept {
  if (a.kind == Kind::kDouble) return Value::of(-a.real);
  if (a.kind != Kind::kInt) return no_overload();
  return a.integer == INT64_MIN ? overflow() : Value::of(-a.integer);
}

}  // namespace veltrix::cel
