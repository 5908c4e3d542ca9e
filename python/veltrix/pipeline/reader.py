"""Reads YAML 1.2 into a tree that knows the place of everything.

ruamel.yaml delivers parsing events; the tree is built here, because a configuration is hostile
until proven otherwise and because every value must keep its line and column. Refused: more than
1 MiB, 10,000 values or 32 levels, anchors, aliases, merge keys, tags, duplicate keys, several
documents. Keys are always text; plain scalars follow the core schema of YAML 1.2 (``on`` is text).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from veltrix.errors import ConfigError
from veltrix.pipeline.core_schema import resolve
from veltrix.problems import Place, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ruamel.yaml.events import Event as YamlEvent

MAX_BYTES = 1 << 20
MAX_DEPTH = 32
MAX_NODES = 10_000
_LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_OPENING = (MappingStartEvent, SequenceStartEvent)
_CLOSING = (MappingEndEvent, SequenceEndEvent)


@dataclass(slots=True)
class Node:
    """A value of the file: a mapping (``entries``), a list (``items``) or a scalar (``value``)."""

    line: int
    column: int
    width: int = 1
    value: Any = None
    written: str | None = None  # a scalar's text, as it stands in the file
    plain: bool = False  # not quoted
    entries: dict[str, Node] | None = None
    items: list[Node] | None = None
    keys: dict[str, Node] = field(default_factory=dict)

    def data(self) -> Any:
        """The value as plain Python data."""
        if self.entries is not None:
            return {key: node.data() for key, node in self.entries.items()}
        if self.items is not None:
            return [node.data() for node in self.items]
        return self.value


@dataclass(slots=True)
class Document:
    """A file that has been read: its tree, its lines and what was wrong so far."""

    file: str
    lines: list[str]
    root: Node = field(default_factory=lambda: Node(1, 1))
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, message: str, at: Node) -> None:
        """Notes an error at a node."""
        self.problems.append(Problem(self.place_of(at), code, message))

    def place_of(self, node: Node) -> Place:
        """The place of a node, with the text of its line."""
        line = self.lines[node.line - 1] if node.line <= len(self.lines) else ""
        return Place(self.file, node.line, node.column, line, max(1, node.width))

    def find(self, path: Sequence[str | int], *, key: bool = False) -> Node:
        """The node at a path, or the deepest one on the way; with ``key``: the key it stands under.

        Args:
            path: Keys and list indices from the root.
            key: Whether the key's place is wanted instead of the value's.

        Returns:
            A node of this document.

        Example:
            >>> document = read("a.yaml", b"a: {b: 1}")
            >>> document.find(["a", "b"]).column, document.find(["a", "b"], key=True).column
            (8, 5)
        """
        node, label = self.root, self.root
        for part in path:
            if node.entries is not None and part in node.entries:
                node, label = node.entries[str(part)], node.keys[str(part)]
            elif node.items is not None and isinstance(part, int) and part < len(node.items):
                node = label = node.items[part]
            else:
                break
        return label if key else node


def read(file: str, content: bytes) -> Document:
    """Reads one YAML document.

    Args:
        file: The name for messages.
        content: UTF-8 text, at most 1 MiB.

    Returns:
        The document; what is wrong but lets reading go on stands in ``problems``.

    Raises:
        ConfigError: Not YAML, or outside the limits: nothing after that place can be judged.

    Example:
        >>> read("a.yaml", b"name: hunt").root.data()
        {'name': 'hunt'}
    """
    document = Document(file, [])
    if len(content) > MAX_BYTES:
        _refuse(document, "too-large", f"{len(content):,} bytes; at most {MAX_BYTES:,} are read")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        document.lines = content[: error.start].decode("utf-8-sig", "replace").split("\n")
        end = Node(len(document.lines), len(document.lines[-1]) + 1)
        _refuse(document, "invalid-utf8", "a byte that is not UTF-8; save the file as UTF-8", end)
    document.lines = _LINE_END.split(text)
    try:
        _Builder(document).build(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = Node(mark.line + 1, mark.column + 1) if mark else document.root
        why = ", ".join(filter(None, [error.context, error.problem]))
        _refuse(document, "yaml-syntax", f"{why}; this is not YAML", at)
    except YAMLError as error:
        _refuse(document, "yaml-syntax", str(error).splitlines()[0])
    return document


def _refuse(document: Document, code: str, message: str, at: Node | None = None) -> None:
    document.add(code, message, at or document.root)
    raise ConfigError(document.problems)


class _Builder:
    """Turns parsing events into nodes; ``stack`` holds the containers that are still open."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.stack: list[tuple[Node, str | None]] = []  # container, the key that waits
        self.nodes = 0

    def build(self, text: str) -> None:
        documents = 0
        for event in YAML(typ="safe", pure=True).parse(text):
            node = _node(event)
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    _refuse(self.document, "yaml-syntax", "a second document; keep one", node)
            elif isinstance(event, _CLOSING):
                self.stack.pop()
            elif isinstance(event, (AliasEvent, ScalarEvent, *_OPENING)):
                self._take(event, node)
        if not self.nodes:
            _refuse(self.document, "yaml-syntax", "the file is empty")

    def _take(self, event: YamlEvent, node: Node) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            _refuse(self.document, "too-many-values", f"more than {MAX_NODES:,} values", node)
        self._refuse_foreign(event, node)
        opening = isinstance(event, _OPENING)
        if self._waits_for_key():
            if opening:
                _refuse(self.document, "yaml-syntax", "a key must be plain text", node)
            self._take_key(node)
            return
        self._place(node)
        if not opening:
            return
        if len(self.stack) >= MAX_DEPTH:
            _refuse(self.document, "too-deep", f"deeper than {MAX_DEPTH} levels", node)
        self.stack.append((node, None))

    def _refuse_foreign(self, event: YamlEvent, node: Node) -> None:
        anchor = getattr(event, "anchor", None)
        if isinstance(event, AliasEvent):
            self.document.add("alias", f"alias '*{anchor}': write the value out", node)
        elif anchor:
            self.document.add("alias", f"anchor '&{anchor}': write each value out", node)
        elif getattr(event, "tag", None):
            self.document.add("tag", "a YAML tag; write the plain value", node)

    def _waits_for_key(self) -> bool:
        return bool(self.stack) and self.stack[-1][0].entries is not None and not self.stack[-1][1]

    def _take_key(self, node: Node) -> None:
        container, key = self.stack[-1][0], node.written or "''"
        if key == "<<" and node.plain:
            self.document.add("alias", "merge key '<<': write the entries out", node)
        first = container.keys.get(key)
        if first:
            message = f"{key!r} stands here again, first in line {first.line}"
            self.document.add("duplicate-key", message, node)
        else:
            container.keys[key] = node
        self.stack[-1] = (container, key)

    def _place(self, node: Node) -> None:
        if not self.stack:
            self.document.root = node
            return
        container, key = self.stack[-1]
        if container.items is not None:
            container.items.append(node)
        elif container.entries is not None and key is not None:
            if node.plain and not node.written:  # nothing there: its key is the place to look at
                label = container.keys[key]
                node.line, node.column, node.width = label.line, label.column, label.width
            container.entries.setdefault(key, node)
            self.stack[-1] = (container, None)


def _node(event: YamlEvent) -> Node:
    start, end = event.start_mark, event.end_mark
    width = end.column - start.column if end.line == start.line else 1
    node = Node(start.line + 1, start.column + 1, width)
    if isinstance(event, MappingStartEvent):
        node.entries, node.width = {}, 1
    elif isinstance(event, SequenceStartEvent):
        node.items, node.width = [], 1
    elif isinstance(event, ScalarEvent):
        node.written, node.plain = event.value, event.style is None
        node.value = resolve(event.value) if node.plain else event.value
    return node
