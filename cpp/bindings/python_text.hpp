#pragma once
// Text across the border when nobody has checked it: messages of exceptions, names of files,
// reasons. Neither direction fails: what is not text comes out escaped, as in `\xff` and `\udc80`.

#include "bindings/python.hpp"

#include <string>
#include <string_view>

namespace veltrix {

/// str() of an object as UTF-8, at most `most` bytes and whole characters, its end (or its
/// beginning) cut off. "(no text)" where str() itself fails. Leaves no Python error behind.
enum class Cut { kEnd, kBeginning };
std::string utf8_text(PyObject* object, std::size_t most, Cut cut = Cut::kEnd);

/// A Python str of bytes that should be UTF-8.
py::str python_text(std::string_view bytes);

}  // namespace veltrix
