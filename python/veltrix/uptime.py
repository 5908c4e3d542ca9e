"""How long an engine has run: from its start to now, or to its stop."""

from __future__ import annotations

import time


class Uptime:
    """A stopwatch that is started and stopped once; further calls change nothing.

    Example:
        >>> Uptime().seconds
        0.0
    """

    def __init__(self) -> None:
        self._from: float | None = None
        self._to: float | None = None

    def start(self) -> None:
        """Starts it."""
        if self._from is None:
            self._from = time.monotonic()

    def stop(self) -> None:
        """Stops it."""
        if self._to is None:
            self._to = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds that were measured; 0 before the start."""
        if self._from is None:
            return 0.0
        return (time.monotonic() if self._to is None else self._to) - self._from
