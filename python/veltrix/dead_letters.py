"""The deliveries that were given up: what they were, where, and why; and how to run them again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypedDict, Unpack

from veltrix import _core
from veltrix.durations import parse_duration
from veltrix.letter_conditions import condition
from veltrix.timelines import Station, instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from veltrix.events import Event


@dataclass(frozen=True, slots=True)
class DeadDelivery:
    """One delivery that was given up.

    Attributes:
        event: The event.
        queue: The queue; empty when no route took the event, or it was refused before.
        code: Why, for programs: an error's class name or a code such as ``unmatched``.
        text: Why, for people; a failure's traceback where there is one.
        attempts: How often it ran.
        at: When it was given up.
        sequence: The engine's sequence of the event; 0 when it never got one.
        history: How its attempts ended, oldest first, while that is kept.
        number: Tells it from all other dead letters of its engine.
    """

    event: Event
    queue: str
    code: str
    text: str
    attempts: int
    at: datetime
    sequence: int = 0
    history: tuple[Station, ...] = ()
    number: int = field(default=0, repr=False)

    def __str__(self) -> str:
        where = f"queue {self.queue}" if self.queue else "no queue"
        last = self.text.strip().splitlines()[-1] if self.text.strip() else ""
        return f"{self.event.type} {self.event.id} ({where}, {self.code}): {last}"

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> DeadDelivery:
        """Takes the native row."""
        plain = ("event", "code", "text", "attempts", "sequence", "number")
        return cls(
            queue=row["queue"] or "",
            at=instant(row["at"]),
            history=tuple(map(Station.of, row["history"])),
            **{name: row[name] for name in plain},
        )


@dataclass(frozen=True, slots=True)
class RedriveReport:
    """What ``redrive`` did.

    Attributes:
        letters: The dead letters that were meant.
        redriven: How many of them run again; 0 after a dry run.
        left: How many remain dead letters: their queue was full, ``edit`` left them out, or they
            have no queue.
    """

    letters: tuple[DeadDelivery, ...]
    redriven: int

    @property
    def left(self) -> int:
        """How many of the letters remain."""
        return len(self.letters) - self.redriven

    def __str__(self) -> str:
        return f"{self.redriven:,} of {len(self.letters):,} dead letters run again"


class Selection(TypedDict, total=False):
    """Which dead letters are meant; everything given must hold."""

    queue: str | None
    type: str | None
    key: str | None
    reason: str | None
    since: datetime | str | None
    until: datetime | str | None
    where: str | None


class _Native(Protocol):
    def dead_letters(self, key: str | None = None) -> list[Any]: ...
    def redrive(self, letters: list[Any], spacing: int = 0) -> int: ...


class DeadLetters:
    """``engine.dead_letters``: what was given up, oldest first, in memory and bounded.

    Example:
        >>> import veltrix as vx
        >>> app = vx.Pipeline("hunt")
        >>> @app.handler("clue.found")
        ... def score(event):
        ...     if event.data["team"] == "red":
        ...         return vx.DeadLetter("no such team")
        ...     print("a clue for", event.data["team"])
        >>> def mend(event):
        ...     return vx.Event(event.type, {"team": "blue"})
        >>> with vx.Engine(app) as engine:
        ...     _ = engine.publish("clue.found", {"team": "red"}).settled()
        ...     report = engine.dead_letters.redrive(queue="score", edit=mend)
        a clue for blue
        >>> print(report)
        1 of 1 dead letters run again
    """

    def __init__(self, native: _Native) -> None:
        self._native = native

    def list(self, **selection: Unpack[Selection]) -> list[DeadDelivery]:
        """Lists dead letters.

        Args:
            selection: ``queue`` (a name), ``type`` (a type or a pattern: ``*`` one dotted part,
                ``**`` zero or more), ``key`` (of the event's line), ``reason`` (the letter's
                ``code``), ``since`` and ``until`` (when it was given up; ISO text or a datetime
                with its offset), ``where`` (an expression, see docs/expressions.md, over ``event``,
                ``data`` and ``letter``: ``letter.queue``, ``.code``, ``.text``, ``.attempts``,
                ``.at``, ``.sequence``; a letter that lacks a member which it names is not meant).

        Returns:
            Oldest first.

        Raises:
            ValueError: A time that cannot be read, or that has no offset.
            InvalidExpressionError: ``where`` cannot be read.
            EvaluationError: ``where`` has no value for a letter, for another reason than a missing
                member; or its value is neither true nor false.
        """
        wanted = _filters(selection)
        letters = map(DeadDelivery.of, self._native.dead_letters(selection.get("key")))
        return [letter for letter in letters if all(holds(letter) for holds in wanted)]

    def redrive(
        self,
        *,
        edit: Callable[[Event], Event | None] | None = None,
        dry_run: bool = False,
        rate: float | str | None = None,
        **selection: Unpack[Selection],
    ) -> RedriveReport:
        """Runs dead letters again, where they were.

        Each is accepted anew: in its queue, with its priority, in the place of its key's order that
        its sequence says, with all its attempts before it; its ``ttl`` counts from now.

        Args:
            edit: Called with each event; gives the one to run in its place, or None to leave the
                letter. Sequence, priority, queue and key stay those of the letter, as do source
                and id unless the event has an id of its own.
            dry_run: Only tell which letters are meant.
            rate: At most so many a second, as ``100`` or ``"100/s"``, ``"5/m"``; default: all at
                once.
            selection: As for ``list``; default: all letters.

        Returns:
            Which letters were meant, and how many run again.

        Raises:
            ValueError: A rate or a time that cannot be read.
            InvalidExpressionError: ``where`` cannot be read.
            EvaluationError: ``where`` has no value for a letter; nothing was redriven.
            TypeError: ``edit`` gave something else than an event.
        """
        letters = self.list(**selection)
        spacing = 0 if rate is None else _spacing(rate)
        if dry_run:
            return RedriveReport(tuple(letters), 0)
        pairs = []
        for letter in letters:
            event = letter.event if edit is None else edit(letter.event)
            if event is not None:
                pairs.append((letter.number, None if edit is None else event))
        return RedriveReport(tuple(letters), self._native.redrive(pairs, spacing))

    def __len__(self) -> int:
        return len(self._native.dead_letters())

    def __iter__(self) -> Iterator[DeadDelivery]:
        return iter(self.list())

    def __repr__(self) -> str:
        return f"<{len(self)} dead letters>"


def _filters(selection: Selection) -> list[Callable[[DeadDelivery], bool]]:
    queue, reason = selection.get("queue"), selection.get("reason")
    filters: list[Callable[[DeadDelivery], bool]] = []
    if queue is not None:
        filters.append(lambda letter: letter.queue == queue)
    if reason is not None:
        filters.append(lambda letter: letter.code == reason)
    if (kind := selection.get("type")) is not None:
        pattern = _core.TypePattern(kind)
        filters.append(lambda letter: pattern.matches(letter.event.type))
    if (since := selection.get("since")) is not None:
        first = _time(since, "since")
        filters.append(lambda letter: letter.at >= first)
    if (until := selection.get("until")) is not None:
        last = _time(until, "until")
        filters.append(lambda letter: letter.at <= last)
    if (where := selection.get("where")) is not None:
        filters.append(condition(where))  # last: it costs the most
    return filters


def _time(value: datetime | str, name: str) -> datetime:
    time = datetime.fromisoformat(value) if isinstance(value, str) else value
    if time.tzinfo is None:
        raise ValueError(f"{name} needs an offset, as in '2026-01-31T12:00:00Z'")
    return time


def _spacing(rate: float | str) -> int:
    """Nanoseconds between two events."""
    count, _, unit = str(rate).partition("/")
    try:
        each = parse_duration(f"1{unit or 's'}") / float(count)
    except (ValueError, ZeroDivisionError):
        each = 0
    if each <= 0:
        raise ValueError(f"rate is a number of events a second, or '100/s', not {rate!r}")
    return round(each)
