"""Story S0 by its counts: what is lost, handled twice and out of order. Never by its times."""

from __future__ import annotations

import pytest

import veltrix as vx
from veltrix.stories import CATALOGUE, find
from veltrix.stories.s0 import monolith, per_type
from veltrix.stories.s0.load import SHARES, Load, Record
from veltrix.stories.story import SIDES

EVENTS, CAPACITY = 3_000, 1_000
OPTIONS = {"events": EVENTS, "rate": 1e9, "seed": 7}


@pytest.fixture
def record() -> Record:
    return Record(Load.make(OPTIONS), report_seconds=0)


def test_load_is_the_same_when_the_seed_is() -> None:
    assert Load.make(OPTIONS) == Load.make(OPTIONS)
    assert Load.make(OPTIONS) != Load.make({**OPTIONS, "seed": 8})


def test_load_has_every_event_and_some_twice_when_made(record: Record) -> None:
    assert set(record.load.order) == set(range(EVENTS))
    assert len(record.load.order) - EVENTS == pytest.approx(EVENTS * 0.01, rel=0.5)
    assert set(record.load.types) == set(SHARES)


def test_monolith_loses_what_does_not_fit_when_a_burst_meets_its_blocked_worker(
    record: Record,
) -> None:
    queue = monolith.Monolith(record, CAPACITY)
    record.send_all(queue.offer)  # nobody works yet: the worst moment of a slow type
    queue.start()
    queue.finish()
    outcome = record.outcome()
    kept = record.load.order[:CAPACITY]
    assert outcome.handled == CAPACITY
    assert outcome.lost == EVENTS - len(set(kept))
    assert outcome.duplicates == CAPACITY - len(set(kept))
    assert queue.dropped == len(record.load.order) - CAPACITY


def test_queues_per_type_lose_nothing_when_the_same_burst_comes(record: Record) -> None:
    with vx.Engine(per_type.pipeline(record)) as engine:
        record.send_all(per_type.publisher(engine, record.load))
        engine.drain()
        totals = engine.stats().totals
    outcome = record.outcome()
    assert (outcome.handled, outcome.lost) == (EVENTS, 0)
    assert (outcome.duplicates, outcome.out_of_order) == (0, 0)
    assert totals.duplicate == len(record.load.order) - EVENTS
    assert totals.admitted == EVENTS


def test_every_side_balances_when_the_whole_story_is_told() -> None:
    story = find("s0")
    assert story is not None
    for side in SIDES:
        outcome = story.sides[side]({**story.options, "events": 2_000, "report_ms": 1})
        assert outcome.sent == 2_000
        assert outcome.handled - outcome.duplicates + outcome.lost == outcome.sent


def test_catalogue_names_what_is_not_there_yet_when_asked() -> None:
    assert [name for name in CATALOGUE if find(name) is not None] == ["s0"]
    with pytest.raises(KeyError, match="s0, s1"):
        find("s9")
