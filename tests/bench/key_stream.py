"""Events of a thousand keys, one of them slow, and what their handlers saw: for ``per_key.py``."""

from __future__ import annotations

import functools
import itertools
import time
from collections import Counter

from python_boundary import zipf

SLOW = "slow"
PAUSE_S = 0.001


@functools.cache
def _events(count: int, slow_every: int) -> tuple[list[tuple[str, int]], Counter[str]]:
    """Key and number of every event, and how many each key has."""
    keys = zipf(count)
    keys[::slow_every] = [SLOW] * len(keys[::slow_every])
    totals = Counter(keys)
    numbers = {key: itertools.count() for key in totals}
    return [(key, next(numbers[key])) for key in keys], totals


class Stream:
    """The events of one run, made before the clock starts, and what their handlers saw."""

    def __init__(self, count: int, slow_every: int) -> None:
        self.events, self.totals = _events(count, slow_every)
        self._next = dict.fromkeys(self.totals, 0)
        self._ended = itertools.count(2).__next__  # counts right whichever threads call it
        self._others_ended = 0.0
        self.inversions = 0
        self.slow_left = 0

    def take(self, key: str, number: int) -> bool:
        """Note an event; whether it is one of the slow key."""
        if number != self._next[key]:
            self.inversions += 1
        self._next[key] = number + 1
        if key == SLOW:
            return True
        if number + 1 == self.totals[key] and self._ended() == len(self.totals):
            self._others_ended = time.perf_counter()
            self.slow_left = self.totals[SLOW] - self._next[SLOW]
        return False

    def handle(self, key: str, number: int) -> None:
        """The whole handler, where one function is wanted."""
        if self.take(key, number):
            time.sleep(PAUSE_S)

    def rate(self, begun: float) -> float:
        """Events a second of the other keys."""
        if self.inversions or self._next != self.totals:
            raise AssertionError(f"{self.inversions} events were not the next of their key")
        return (len(self.events) - self.totals[SLOW]) / (self._others_ended - begun)
