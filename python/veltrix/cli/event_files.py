"""Events that a command is asked about: one JSON object, or JSON lines, from a file or a pipe."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec

from veltrix.cli.target import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

STANDARD_INPUT = "-"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # which a source passes over, too


def events_of(path: str) -> Iterator[tuple[str, bytes]]:
    """Reads events as their JSON text; of a pipe each line when it comes.

    Args:
        path: A file, or ``-`` for standard input. What begins with a whole JSON value in its first
            line is JSON lines, else one object over several lines.

    Yields:
        The event's place, such as ``e.jsonl:3``, and its text, which may be no JSON at all.

    Raises:
        UsageError: The file cannot be read.
    """
    name = "standard input" if path == STANDARD_INPUT else path
    with _opened(path) as stream:
        lines = ((number, line) for number, line in enumerate(stream, start=1) if line.strip())
        number, first = next(lines, (0, b""))
        first = first.removeprefix(BYTE_ORDER_MARK) if number == 1 else first
        if first and not _is_json(first):
            rest = stream.read()
            if _is_json(first + rest):
                yield name, first + rest
                return
            split = enumerate(rest.splitlines(keepends=True), start=number + 1)
            lines = ((after, line) for after, line in split if line.strip())
        if first:
            yield f"{name}:{number}", first
        for number, line in lines:
            yield f"{name}:{number}", line


@contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    if path == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        with Path(path).open("rb") as file:
            yield file
    except OSError as error:
        raise UsageError(f"{path!r} cannot be read: {error.strerror}") from None


def _is_json(text: bytes) -> bool:
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return True
