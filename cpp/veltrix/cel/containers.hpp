#pragma once
// What lists and maps can do: index, membership, size. Private to this room; select() and find()
// are in operations.hpp.

#include "veltrix/cel/value.hpp"
#include "veltrix/cel/workspace.hpp"

namespace veltrix::cel {

/// container[key]. A list takes an int, or a uint or double of the same value.
Value index(const Value& container, const Value& key, Workspace& work) noexcept;
/// item in container: some item equals it, or it is a key.
Value is_in(const Value& item, const Value& container, Workspace& work) noexcept;
/// Code points of a text, bytes, items, entries.
Value size_of(const Value& value, Workspace& work) noexcept;

}  // namespace veltrix::cel
