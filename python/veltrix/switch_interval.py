"""The interpreter's switch interval while engines with low latency run.

A thread that sleeps and then wants the GIL waits for one switch interval, 5 ms by default, while
others compute. Engines that ask for it shorten that for the whole process; the last one to stop
puts it back.
"""

from __future__ import annotations

import sys
import threading

SHORT = 0.0001  # seconds; measured: below it the turns cost more than they save

_lock = threading.Lock()
_running: dict[ShortTurns, float] = {}  # -> the interval that was there before the first


class ShortTurns:
    """A time of short turns; all that overlap are one.

    Example:
        >>> import sys
        >>> before = sys.getswitchinterval()
        >>> turns = ShortTurns()
        >>> turns.begin()
        >>> sys.getswitchinterval() <= SHORT
        True
        >>> turns.end()
        >>> sys.getswitchinterval() == before
        True
    """

    def begin(self) -> None:
        """Shortens the interval; again does nothing."""
        with _lock:
            before = next(iter(_running.values()), sys.getswitchinterval())
            if not _running:
                sys.setswitchinterval(min(before, SHORT))
            _running[self] = before

    def end(self) -> None:
        """Puts the interval back, unless somebody else has set it meanwhile."""
        with _lock:
            if self not in _running:
                return
            before = _running.pop(self)
            if not _running and abs(sys.getswitchinterval() - min(before, SHORT)) < 1e-6:
                sys.setswitchinterval(before)
