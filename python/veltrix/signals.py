"""What a handler raises or returns to decide its delivery's outcome itself.

A signal is a decision, not an error: ``Signal`` stands outside the tree of ``VeltrixError``, and
nothing of it is logged as a failure. ``raise vx.Retry(after="5s")`` and ``return vx.Retry("5s")``
mean the same; from inside a generator raise it, or ``return`` it after the last ``yield``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from veltrix.durations import format_duration, parse_duration

if TYPE_CHECKING:
    from datetime import timedelta

MAX_REASON = 16_384  # characters; the native core keeps no more of an outcome's text


class Signal(Exception):  # noqa: N818 - a signal is not an error
    """Base of the three signals; not raised itself."""


class Retry(Signal):
    """Run this delivery again later; counts as an attempt.

    Args:
        after: Delay before the next attempt, as ``"250ms"`` or seconds; default: the queue's
            backoff. The queue's ``retry.max_attempts`` still holds.

    Raises:
        ValueError: ``after`` is not a duration.

    Example:
        >>> Retry(after="5s")
        Retry(after='5s')
    """

    def __init__(self, after: float | str | timedelta | None = None) -> None:
        self.after_ns: int | None = None if after is None else parse_duration(after)
        super().__init__(after)

    def __repr__(self) -> str:
        return "Retry()" if self.after_ns is None else f"Retry(after={self._text()!r})"

    def __str__(self) -> str:
        return "retry" if self.after_ns is None else f"retry after {self._text()}"

    def _text(self) -> str:
        return format_duration(self.after_ns or 0)


class DeadLetter(Signal):
    """Give this delivery up now: it goes to the dead letters without further attempts.

    Args:
        reason: Text for whoever reads the dead letters.

    Example:
        >>> DeadLetter("score service refuses").reason
        'score service refuses'
    """

    def __init__(self, reason: str) -> None:
        self.reason = _reason(reason)
        super().__init__(reason)


class Drop(Signal):
    """Let this delivery go: neither done nor dead, counted in ``dropped`` under its reason.

    Args:
        reason: A short constant word, since every reason is a counter of its own.

    Example:
        >>> Drop().reason
        'dropped'
    """

    def __init__(self, reason: str = "dropped") -> None:
        self.reason = _reason(reason)
        super().__init__(reason)


def _reason(reason: object) -> str:
    if not isinstance(reason, str) or not reason:
        raise ValueError(f"a reason is a text that is not empty, not {reason!r}")
    return reason[:MAX_REASON]
