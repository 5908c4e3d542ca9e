"""What docs/policies.md says of each policy, seen from Python in virtual time."""

from __future__ import annotations

from typing import Any

import pytest

import veltrix as vx
from system.pipelines import Recorder, balanced, handle
from veltrix import testing
from veltrix.stats import QueueStats


class Line:
    """One queue in a simulation, and what ran on it in which order."""

    def __init__(self, **options: Any) -> None:
        app = vx.Pipeline("policies", dedup={"window": 0})
        self.seen = Recorder()
        handle(app, "work", self.seen, **options)
        self.simulation = testing.Simulation(app)

    def publish(self, *data: Any, key: str | None = "k", **options: Any) -> vx.Receipt:
        for each in data:
            receipt = self.simulation.publish("work", each, key=key, **options)
        return receipt

    def run(self, until: float | None = None) -> list[Any]:
        self.simulation.run(until)
        assert balanced(self.simulation.stats())
        return self.seen.events

    @property
    def stats(self) -> QueueStats:
        return self.simulation.stats().queues["work"]

    @property
    def codes(self) -> list[str]:
        return [letter.code for letter in self.simulation.dead_letters.list()]


def at(second: int) -> str:
    return f"2013-01-01T00:00:{second:02d}Z"


@pytest.mark.parametrize(
    ("policy", "left", "reason"),
    [("drop_newest", [5, 1], "newest"), ("drop_oldest", [9, 3], "oldest")],
)
def test_full_queue_drops(policy: str, left: list[int], reason: str) -> None:
    line = Line(capacity={"events": 2}, overflow={"policy": policy}, dead_letters={"drops": True})
    line.publish(5, 1, 9, 3, key=None)
    assert line.run() == left
    assert (line.stats.dropped, line.codes) == ({reason: 2}, [reason, reason])


def test_full_queue_drops_the_lowest_priority() -> None:
    line = Line(capacity={"events": 2}, overflow={"policy": "drop_lowest"}, order="none")
    for priority in (5, 1, 9, 3):
        line.publish(priority, priority=priority)
    assert line.run() == [9, 5]
    assert line.stats.dropped == {"lowest": 2}


def test_receipt_says_drop_when_there_was_no_room() -> None:
    line = Line(capacity={"events": 1}, overflow={"policy": "drop_newest"})
    line.publish(1)
    receipt = line.publish(2)
    assert line.run() == [1]
    assert receipt.settled(timeout=0) == {"work": "drop"}


def test_reserve_is_kept_for_urgent_events() -> None:
    reserve = {"priority": "high", "share": "50%"}
    line = Line(capacity={"events": 4, "reserve": reserve}, overflow={"policy": "reject"})
    line.publish(1, 2)
    with pytest.raises(vx.QueueFullError):
        line.publish(3, priority=6)
    line.publish(4, 5, priority="high")
    with pytest.raises(vx.QueueFullError):
        line.publish(6, priority="urgent")


@pytest.mark.parametrize(("on_retry", "expected"), [("hold", [1, 2, 3]), ("pass", [2, 3, 1])])
def test_retry_holds_its_key_or_is_passed(on_retry: str, expected: list[int]) -> None:
    line = Line(order={"on_retry": on_retry})
    line.simulation.fail("work", ConnectionError("down"))
    line.publish(1, 2, 3)
    assert line.run() == expected


@pytest.mark.parametrize(
    ("late", "runs", "counted"),
    [("deliver", [1, 2, 3, 0], {}), ("dead", [1, 2, 3], {}), ("drop", [1, 2, 3], {"late": 1})],
)
def test_events_run_in_order_of_their_time(
    late: str, runs: list[int], counted: dict[str, int]
) -> None:
    line = Line(order={"sort": "event.time", "wait": "1s", "late": late})
    for second in (3, 1, 2):
        line.publish(second, time=at(second))
    assert line.run(until=0.9) == []
    assert line.run(until=1.1) == [1, 2, 3]
    line.publish(0, time=at(0))
    assert line.run() == runs
    assert (line.stats.dropped, line.codes) == (counted, ["late"] if late == "dead" else [])


def test_only_the_newest_of_a_key_waits() -> None:
    line = Line(latest={"every": "10s"})
    line.publish(1)
    assert line.run(until=0.1) == [1]
    line.publish(2, 3, 4)
    line.publish("a", "b", key=None)
    assert line.run(until=9) == [1, "a", "b"]
    assert line.run(until=11) == [1, "a", "b", 4]
    assert line.stats.dropped == {"superseded": 2}


def test_what_waits_too_long_expires() -> None:
    line = Line(ttl="10s", retry={"backoff": "1h", "max_backoff": "1h"})
    line.simulation.fail("work", vx.Retry(after="11s"))
    line.publish(1)
    line.publish(2, after="20s")
    assert line.run() == [2]
    assert line.stats.dropped == {"expired": 1}


def test_duplicates_of_a_queue_are_told_by_their_values() -> None:
    line = Line(dedup={"by": ["event.type", "data.x"], "window": "10s"})
    line.publish({"x": 1}, {"x": 2}, {"x": 1, "y": 1}, {"y": 1}, {"y": 1})
    assert line.run(until=11) == [{"x": 1}, {"x": 2}, {"y": 1}, {"y": 1}]
    line.publish({"x": 1})
    assert len(line.run()) == 5
    assert line.stats.dropped == {"duplicate": 1}


def test_old_events_are_not_retried() -> None:
    line = Line(retry={"max_age": "10s", "max_attempts": 9})
    line.simulation.fail("work", vx.Retry(after="6s"), times=9)
    line.publish(1)
    line.run()
    starts = [attempt.started for attempt in line.simulation.attempts("work")]
    assert starts == pytest.approx([0, 6, 12], abs=0.01)
    assert line.codes == ["retry"]
