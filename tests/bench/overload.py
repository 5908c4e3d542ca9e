"""One worker at 120 % of what it can do, open loop: how long do the few urgent events wait?

One event in a hundred is high, the others are low; a handler burns CPU of its own thread, so that
time without the interpreter lock or without a core does not count. The publisher sends on a fixed
schedule, and at once whatever is due when it comes late. A wait runs from the time at which the
event was *to be sent* to the first line of its handler. What is left over when the publisher is
done gets a while; then it counts with the time that it has waited so far.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from measure import ROUNDS, Figure, compare, percentile

HIGH_EVERY = 100
OVERLOAD = 1.2
PATIENCE = 0.4  # of the time for which events are sent
MICROSECOND_NS = 1_000


@dataclass(frozen=True)
class Scale:
    """What the handlers cost, in microseconds of CPU."""

    low: int
    high: int

    @property
    def period_ns(self) -> float:
        """From one event to the next."""
        mean = self.low + (self.high - self.low) / HIGH_EVERY
        return mean * MICROSECOND_NS / OVERLOAD


SCALES = {"fine": Scale(200, 20), "coarse": Scale(1_000, 100)}


class Load:
    """The schedule of one run, the body of its handler, and what it saw. One worker at a time."""

    def __init__(self, scale: Scale, seconds: float) -> None:
        self.scale = scale
        self.seconds = seconds
        self.count = self.left = int(seconds * 1e9 / scale.period_ns)
        self.waits_us: dict[bool, list[float]] = {False: [], True: []}  # by "is it high?"
        self.late_us: list[float] = []  # how late high events were sent: part of their wait
        self.begun_ns = self.ended_ns = 0
        self.done = threading.Event()
        self.over = False

    def handle(self, high: bool, due_ns: int) -> None:
        """The handler of every side."""
        now = time.monotonic_ns()
        if self.over:
            return
        self.waits_us[high].append((now - due_ns) / MICROSECOND_NS)
        clock = time.thread_time_ns
        end = clock() + (self.scale.high if high else self.scale.low) * MICROSECOND_NS
        while clock() < end:
            pass
        self.ended_ns = time.monotonic_ns()
        self.left -= 1
        if not self.left:
            self.done.set()

    def schedule(self) -> Iterator[tuple[bool, int]]:
        """Whether an event is high, and when it is due, from the beginning."""
        for number in range(self.count):
            yield number % HIGH_EVERY == HIGH_EVERY // 2, int(number * self.scale.period_ns)

    def produce(self, send: Callable[[bool, int], object]) -> None:
        """Send everything when it is due."""
        self.begun_ns = time.monotonic_ns()
        for high, at in self.schedule():
            due = self.begun_ns + at
            ahead = due - time.monotonic_ns()
            if ahead > 0:
                time.sleep(ahead / 1e9)
            if high:
                self.late_us.append((time.monotonic_ns() - due) / MICROSECOND_NS)
            send(high, due)

    def settle(self) -> None:
        """Wait a while for what is left over."""
        self.done.wait(self.seconds * PATIENCE)
        self.over = True

    def seen(self) -> Seen:
        """The figures of the run."""
        cut = time.monotonic_ns()
        handled = self.count - self.left
        dues: dict[bool, list[int]] = {False: [], True: []}
        for high, at in self.schedule():
            dues[high].append(self.begun_ns + at)
        for high, waits in self.waits_us.items():  # of its class the youngest are left over
            waits += [(cut - due) / MICROSECOND_NS for due in dues[high][len(waits) :]]
        rate = handled / ((self.ended_ns - self.begun_ns) / 1e9)
        return Seen(rate, self.left, self.waits_us[True], self.waits_us[False], self.late_us)


@dataclass
class Seen:
    """What one run of a side came to; waits in microseconds."""

    rate: float  # handled events a second, from the first publish to the last handler
    unfinished: int
    high: list[float]
    low: list[float]
    late: list[float]


Side = Callable[[Load], None]


def take_turns(sides: dict[str, Side], scale: Scale, seconds: float) -> dict[str, list[Seen]]:
    """Every side under the same load; a short round of warm-up comes first."""
    seen: dict[str, list[Seen]] = {name: [] for name in sides}
    order = list(sides)
    for turn in range(ROUNDS + 1):
        for name in order:
            load = Load(scale, seconds if turn else seconds / 4)
            sides[name](load)
            if turn:
                seen[name].append(load.seen())
        order.reverse()
    return seen


def figures_of(
    seen: dict[str, list[Seen]], mine: str, others: tuple[str, ...], rate: dict[str, float]
) -> list[Figure]:
    """One side beside others: its waits may be no longer than theirs; ``rate``: what it handles."""
    p99 = {name: [percentile(run.high, 0.99) for run in runs] for name, runs in seen.items()}
    longest = {name: [max(run.high) for run in runs] for name, runs in seen.items()}
    handled = {name: [run.rate for run in runs] for name, runs in seen.items()}
    rest: dict[str, Any] = {"unit": "us", "better": "lower"}
    name = f"high events at 120 % load, {mine}"
    figures = []
    for other in others:
        figure = compare(mine, other, p99, name=f"{name}: p99 wait", target=1.0, **rest)
        figure.notes = {side: _notes(seen[side]) for side in (mine, other)}
        figures += [figure, compare(mine, other, longest, name=f"{name}: longest wait", **rest)]
    what = f"handled at 120 % load, {mine}"
    figures.append(compare(mine, others[-1], handled, name=what, unit="events/s", **rate))
    return figures


def _notes(runs: list[Seen]) -> dict[str, float]:
    together = [wait for run in runs for wait in run.high]
    return {
        "high_events": len(together),
        "high_p50_us": percentile(together, 0.5),
        "high_p99_of_all_rounds_us": percentile(together, 0.99),
        "high_max_us": max(together),
        "low_p50_us": statistics.median(percentile(run.low, 0.5) for run in runs),
        "low_p99_us": statistics.median(percentile(run.low, 0.99) for run in runs),
        "sent_late_p99_us": statistics.median(percentile(run.late, 0.99) for run in runs),
        "unfinished": sum(run.unfinished for run in runs),
    }
