#pragma once
// The one include of Python and pybind11, so that Python.h always comes first.

#include <pybind11/functional.h>
#include <pybind11/native_enum.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

namespace py = pybind11;
