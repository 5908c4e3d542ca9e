"""``${NAME}`` and ``${file:PATH}`` inside scalars: how secrets get in without being written down.

They are replaced after the file has been parsed, so that no variable can ever bring structure in. A
plain scalar is read again after it (``${PORT}`` may be a number), a quoted one stays text; ``$${``
is a literal ``${``. Values that came from here are never shown in a message: see ``redacted``.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from veltrix.pipeline.core_schema import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from veltrix.pipeline.reader import Document, Node

MAX_FILE_BYTES = 65_536
MAX_VALUE_CHARACTERS = 65_536
_VARIABLE = re.compile(r"\$\$\{|\$\{([^}]*)\}|\$\{")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def expand(document: Document, folder: Path) -> None:
    """Replaces the variables of a document in place; what is missing becomes a problem.

    Args:
        document: A document that has been read.
        folder: Where relative ``${file:…}`` paths begin.

    Example:
        >>> from veltrix.pipeline.reader import read
        >>> document = read("a.yaml", b"name: $${x}")
        >>> expand(document, Path("."))
        >>> document.root.data()
        {'name': '${x}'}
    """
    for node in _scalars(document.root):
        if node.written is None or "${" not in node.written:
            continue
        try:
            text = _VARIABLE.sub(lambda found: _value(found, folder), node.written)
        except ValueError as error:
            document.add("unset-variable", str(error), node)
            continue
        if len(text) > MAX_VALUE_CHARACTERS:
            document.add("too-large", "longer than 64 Ki characters once replaced", node)
            continue
        node.value = resolve(text) if node.plain else text


def redacted(node: Node, message: str) -> str:
    """Puts what is written in the file where a message shows what a variable brought in.

    Args:
        node: The node that the message is about.
        message: The message.

    Returns:
        The message without the variable's value.

    Example:
        >>> from veltrix.pipeline.reader import Node
        >>> redacted(Node(1, 1, value="s3cret", written="${KEY}"), "'s3cret' is not a size")
        "'${KEY}' is not a size"
    """
    if node.written is None or "${" not in node.written or not str(node.value):
        return message
    shown = message.replace(repr(node.value), repr(node.written))
    return shown.replace(str(node.value), node.written)


def _scalars(node: Node) -> Iterator[Node]:
    if node.entries is not None:
        for child in node.entries.values():
            yield from _scalars(child)
    elif node.items is not None:
        for child in node.items:
            yield from _scalars(child)
    else:
        yield node


def _value(found: re.Match[str], folder: Path) -> str:
    if found[0] == "$${":
        return "${"
    name = found[1]
    if name is None:
        raise ValueError("'${' without its '}'; write $${ for the text itself")
    if name.startswith("file:"):
        return _file(folder / name.removeprefix("file:"))
    if not _NAME.fullmatch(name):
        raise ValueError(f"'${{{name}}}' is neither ${{NAME}} nor ${{file:PATH}}")
    if name not in os.environ:
        raise ValueError(f"the environment has no variable {name!r}; set it, or write the value")
    return os.environ[name]


def _file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise ValueError(f"file {str(path)!r} is larger than 64 KiB")
        return content.decode().rstrip("\r\n")
    except OSError as error:
        raise ValueError(f"file {str(path)!r} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"file {str(path)!r} is not UTF-8 text") from None
