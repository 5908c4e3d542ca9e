"""What a process uses while a load runs: time, CPU, context switches, threads."""

from __future__ import annotations

import resource
import threading
import time
from pathlib import Path
from typing import Self

from .story import Outcome

_TASKS = Path("/proc/self/task")
_NAP = 0.005


def thread_ids() -> set[int]:
    """Every thread of this process, native and Python.

    Returns:
        Kernel ids; where the system does not list them, those that Python knows.
    """
    python = {thread.native_id for thread in threading.enumerate() if thread.native_id}
    native = {int(task.name) for task in _TASKS.iterdir()} if _TASKS.is_dir() else set()
    return native | python


class Meter:
    """Runs from its making to :meth:`read`.

    Example:
        >>> meter = Meter()
        >>> outcome = Outcome()
        >>> meter.read(outcome)
        >>> outcome.new_threads
        0
    """

    def __init__(self) -> None:
        self._threads = thread_ids()
        self._switches = _switches()
        self._cpu = time.process_time()
        self.began = time.perf_counter()

    def read(self, outcome: Outcome) -> None:
        """Write down what was used so far.

        Args:
            outcome: Where to.
        """
        outcome.seconds = time.perf_counter() - self.began
        outcome.cpu_seconds = time.process_time() - self._cpu
        outcome.switches = _switches() - self._switches
        outcome.new_threads = len(thread_ids() - self._threads)


def _switches() -> int:
    """Of all threads, also of those that have ended; that is why not the sum over the tasks."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_nvcsw + usage.ru_nivcsw


class Lateness:
    """Watches, from a process beside the measured one, how late the machine gives it its turn.

    Where this is long, so are the waits of every side.

    Example:
        >>> with Lateness() as lateness:
        ...     pass
        >>> lateness.longest >= 0
        True
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        clock = time.perf_counter
        asleep = clock()
        while not self._ended.wait(_NAP):
            self.longest = max(self.longest, clock() - asleep - _NAP)
            asleep = clock()
