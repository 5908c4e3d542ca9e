"""Characters of a scalar's value, found again in the file."""

from __future__ import annotations

import pytest

from veltrix.pipeline.reader import read
from veltrix.pipeline.scalar_places import part_of

# The line of the file, a part of the value, its column in the file and its width there.
FOUND = [
    ("a: data.x > y", "y", 13, 1),
    ("a: 'data.x > y'", "y", 14, 1),
    ("a: 'x == ''b'' && y'", "y", 19, 1),
    ("a: 'x == ''b'' && y'", "'b'", 10, 5),
    ('a: "x == \\"b\\" && y"', "y", 19, 1),
    ('a: "x == \\u00e9 && y"', "y", 20, 1),
    ('a: "x == \\U000000e9\\x41 && y"', "y", 28, 1),
    ("a: é == y", "y", 9, 1),
    ("a: [b, 'x + y']", "y", 13, 1),
]


@pytest.mark.parametrize(("line", "part", "column", "width"), FOUND)
def test_part_is_found_in_its_line(line: str, part: str, column: int, width: int) -> None:
    document = read("a.yaml", line.encode())
    node = document.find(["a", 1] if "[" in line else ["a"])
    begin = str(node.value).index(part)
    found = part_of(document, node, begin, begin + len(part))
    assert found is not None
    assert (found.line, found.column, found.width) == (1, column, width)


def test_end_of_the_text_has_a_place_of_its_own() -> None:
    document = read("a.yaml", b"a: 'x >'")
    found = part_of(document, document.find(["a"]), 3, 3)
    assert found is not None
    assert (found.column, found.width) == (8, 1)


@pytest.mark.parametrize(
    "text", ["a: >\n  x\n  y", "a: |\n  x > y", "a: x\n  > y", "a: 'x\n  > y'"]
)
def test_text_of_several_lines_has_no_part(text: str) -> None:
    document = read("a.yaml", text.encode())
    assert part_of(document, document.find(["a"]), 2, 3) is None


def test_value_of_a_variable_has_no_part() -> None:
    document = read("a.yaml", b"a: x > ${B}")
    node = document.find(["a"])
    node.value = "x > 5"
    assert part_of(document, node, 4, 5) is None
