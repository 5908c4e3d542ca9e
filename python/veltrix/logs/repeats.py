"""How often the same thing is said: at once at first, then a line a second with a count."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

BURST = 10  # lines at once
EVERY_SECONDS = 1.0  # between two lines after them
MAX_KINDS = 1_024  # further kinds share one count


@dataclass(slots=True)
class _Kind:
    """What was said of one kind: a bucket of lines that fills again, and what did not fit."""

    lines: float
    at: float
    left_out: int = 0


class Repeats:
    """Says of each line whether it is written, and counts those that are not; any thread.

    Args:
        clock: Seconds that never run backwards.

    Example:
        >>> repeats = Repeats(clock=lambda: 0.0)
        >>> [repeats.admit("a") for _ in range(12)]
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, None, None]
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kinds: dict[Hashable, _Kind] = {}
        self._lock = threading.Lock()

    def admit(self, kind: Hashable) -> int | None:
        """Asks for one more line of a kind.

        Args:
            kind: What counts as the same.

        Returns:
            None: leave it out. Else how many were left out since the last line of that kind.
        """
        with self._lock:
            now = self._clock()
            if kind not in self._kinds and len(self._kinds) >= MAX_KINDS:
                kind = None
            known = self._kinds.setdefault(kind, _Kind(BURST, now))
            gained = (now - known.at) / EVERY_SECONDS
            # A flood is answered by a line a second; only a pause of ten seconds is a new start.
            known.lines, known.at = min(BURST, known.lines + gained), now
            if known.lines < 1:
                known.left_out += 1
                return None
            known.lines -= 1
            left_out, known.left_out = known.left_out, 0
            return left_out
