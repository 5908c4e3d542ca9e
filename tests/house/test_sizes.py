"""Sizes: small files, small functions, short lines, few parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from house.sources import complain, files, functions, name_of, parameters

FILE_CAP = 400
BINDING_CAP = 200
MODULE_CAP = 60
FUNCTION_CAP = 70
TEST_FUNCTION_CAP = 40
LINE_CAP = 100
PARAMETER_CAP = 5

SOURCES = [path for path in files(".cpp", ".hpp", ".py", ".cmake") if path.name != "_core.pyi"]
CPP = files(".cpp", ".hpp")


def _file_cap(name: str) -> int:
    if name == "cpp/bindings/module.cpp":
        return MODULE_CAP
    return BINDING_CAP if name.startswith("cpp/bindings/") else FILE_CAP


def test_files_are_short() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in SOURCES}
    complain(
        (f"{name}: {length} lines" for name, length in lengths.items() if length > _file_cap(name)),
        "cut the file in two, by idea",
    )


def test_lines_are_narrow() -> None:
    complain(
        f"{name_of(path)}:{number}: {len(line)} columns"
        for path in SOURCES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LINE_CAP
    )


def test_cpp_functions_are_short() -> None:
    complain(
        f"{name_of(path)}:{function.line}: {function.name} has {function.length} lines"
        for path in CPP
        for function in functions(path.read_text())
        if function.length > (TEST_FUNCTION_CAP if function.is_test else FUNCTION_CAP)
    )


def test_cpp_functions_take_few_parameters() -> None:
    complain(
        (
            f"{name_of(path)}:{function.line}: {function.name}"
            for path in CPP
            for function in functions(path.read_text())
            if parameters(function.head) > PARAMETER_CAP
        ),
        "take an options struct",
    )


def test_python_functions_are_short() -> None:
    complain(
        f"{name_of(path)}:{line}: {name} has {length} lines"
        for path in files(".py")
        for name, line, length in _python_functions(path)
        if length > (TEST_FUNCTION_CAP if name.startswith("test_") else FUNCTION_CAP)
    )


def _python_functions(path: Path) -> Iterator[tuple[str, int, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield node.name, node.lineno, node.end_lineno - node.lineno + 1 - _docstring(node)


def _docstring(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the docstring: a public function's documentation is no reason to split it."""
    first = node.body[0]
    if ast.get_docstring(node) is None or first.end_lineno is None:
        return 0
    return first.end_lineno - first.lineno + 1


CPP_SAMPLE = """\
namespace veltrix {
struct Options { int a = 3; };
// a comment with { a brace
Result<int> Machine::take(const Map<int, long>& map, std::function<void(int, int)> hook) {
  if (map.empty()) {
    return fail("}");
  }
  return hook(1, 2);
}
int free() noexcept { return 0; }
}  // namespace veltrix
"""


def test_cpp_is_cut_into_functions() -> None:
    found = {item.name: (item.line, item.length) for item in functions(CPP_SAMPLE)}
    assert found == {"Machine::take": (4, 6), "free": (10, 1)}
    assert [parameters(item.head) for item in functions(CPP_SAMPLE)] == [2, 0]
