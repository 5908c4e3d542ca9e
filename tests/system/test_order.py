"""What keeps its order: events of one key, all events of a queue, or none."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor

import pytest

import veltrix as vx
from system.pipelines import LONG, Recorder, balanced, handle

KEYS = [f"k{number}" for number in range(8)]


class Overlaps:
    """Notes handlers of one key that run at the same time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: Counter[str | None] = Counter()
        self.found: list[str | None] = []

    def enter(self, key: str | None) -> None:
        with self._lock:
            self._running[key] += 1
            if self._running[key] > 1:
                self.found.append(key)

    def leave(self, key: str | None) -> None:
        with self._lock:
            self._running[key] -= 1


def publish_from(engine: vx.Engine, thread: int, count: int) -> None:
    for number in range(count):
        engine.publish("work", [thread, number], key=KEYS[(number * 7 + thread) % len(KEYS)])


def publish_by_threads(engine: vx.Engine, threads: int, count: int) -> None:
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(publish_from, engine, n, count) for n in range(threads)]:
            done.result()


def assert_program_order(seen: list[list[int]]) -> None:
    last: dict[int, int] = defaultdict(lambda: -1)
    for thread, number in seen:
        assert last[thread] < number
        last[thread] = number


@pytest.mark.parametrize("concurrency", [1, 4])
def test_events_of_a_key_keep_each_threads_order(concurrency: int) -> None:
    app, seen = vx.Pipeline("order"), Recorder()
    handle(app, "work", seen, concurrency=concurrency)
    with vx.Engine(app) as engine:
        publish_by_threads(engine, 4, 500)
    assert sum(map(len, seen.by_key.values())) == 2_000
    for events in seen.by_key.values():
        assert_program_order(events)


def test_handlers_of_different_keys_run_together_when_concurrency_allows() -> None:
    app, together = vx.Pipeline("order"), threading.Barrier(3)

    def work(event: vx.Event) -> None:
        together.wait(LONG)

    handle(app, "work", work, concurrency=3)
    with vx.Engine(app) as engine:
        receipts = [engine.publish("work", key=key) for key in KEYS[:3]]
        assert [receipt.settled(timeout=LONG) for receipt in receipts] == [{"work": "done"}] * 3


@pytest.mark.slow
def test_handlers_of_a_key_never_overlap_when_they_block() -> None:
    app, overlaps, seen = vx.Pipeline("order"), Overlaps(), Recorder()
    turn = threading.Event()

    def work(event: vx.Event) -> None:
        overlaps.enter(event.key)
        turn.wait(0.006)  # long enough to be taken for blocked: the spares join in
        seen(event)
        overlaps.leave(event.key)

    handle(app, "work", work, concurrency=4)
    with vx.Engine(app) as engine:
        publish_by_threads(engine, 2, 60)
    assert overlaps.found == []
    for events in seen.by_key.values():
        assert_program_order(events)


def test_handlers_of_a_queue_never_overlap_when_concurrency_is_one() -> None:
    app, overlaps = vx.Pipeline("order"), Overlaps()
    turn = threading.Event()

    def work(event: vx.Event) -> None:
        overlaps.enter("queue")
        turn.wait(0.006)
        overlaps.leave("queue")

    handle(app, "work", work, order="none")
    with vx.Engine(app) as engine:
        publish_by_threads(engine, 2, 10)
    assert overlaps.found == []


def test_retry_holds_its_key_and_no_other() -> None:
    app, seen, failed = vx.Pipeline("order"), Recorder(), Counter[str]()

    def work(event: vx.Event) -> None:
        if event.data % 5 == 0 and failed[event.id] < 2:
            failed[event.id] += 1
            raise ValueError("again")
        seen(event)

    handle(app, "work", work, concurrency=3, retry={"backoff": "2ms"})
    with vx.Engine(app) as engine:
        for number in range(200):
            engine.publish("work", number, key=KEYS[number % 3])
    assert engine.stats().queues["work"].retried == 80
    for number, key in enumerate(KEYS[:3]):
        assert seen.by_key[key] == list(range(number, 200, 3))


def test_other_keys_pass_when_one_waits_for_its_retry() -> None:
    app, seen = vx.Pipeline("order"), Recorder()

    def work(event: vx.Event) -> object:
        if event.key == "bad":
            return vx.Retry(after="1h")
        return seen(event)

    handle(app, "work", work)
    engine = vx.Engine(app).start()
    engine.publish("work", 0, key="bad")
    behind = engine.publish("work", 1, key="bad")
    assert engine.publish("work", 2, key="good").settled(timeout=LONG) == {"work": "done"}
    with pytest.raises(vx.WaitTimeoutError):
        behind.settled(timeout=0)
    assert engine.stop(0).left == {"work": 2}
    assert seen.events == [2]


def test_total_order_holds_for_all_events_when_keys_differ_and_some_fail() -> None:
    app, seen, failed = vx.Pipeline("order"), Recorder(), Counter[str]()

    def work(event: vx.Event) -> None:
        failed[event.id] += 1
        if event.data == 50 and failed[event.id] < 3:
            raise ValueError("again")
        seen(event)

    handle(app, "work", work, order="total", concurrency=4, retry={"backoff": "1ms"})
    with vx.Engine(app) as engine:
        for number in range(200):
            engine.publish("work", number, key=KEYS[number % 8], priority=number % 10)
    assert seen.events == list(range(200))
    assert balanced(engine.stats())


def test_key_of_a_route_goes_before_the_events_own() -> None:
    app, seen = vx.Pipeline("order"), Recorder()
    handle(app, "work", seen, key="data.team")
    with vx.Engine(app) as engine:
        engine.publish("work", {"team": "red"}, key="x", priority="low")
        engine.publish("work", {"team": "red"}, key="y", priority="urgent")
        engine.publish("work", {"no": "team"}, key="y")
        assert engine.drain(timeout=LONG)
        assert engine.stats().totals.key_missing == 1
    first = [event for event in seen.events if event == {"team": "red"}]
    assert len(first) == 2


def test_event_lifts_its_key_when_it_is_urgent() -> None:
    # No minimum share: the gate's time counts as urgent, the others would be owed theirs and come
    # first.
    app, seen = vx.Pipeline("order", dispatch={"min_share": 0}), Recorder()
    held, release = threading.Event(), threading.Event()
    handle(
        app, "gate", lambda event: held.set() or (release.wait(LONG) and None), priority="urgent"
    )
    handle(app, "work", seen)
    with vx.Engine(app, python_executors=1) as engine:
        engine.publish("gate")
        assert held.wait(LONG)
        for number, (key, priority) in enumerate([("a", 4), ("b", 4), ("b", 9), ("a", 4)]):
            engine.publish("work", number, key=key, priority=priority)
        release.set()
    assert seen.events == [1, 2, 0, 3]
