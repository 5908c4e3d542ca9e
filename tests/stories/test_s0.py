"""Story S0 by its counts: what is lost, handled twice and out of order. Never by its times."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

import veltrix as vx
from veltrix.stories import find
from veltrix.stories.s0 import monolith, per_type
from veltrix.stories.s0.load import REPORT, SHARES, TYPES, Load, Record

EVENTS, CAPACITY, WORKERS = 3_000, 1_000, 4
OPTIONS = {"events": EVENTS, "rate": 2_000, "seed": 7, "reports": 16}


class HeldRecord(Record):
    """Its reports wait until they are let go."""

    def __init__(self, load: Load) -> None:
        super().__init__(load, report_seconds=0)
        self.at_work = threading.Semaphore(0)
        self.let_go = threading.Event()

    def handle(self, number: int) -> None:
        super().handle(number)
        if self.load.types[number] == REPORT:
            self.at_work.release()
            self.let_go.wait()


@pytest.fixture
def record() -> Record:
    load = Load.make(OPTIONS)
    load.due[:] = [0.0] * EVENTS  # all at once
    return Record(load, report_seconds=0)


@pytest.fixture
def held() -> Iterator[HeldRecord]:
    load = Load.make(OPTIONS)
    load.due[:] = [0.0] * EVENTS
    record = HeldRecord(load)
    yield record
    record.let_go.set()


def test_load_is_the_same_when_the_seed_is() -> None:
    assert Load.make(OPTIONS) == Load.make(OPTIONS)
    assert Load.make(OPTIONS) != Load.make({**OPTIONS, "seed": 8})


def test_load_has_every_event_and_some_twice_when_made(record: Record) -> None:
    assert set(record.load.order) == set(range(EVENTS))
    assert len(record.load.order) - EVENTS == pytest.approx(EVENTS * 0.01, rel=0.5)
    assert set(record.load.types) == set(TYPES)


@pytest.mark.parametrize(("events", "reports"), [(3_000, 16), (3_010, 26), (1_000, 0)])
def test_load_has_reports_in_bursts_when_their_time_has_come(events: int, reports: int) -> None:
    load = Load.make({**OPTIONS, "events": events})
    assert load.types.count(REPORT) == reports
    if reports:
        assert load.types[1_000:1_016] == [REPORT] * 16


def test_monolith_loses_what_does_not_fit_when_a_burst_meets_its_blocked_workers(
    record: Record,
) -> None:
    queue = monolith.Monolith(record, CAPACITY, WORKERS)
    record.send_all(queue.offer)  # nobody works yet: the worst moment of a slow type
    queue.start()
    queue.finish()
    outcome = record.outcome()
    kept = record.load.order[:CAPACITY]
    assert outcome.handled == CAPACITY
    assert outcome.lost == EVENTS - len(set(kept))
    assert outcome.duplicates == CAPACITY - len(set(kept))
    assert sum(part.lost for part in outcome.parts.values()) == outcome.lost
    assert queue.dropped == len(record.load.order) - CAPACITY


def test_monolith_handles_nothing_when_every_worker_has_a_report(held: HeldRecord) -> None:
    types = held.load.types
    reports = [number for number, name in enumerate(types) if name == REPORT][:WORKERS]
    queue = monolith.Monolith(held, CAPACITY, WORKERS)
    queue.start()
    for number in [*reports, types.index("payment.settled")]:
        queue.offer(number)
    for _ in range(WORKERS):
        held.at_work.acquire()
    assert sorted(number for number, _ in held.seen) == reports
    held.let_go.set()
    queue.finish()
    assert len(held.seen) == WORKERS + 1


@pytest.mark.parametrize("report_workers", [1, 3])
def test_queues_per_type_lose_nothing_when_the_same_burst_comes(
    record: Record, report_workers: int
) -> None:
    app = per_type.pipeline(record, CAPACITY, report_workers)
    with vx.Engine(app, python_executors=WORKERS) as engine:
        record.send_all(per_type.publisher(engine, record.load))
        engine.drain()
        stats = engine.stats()
    outcome = record.outcome()
    assert (outcome.handled, outcome.lost) == (EVENTS, 0)
    assert (outcome.duplicates, outcome.out_of_order) == (0, 0)
    assert stats.balanced
    assert stats.totals.duplicate == len(record.load.order) - EVENTS
    assert stats.totals.admitted == EVENTS
    done = {name: stats.queues[name.split(".")[0] + "s"].done for name in TYPES}
    assert done == {name: record.load.types.count(name) for name in TYPES}


@pytest.mark.parametrize("report_workers", [1, 3])
def test_fast_types_are_handled_when_as_many_reports_as_may_be_at_work_are(
    held: HeldRecord, report_workers: int
) -> None:
    types = held.load.types
    app = per_type.pipeline(held, CAPACITY, report_workers)
    with vx.Engine(app, python_executors=WORKERS) as engine:
        send = per_type.publisher(engine, held.load)
        for number, name in enumerate(types):
            if name == REPORT:
                send(number)
        for _ in range(report_workers):
            assert held.at_work.acquire(timeout=10)
        fast = [number for number, name in enumerate(types) if name in SHARES]
        for number in fast[:-1]:
            send(number)
        last = engine.publish(types[fast[-1]], b"%d" % fast[-1])
        assert set(last.settled(timeout=10).values()) == {"done"}
        assert not held.at_work.acquire(blocking=False)  # no report more than may be
        assert engine.stats().queues["reports"].in_flight == types.count(REPORT)
        held.let_go.set()
        engine.drain()
    assert held.outcome().lost == 0


@pytest.mark.slow
def test_every_run_balances_when_the_whole_story_is_told() -> None:
    story = find("s0")
    assert story is not None
    for run in story.runs:
        small = {**story.options, "events": 2_000, "rate": 4_000, "report_ms": 1}
        outcome = story.sides[run.side]({**small, **run.options})
        assert outcome.sent == 2_000
        assert outcome.handled - outcome.duplicates + outcome.lost == outcome.sent
        if run.side == "veltrix":
            assert (outcome.lost, outcome.duplicates, outcome.out_of_order) == (0, 0, 0)
            assert outcome.new_threads == 0
            assert outcome.ledger.endswith("ledger balances")
