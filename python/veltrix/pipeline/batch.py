"""``vx.Batch``: how many events a handler takes at once, as its decorator takes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Batch:
    """How many events a handler takes at once.

    Args:
        max_events: Events in one call at most, 1 to 10,000; default 100.
        linger: How long fewer of them wait for company, as ``"250ms"`` or seconds, at most
            ``"1m"``; default 0: a call takes what is there.

    Example:
        >>> import veltrix as vx
        >>> app = vx.Pipeline("sensors")
        >>> @app.handler("sensor.reading", batch=vx.Batch(max_events=1000, linger="250ms"))
        ... def store(events: list[vx.Event]): ...
    """

    max_events: int = 100
    linger: float | str | timedelta = 0
