"""One thing wrong with a configuration: what, where, and how it is shown to a person."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem is.

    A file's place has ``line`` and ``column`` (both from 1) and the text of its line; a pipeline
    that was built in Python has neither, and its ``file`` reads ``pipeline 'hunt': queues.scores``.
    """

    file: str
    line: int = 0
    column: int = 0
    source: str = ""
    width: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem with its place, a stable code for programs and a sentence for people."""

    place: Place
    code: str
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        head = f"{self.place}: {self.severity}[{self.code}]: {self.message}"
        if not self.place.line:
            return head
        number = f"{self.place.line:5d}"
        source = self.place.source.replace("\t", " ")[:200]
        caret = " " * (self.place.column - 1) + "^" * self.place.width
        return f"{head}\n{number} | {source}\n{' ' * len(number)} | {caret[:200]}"


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Suggests the nearest known word.

    Args:
        word: What was written.
        known: What could have been written.

    Returns:
        ``"; did you mean 'x'?"``, or nothing when no word is near.

    Example:
        >>> did_you_mean("prority", ["priority", "key"])
        "; did you mean 'priority'?"
    """
    near = difflib.get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def with_article(noun: str) -> str:
    """Puts ``a`` or ``an`` before a noun, by its first letter.

    Args:
        noun: A noun, not empty.

    Returns:
        The two words.

    Example:
        >>> with_article("object"), with_article("numpy.int64")
        ('an object', 'a numpy.int64')
    """
    return f"{'an' if noun[0] in 'aeiouAEIOU' else 'a'} {noun}"
