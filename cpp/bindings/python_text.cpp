#include "bindings/python_text.hpp"

#include "bindings/py_ref.hpp"

namespace veltrix {

namespace {

bool continues(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

std::string cut_to(std::string_view text, std::size_t most, Cut cut) {
  if (text.size() <= most) return std::string(text);
  if (cut == Cut::kEnd) {
    std::size_t size = most;
    while (size > 0 && continues(text[size])) --size;
    return std::string(text.substr(0, size));
  }
  std::size_t from = text.size() - most;
  while (from < text.size() && continues(text[from])) ++from;
  return std::string(text.substr(from));
}

}  // namespace

std::string utf8_text(PyObject* object, std::size_t most, Cut cut) {
  const PyRef text = PyRef::steal(PyObject_Str(object));
  // Lone surrogates have no UTF-8 form; they are the reason for a handler that escapes.
  const PyRef bytes = PyRef::steal(
      text ? PyUnicode_AsEncodedString(text.get(), "utf-8", "backslashreplace") : nullptr);
  if (!bytes) {
    PyErr_Clear();
    return "(no text)";
  }
  const std::string_view view(PyBytes_AS_STRING(bytes.get()),
                              static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.get())));
  return cut_to(view, most, cut);
}

py::str python_text(std::string_view bytes) {
  PyObject* text =
      PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "backslashreplace");
  if (text == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::str>(text);
}

}  // namespace veltrix
