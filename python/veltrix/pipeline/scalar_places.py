"""Where a character of a scalar's value stands in the file: quotes and escapes take room."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from veltrix.pipeline.reader import Document, Node

_ESCAPED = {"x": 4, "u": 6, "U": 10}  # characters of an escape in double quotes; others: 2


def part_of(document: Document, node: Node, begin: int, end: int) -> Node | None:
    """Finds the place of a part of a scalar.

    Args:
        document: The file.
        node: The scalar.
        begin: Where the part begins in its value, in characters.
        end: Where it ends.

    Returns:
        A node at the part; None where the scalar goes over several lines, or its value is not the
        one that stands there (a variable was put in).

    Example:
        >>> from veltrix.pipeline.reader import read
        >>> document = read("a.yaml", b"a: 'it''s here'")
        >>> part_of(document, document.find(["a"]), 5, 9).column
        11
    """
    text = node.written
    if text is None or node.value != text or node.line > len(document.lines):
        return None
    columns = _columns(document.lines[node.line - 1], node, text)
    if columns is None:
        return None
    first = columns[min(begin, len(text))]
    last = columns[min(max(begin, end), len(text))]
    return replace(node, column=first + 1, width=max(1, last - first))


def _columns(line: str, node: Node, text: str) -> list[int] | None:
    """The column, from 0, of each character of the text and of its end."""
    at = node.column - 1
    quote = line[at : at + 1] if not node.plain else ""
    at += len(quote)
    columns = []
    for character in text:
        columns.append(at)
        width = _width(line, at, quote)
        if width == 1 and line[at : at + 1] != character:
            return None  # a line break, or a block of several lines
        at += width
    return [*columns, at]


def _width(line: str, at: int, quote: str) -> int:
    if quote == "'" and line[at : at + 2] == "''":
        return 2
    if quote == '"' and line[at : at + 1] == "\\":
        return _ESCAPED.get(line[at + 1 : at + 2], 2)
    return 1
