// all, exists, exists_one, filter and map, over the items of a list or the keys of a map.

#include "veltrix/cel/evaluator.hpp"

namespace veltrix::cel {
namespace {

/// Results of a macro that makes a list. Room for one per item: at most so many can come.
class Collected {
 public:
  Collected(std::size_t most, Arena& arena) noexcept : items_(arena.array<Value>(most)) {}
  bool has_room() const noexcept { return items_ != nullptr; }
  void add(const Value& item) noexcept { items_[size_++] = item; }
  Value list() const noexcept { return Value::list({items_, size_}); }

 private:
  Value* items_;
  std::size_t size_ = 0;
};

}  // namespace

/// `body` is called for each item, with the item as the macro's variable; it answers true to stop.
/// The result is an error only where the loop itself cannot go on.
template <class Body>
Value Evaluator::for_each(const Value& range, OpId id, Body body) noexcept {
  if (range.kind != Kind::kList && range.kind != Kind::kMap) {
    return Value::error(Reason::kNoOverload, id);
  }
  if (!frame_.enter({})) return Value::error(Reason::kTooMuchWork, id);
  Value result = Value::null();
  for (std::uint32_t i = 0; i < range.size; ++i) {
    if (!frame_.work().spend()) {
      result = Value::error(Reason::kTooMuchWork, id);
      break;
    }
    const Value item = range.kind == Kind::kList ? range.items[i] : range.entries[i].key;
    frame_.replace(item);
    if (body(item)) break;
  }
  frame_.leave();
  return result;
}

/// all (decisive: false) and exists (decisive: true): && and || over the items, absorbing errors.
Value Evaluator::quantify(const Op& op, OpId id, const Value& range, bool decisive) noexcept {
  Value answer = Value::of(!decisive);
  const Value loop = for_each(range, id, [&](const Value&) {
    answer = combine(answer, child(op, 1), decisive, id);
    return answer.kind == Kind::kBool && answer.boolean == decisive;
  });
  return loop.is_error() ? loop : answer;
}

Value Evaluator::count_one(const Op& op, OpId id, const Value& range) noexcept {
  std::uint32_t count = 0;
  Value failure = Value::null();
  const Value loop = for_each(range, id, [&](const Value&) {
    const Value holds = child(op, 1);
    if (holds.kind == Kind::kBool) {
      count += holds.boolean ? 1 : 0;
      return false;
    }
    failure = holds.is_error() ? holds : Value::error(Reason::kNoOverload, id);
    return true;
  });
  if (loop.is_error()) return loop;
  return failure.is_error() ? failure : Value::of(count == 1);
}

/// filter, map and map with a condition: the same loop, with or without a condition and a result.
Value Evaluator::collect(const Op& op, OpId id, const Value& range) noexcept {
  const bool has_condition = op.macro != Macro::kMap;
  const bool has_result = op.macro != Macro::kFilter;
  const std::uint32_t result = has_condition ? 2 : 1;
  const bool has_items = range.kind == Kind::kList || range.kind == Kind::kMap;
  Collected collected(has_items ? range.size : 0, frame_.work().arena);
  if (!collected.has_room()) return Value::error(Reason::kTooMuchMemory, id);
  Value failure = Value::null();
  const Value loop = for_each(range, id, [&](const Value& item) {
    if (has_condition) {
      const Value holds = child(op, 1);
      if (holds.kind != Kind::kBool) {
        failure = holds.is_error() ? holds : Value::error(Reason::kNoOverload, id);
        return true;
      }
      if (!holds.boolean) return false;
    }
    const Value value = has_result ? child(op, result) : item;
    if (value.is_error()) {
      failure = value;
      return true;
    }
    collected.add(value);
    return false;
  });
  if (loop.is_error()) return loop;
  return failure.is_error() ? failure : collected.list();
}

Value Evaluator::macro(const Op& op, OpId id) noexcept {
  const Value range = child(op, 0);
  if (range.is_error()) return range;
  switch (op.macro) {
    case Macro::kAll:
      return quantify(op, id, range, false);
    case Macro::kExists:
      return quantify(op, id, range, true);
    case Macro::kExistsOne:
      return count_one(op, id, range);
    case Macro::kFilter:
    case Macro::kMap:
    case Macro::kMapFiltered:
      break;
  }
  return collect(op, id, range);
}

}  // namespace veltrix::cel
