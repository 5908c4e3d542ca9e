#pragma once
// Event types as interned Python strings, both ways, of one engine. Guarded by the GIL.

#include <array>
#include <cstdint>
#include <vector>

#include "veltrix/event/type_table.hpp"

#include "bindings/py_ref.hpp"

namespace veltrix {

class TypeStrings {
 public:
  explicit TypeStrings(TypeTable& table) : table_(table), cache_(table) {}

  /// New reference to the type's string; null with a Python error set.
  PyObject* string(std::uint32_t id);
  /// The id of a string object; a hit compares one pointer. `text` is its UTF-8.
  std::uint32_t id(PyObject* string, std::string_view text);
  std::string_view text(std::uint32_t id) const noexcept { return table_.text(id); }

 private:
  struct Known {
    PyRef string;  // held, so that the pointer cannot come to mean another string
    std::uint32_t id = kNoType;
  };
  TypeTable& table_;
  TypeCache cache_;
  std::vector<PyRef> strings_;
  std::array<Known, 64> known_;
};

}  // namespace veltrix
