"""Story S1 by its counts: what is wanted, filtered, lost and called. Never by its times."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

import veltrix as vx
from veltrix.stories import find
from veltrix.stories.s1.bus import Bus
from veltrix.stories.s1.lanes import pipeline
from veltrix.stories.s1.load import ALL, LANES, Load, Record
from veltrix.stories.story import SIDES

EVENTS, WORKERS = 5_000, 4
OPTIONS = {"seconds": 0.05, "rate": 100_000, "seed": 7, "workers": WORKERS}


@pytest.fixture
def record() -> Record:
    return Record(Load.make(OPTIONS))


@pytest.fixture
def path(record: Record, tmp_path: Path) -> Path:
    file = tmp_path / "lines"
    file.write_bytes(b"".join(record.load.lines()))
    return file


def _lane(line: bytes) -> str | None:
    """The story's conditions, told once more."""
    event = json.loads(line)
    data = event["data"]
    match event["type"]:
        case "alert.raised":
            return "urgent" if data["severity"] >= 8 else None
        case "order.changed":
            return "normal" if data["amount"] >= 901 else None
        case _:
            return "bulk" if data["value"] >= 91 else None


def _truth(load: Load) -> dict[str | None, list[int]]:
    lanes = [_lane(line) for line in load.lines()]
    return {
        name: [number for number, lane in enumerate(lanes) if lane == name]
        for name in (*LANES, None)
    }


def test_load_is_the_same_when_the_seed_is() -> None:
    assert Load.make(OPTIONS) == Load.make(OPTIONS)
    assert Load.make(OPTIONS) != Load.make({**OPTIONS, "seed": 8})


def test_load_wants_one_in_ten_when_made(record: Record) -> None:
    truth = _truth(record.load)
    assert {name: record.load.wanted(name) for name in LANES} == {
        name: truth[name] for name in LANES
    }
    assert all(truth.values())
    assert EVENTS - len(truth[None]) == pytest.approx(EVENTS * 0.104, rel=0.2)
    lines = list(record.load.lines())
    assert [json.loads(line)["id"] for line in lines] == [str(number) for number in range(EVENTS)]
    assert {len(line) for line in lines} <= set(range(240, 280))


@pytest.mark.parametrize("capacity", [100, 100_000])
def test_lanes_call_python_for_what_is_wanted_only_when_a_lane_is_full_too(
    record: Record, path: Path, capacity: int
) -> None:
    truth = _truth(record.load)
    with vx.Engine(pipeline(record, path, capacity), python_executors=WORKERS) as engine:
        engine.drain()
        stats = engine.stats()
    wanted = sorted(number for name in LANES for number in truth[name])
    assert sorted(number for _when, number, _host in record.seen) == wanted  # each call, once
    assert stats.balanced
    assert stats.totals.received == EVENTS
    assert (stats.totals.admitted, stats.totals.filtered) == (len(wanted), len(truth[None]))
    assert {name: stats.queues[name].done for name in LANES} == {
        name: len(truth[name]) for name in LANES
    }
    assert {name: list(stats.queues[name].priorities) for name in LANES} == {
        name: [lane.priority] for name, lane in LANES.items()
    }
    outcome = record.outcome(stats.totals.filtered)
    assert (outcome.lost, outcome.duplicates, outcome.in_vain) == (0, 0, 0)
    assert outcome.handled + stats.totals.filtered == outcome.sent


def test_handlers_of_both_sides_see_the_same_when_told_the_same_lines(
    record: Record, path: Path
) -> None:
    with vx.Engine(pipeline(record, path, EVENTS)) as engine:
        engine.drain()
    other = Record(record.load)
    bus = Bus(other, EVENTS, WORKERS)
    bus.start()
    bus.read(path)
    bus.finish()
    seen = [Counter((number, host) for _, number, host in side.seen) for side in (record, other)]
    assert seen[0] == seen[1]
    assert bus.filtered == len(_truth(record.load)[None])


def test_bus_loses_what_does_not_fit_when_nobody_works_yet(record: Record, path: Path) -> None:
    capacity = 1_000
    bus = Bus(record, capacity, WORKERS)
    bus.read(path)
    assert bus.dropped == EVENTS - capacity
    bus.start()
    bus.finish()
    outcome = record.outcome(bus.filtered, in_vain=bus.filtered)
    taken = [number for name in LANES for number in _truth(record.load)[name] if number < capacity]
    assert (outcome.handled, outcome.lost) == (len(taken), EVENTS - capacity)
    assert outcome.handled + outcome.in_vain == capacity  # Python was called for all of them


def test_outcome_counts_a_wanted_event_as_lost_when_it_was_filtered(record: Record) -> None:
    truth = _truth(record.load)
    wanted = [number for name in LANES for number in truth[name]]
    for number in wanted[1:]:
        record.handle(str(number), {"host": "host-1"})
    record.handle(str(truth[None][0]), {"host": "host-1"})
    outcome = record.outcome(filtered=len(truth[None]) + 1)
    assert (outcome.lost, outcome.in_vain) == (1, 1)
    assert outcome.parts["urgent"].lost == outcome.parts[ALL].lost == 1


@pytest.mark.slow
@pytest.mark.parametrize("side", SIDES)
def test_side_accounts_for_every_event_when_told(side: str) -> None:
    story = find("s1")
    assert story is not None
    outcome = story.sides[side]({**story.options, **OPTIONS, "capacity": EVENTS})
    unwanted = len(_truth(Load.make(OPTIONS))[None])
    assert (outcome.sent, outcome.filtered) == (EVENTS, unwanted)
    assert (outcome.handled, outcome.lost, outcome.duplicates) == (EVENTS - unwanted, 0, 0)
    assert outcome.in_vain == (unwanted if side == "before" else 0)
    assert outcome.new_threads == 0
    if side == "veltrix":
        assert outcome.ledger.endswith("ledger balances")
