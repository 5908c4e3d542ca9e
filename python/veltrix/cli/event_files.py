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
        first, number = b"", 0
        for number, first in enumerate(stream, start=1):
            if first.strip():
                break
        if not first.strip():
            return
        if not _is_json(first):
            rest = stream.read()
            if _is_json(first + rest):
                yield name, first + rest
                return
            lines = iter(rest.splitlines(keepends=True))
        else:
            lines = iter(stream)
        yield f"{name}:{number}", first
        for line in lines:
            number += 1
            if line.strip():
                yield f"{name}:{number}", line


@contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    if path == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        file = Path(path).open("rb")
    except OSError as error:
        raise UsageError(f"{path!r} cannot be read: {error.strerror}") from None
    with file:
        yield file


def _is_json(text: bytes) -> bool:
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return True
