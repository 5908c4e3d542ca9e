#include "veltrix/cel/containers.hpp"

#include <cstdint>

#include "veltrix/cel/operations.hpp"
#include "veltrix/cel/texts.hpp"

namespace veltrix::cel {
namespace {

constexpr double kIntEnd = 9'223'372'036'854'775'808.0;  // 2^63

bool may_be_key(Kind kind) noexcept {
  return (kind >= Kind::kBool && kind <= Kind::kDouble) || kind == Kind::kString;
}

/// Maps are searched from one end to the other: those of events are small, and a large one, asked
/// again and again, pays for it here.
bool spend_search(const Value& map, Workspace& work) noexcept {
  return map.size < 32 || work.spend(map.size / 32);
}

Value index_list(const Value& list, const Value& position) noexcept {
  const Value no_overload = Value::error(Reason::kNoOverload);
  const Value out_of_bounds = Value::error(Reason::kOutOfBounds);
  std::uint64_t place = 0;
  if (position.kind == Kind::kInt) {
    place = static_cast<std::uint64_t>(position.integer);  // a negative one is beyond every end
  } else if (position.kind == Kind::kUint) {
    place = position.uinteger;
  } else if (position.kind == Kind::kDouble) {
    const double real = position.real;
    if (!(real >= -kIntEnd && real < kIntEnd)) return no_overload;
    const auto integer = static_cast<std::int64_t>(real);
    if (static_cast<double>(integer) != real) return no_overload;
    place = static_cast<std::uint64_t>(integer);
  } else {
    return no_overload;
  }
  return place < list.size ? list.items[place] : out_of_bounds;
}

}  // namespace

Value index(const Value& container, const Value& key, Workspace& work) noexcept {
  if (container.kind == Kind::kList) return index_list(container, key);
  if (container.kind != Kind::kMap || !may_be_key(key.kind)) {
    return Value::error(Reason::kNoOverload);
  }
  if (!spend_search(container, work)) return Value::error(Reason::kTooMuchWork);
  const Value* const found = find(container, key);
  return found != nullptr ? *found : Value::error(Reason::kMissing);
}

Value is_in(const Value& item, const Value& container, Workspace& work) noexcept {
  if (container.kind == Kind::kMap && may_be_key(item.kind)) {
    if (!spend_search(container, work)) return Value::error(Reason::kTooMuchWork);
    return Value::of(find(container, item) != nullptr);
  }
  if (container.kind != Kind::kList) return Value::error(Reason::kNoOverload);
  for (const Value& candidate : container.list_items()) {
    const Value verdict = equals(candidate, item, work);
    if (verdict.is_error() || verdict.boolean) return verdict;
  }
  return Value::of(false);
}

Value size_of(const Value& value, Workspace& work) noexcept {
  switch (value.kind) {
    case Kind::kString:
      if (!work.spend_bytes(value.size)) return Value::error(Reason::kTooMuchWork);
      return Value::of(static_cast<std::int64_t>(count_code_points(value.view())));
    case Kind::kBytes:
    case Kind::kList:
    case Kind::kMap:
      return Value::of(std::int64_t{value.size});
    default:
      return Value::error(Reason::kNoOverload);
  }
}

}  // namespace veltrix::cel
