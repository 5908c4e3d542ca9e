"""How long urgent events wait under a saturating flood of 200 us Python handlers.

Open loop: a native publisher sends urgent events on a fixed schedule through a jsonl source while
one queue is full of slow work; the wait runs from the *intended* send time to the first line of
the urgent handler. The baseline is the slow handler's own time, taken in the same rounds. Of the
slow handlers the engine must meanwhile run as many as a bare loop around the handler does.

The control shows that the measurement sees what it must: one handler that holds the interpreter
lock for a while must show up in p99 with about its length. A closed loop would send nothing
meanwhile and report one slow event.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import statistics
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measure import ROUNDS, Figure, compare, percentile
from native import program

import veltrix as vx

if TYPE_CHECKING:
    from collections.abc import Iterator

HANDLER_US = 200
RATE = 200  # urgent events per second
STALL_S = 0.2
MICROSECOND = 1e-6

PIPELINE = """\
veltrix: 1
name: urgent
sources: {{urgent: {{connector: jsonl, path: "{fifo}"}}}}
routes:
  urgent: {{type: urgent, to: urgent}}
  flood: {{type: flood, to: flood}}
queues:
  urgent: {{handler: "urgent_wait:on_urgent", order: none, priority: urgent}}
  flood: {{handler: "urgent_wait:on_flood", order: none, priority: low}}
"""


@dataclass
class Seen:
    """What the handlers of one round saw, in seconds."""

    urgent: int = 0  # events that will come
    stall_due: threading.Event = field(default_factory=threading.Event)  # a quarter has come
    all_came: threading.Event = field(default_factory=threading.Event)
    over: bool = False  # what is left of the flood need not take its time
    waits: list[float] = field(default_factory=list)
    lateness: list[float] = field(default_factory=list)  # of the publisher, part of the wait
    handler_times: list[float] = field(default_factory=list)
    sent_ns: list[int] = field(default_factory=list)  # of urgent events, as intended
    flood_ended_ns: list[int] = field(default_factory=list)

    def flood_rate(self) -> float:
        """Slow events a second, from the first urgent event to the last."""
        first, last = self.sent_ns[0], self.sent_ns[-1]
        if self.flood_ended_ns[-1] < last:
            raise AssertionError("the flood was over before the urgent events were")
        ended = sum(first <= at <= last for at in self.flood_ended_ns)
        return ended / ((last - first) * 1e-9)


seen = Seen()


def on_urgent(event: vx.Event) -> None:
    """Take the wait before anything else."""
    now = time.monotonic_ns()
    intended, sent = event.data
    seen.waits.append((now - intended) * 1e-9)
    seen.lateness.append((sent - intended) * 1e-9)
    seen.sent_ns.append(intended)
    if len(seen.waits) == seen.urgent // 4:
        seen.stall_due.set()
    if len(seen.waits) == seen.urgent:
        seen.all_came.set()


def on_flood(event: vx.Event) -> None:
    """Use 200 us of CPU: time without the interpreter lock or a core does not count."""
    begin = time.monotonic_ns()
    if seen.over:
        return
    if event.data == b"stall":
        _hold_interpreter(STALL_S)
        return
    clock = time.thread_time_ns
    end = clock() + HANDLER_US * 1000
    while clock() < end:
        pass
    end_ns = time.monotonic_ns()
    seen.handler_times.append((end_ns - begin) * 1e-9)
    seen.flood_ended_ns.append(end_ns)


def bare_loop(seconds: float) -> float:
    """Slow events a second without an engine."""
    seen.over = False
    event = vx.Event("flood", b"work")
    count = 0
    begin = time.monotonic()
    while time.monotonic() < begin + seconds:
        on_flood(event)
        count += 1
    return count / (time.monotonic() - begin)


def _hold_interpreter(seconds: float) -> None:
    """Stay in one call that does not give the interpreter lock back: that is what PyDLL is."""
    ctypes.PyDLL(None).usleep(int(seconds / MICROSECOND))


def one_round(folder: Path, seconds: float, *, stall: bool) -> Seen:
    """Flood the engine, send urgent events for a while, and give what was seen."""
    global seen  # noqa: PLW0603 - the handlers are found by name
    count = int(seconds * RATE)
    seen = Seen(urgent=count)
    fifo = folder / "urgent.fifo"
    fifo.unlink(missing_ok=True)
    os.mkfifo(fifo)
    config = folder / "urgent.yaml"
    config.write_text(PIPELINE.format(fifo=fifo), encoding="utf-8")
    # Both ends at once: the engine finds a pipe that has a writer and does not end.
    pipe = os.open(fifo, os.O_RDWR)
    with vx.Engine.from_config(config) as engine:
        # More work than fits into the round, so that no Python publisher is in the way meanwhile.
        for _ in range(int((seconds * 1.3 + 1) / (HANDLER_US * MICROSECOND))):
            engine.publish("flood", b"work")
        with _urgent_publisher(pipe, count):
            if stall:
                seen.stall_due.wait()
                engine.publish("flood", b"stall", priority=vx.HIGH)
        seen.all_came.wait(timeout=60)
        seen.over = True
        engine.drain()
    if len(seen.waits) != count:
        raise AssertionError(f"{len(seen.waits)} urgent events were handled")
    return seen


@contextlib.contextmanager
def _urgent_publisher(pipe: int, count: int) -> Iterator[None]:
    """Send urgent events from a process of its own; leaving waits for its end."""
    command = [program("urgent_publisher"), str(count), str(RATE), str(vx.URGENT)]
    with subprocess.Popen(command, stdout=pipe) as publisher:
        os.close(pipe)  # the publisher's end is the last one: its exit ends the source
        yield
    if publisher.returncode:
        raise AssertionError(f"the urgent publisher ended with {publisher.returncode}")


def figures(*, quick: bool) -> list[Figure]:
    """Measure in rounds of their own, then once with the stall."""
    program("urgent_publisher")  # a missing program is noticed before anything waits for it
    seconds = 0.5 if quick else 4.0
    rounds: list[Seen] = []
    bare: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        for _ in range(ROUNDS + 1):  # the first one is warm-up
            bare.append(bare_loop(seconds / 4))
            rounds.append(one_round(Path(name), seconds, stall=False))
        stalled = one_round(Path(name), seconds, stall=True)
    return [_waits(rounds[1:]), _capacity(rounds[1:], bare[1:]), _control(stalled)]


def _waits(rounds: list[Seen]) -> Figure:
    p99 = [percentile(each.waits, 0.99) / MICROSECOND for each in rounds]
    handler = [statistics.median(each.handler_times) / MICROSECOND for each in rounds]
    notes: dict[str, Any] = {
        "p50_us": _median_percentile([each.waits for each in rounds], 0.5),
        "p90_us": _median_percentile([each.waits for each in rounds], 0.9),
        "max_us": max(max(each.waits) / MICROSECOND for each in rounds),
        # Where one of these is far above 200, the machine itself was interrupted.
        "publisher_late_p99_us": _median_percentile([each.lateness for each in rounds], 0.99),
        "p99_from_sending_us": _median_percentile(
            [[a - b for a, b in zip(each.waits, each.lateness, strict=True)] for each in rounds],
            0.99,
        ),
        "handler_p99_us": _median_percentile([each.handler_times for each in rounds], 0.99),
    }
    return Figure(
        name="p99 wait of urgent events under a flood",
        unit="us",
        candidate=statistics.median(p99),
        baseline=statistics.median(handler),
        against="the flood's handler time",
        target=2.0,
        better="lower",
        runs={"engine": p99, "handler": handler},
        notes=notes,
    )


def _median_percentile(rounds: list[list[float]], share: float) -> float:
    return statistics.median(percentile(each, share) / MICROSECOND for each in rounds)


def _capacity(rounds: list[Seen], bare: list[float]) -> Figure:
    runs = {"engine": [each.flood_rate() for each in rounds], "bare loop": bare}
    name = "slow handlers run meanwhile"
    return compare("engine", "bare loop", runs, name=name, unit="events/s", target=0.97)


def _control(stalled: Seen) -> Figure:
    """The stall must be seen: p99 of at least half its length."""
    p99 = percentile(stalled.waits, 0.99) / MICROSECOND
    return Figure(
        name="control: p99 with one stall of 200 ms",
        unit="us",
        candidate=p99,
        baseline=STALL_S / MICROSECOND,
        against="the stall",
        target=0.5,
        runs={"engine": [p99]},
    )
