#include "bindings/type_strings.hpp"

namespace veltrix {

PyObject* TypeStrings::string(std::uint32_t id) {
  if (id < strings_.size() && strings_[id]) return Py_NewRef(strings_[id].get());
  const std::string_view text = table_.text(id);
  PyObject* made = PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
  if (made == nullptr) return nullptr;
  PyUnicode_InternInPlace(&made);
  if (id >= strings_.size()) strings_.resize(id + 1);
  strings_[id] = PyRef::borrow(made);
  return made;
}

std::uint32_t TypeStrings::id(PyObject* string, std::string_view text) {
  // Low bits of an address are alike; 16-byte steps tell objects apart.
  Known& known = known_[(reinterpret_cast<std::uintptr_t>(string) >> 4) % known_.size()];
  if (known.string.get() == string) return known.id;
  const std::uint32_t id = cache_.intern(text);
  known.id = id;
  known.string = PyRef::borrow(string);
  return id;
}

}  // namespace veltrix
