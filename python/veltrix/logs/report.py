"""From the engine's notices to records: one line per dead letter."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_letters = logging.getLogger("veltrix.dead_letters")
_engine = logging.getLogger("veltrix.engine")
MAX_LINE = 300  # characters of an error
# What loses input or output of the engine's own; all else is a warning.
_LEVELS = {"source_failed": logging.ERROR, "close_failed": logging.ERROR}


class Notice(NamedTuple):
    """What the native core hands over; see ``cpp/veltrix/dispatch/notices.hpp``."""

    kind: str
    queue: str | None
    code: str
    text: str
    event_id: str | None  # None: it only says how many were left out
    event_type: str
    attempts: int
    left_out: int


def report(rows: Iterable[tuple[str, str | None, str, str, str | None, str, int, int]]) -> None:
    """Logs what the engine has to say; called by its reporter thread.

    Args:
        rows: The notices, oldest first.
    """
    for row in rows:
        notice = Notice(*row)
        logger, text = _line(notice)
        extra = {
            "event_id": notice.event_id or None,
            "queue": notice.queue,
            "attempt": None,
            "code": notice.code or None,
            "event_type": notice.event_type or None,
            "attempts": notice.attempts or None,
            "left_out": notice.left_out or None,
        }
        logger.log(_LEVELS.get(notice.code, logging.WARNING), "%s", text, extra=extra)


def _line(notice: Notice) -> tuple[logging.Logger, str]:
    where = f"queue {notice.queue}" if notice.queue else "no queue"
    more = f"{notice.left_out:,} more"
    if notice.kind == "lost":
        return _engine, f"{notice.left_out:,} notices are lost: more came than can be written"
    if notice.kind == "warning":
        if notice.event_id is None:
            return _engine, f"{where}: {more} of {notice.code} were left out"
        tail = f" ({more} of these were left out)" if notice.left_out else ""
        return _engine, f"{notice.text}{tail}"
    if notice.event_id is None:
        return _letters, f"dead letters: {more} of {where}, {notice.code}"
    tail = f" ({more} of {notice.code} were left out)" if notice.left_out else ""
    plural = "" if notice.attempts == 1 else "s"
    return _letters, (
        f"dead letter: {notice.event_type} {notice.event_id}, {where}, {notice.attempts} "
        f"attempt{plural}, {notice.code}: {_reason(notice)}{tail}"
    )


def _reason(notice: Notice) -> str:
    return first_line(notice.text).removeprefix(f"{notice.code}: ")


def first_line(text: str) -> str:
    r"""Gives the line of an error that says what it is.

    Args:
        text: A message, or a traceback as Python prints it.

    Returns:
        The first line of the message, of a traceback that of its last error.

    Example:
        >>> first_line("Traceback (most recent call last):\n  File 'a'\n    x()\nE: no\nreally")
        'E: no'
    """
    lines = text.strip().splitlines() or [""]
    frames = [n for n, line in enumerate(lines) if line.startswith("  File ")]
    start = frames[-1] if frames else 0
    said = next((line for line in lines[start:] if not line.startswith(" ")), lines[-1])
    return said if len(said) <= MAX_LINE else said[:MAX_LINE] + "…"
