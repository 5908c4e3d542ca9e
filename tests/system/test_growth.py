"""Nothing grows with the number of events, of engines, of handlers; no cycle keeps them alive."""

from __future__ import annotations

import json

import pytest

from system.child import Ended, run_scripts
from system.scripts.grow import HANDLERS, ROUNDS

MIB = 1 << 20
OBJECTS, BLOCKS = 100, 1_000  # of any count: a lazy import, a cache that fills


def check(ended: Ended, resident: int = 2 * MIB) -> None:
    assert (ended.code, ended.err) == (0, ""), ended
    first, last = map(json.loads, ended.out.splitlines())
    assert last["objects"] <= first["objects"] + OBJECTS, ended
    assert last["blocks"] <= first["blocks"] + BLOCKS, ended
    assert last["resident"] <= first["resident"] + resident, ended


@pytest.mark.slow
def test_memory_stays_when_every_kind_of_handler_runs_on() -> None:
    for ended in run_scripts("grow.py", ((kind, "50000", "150000") for kind in HANDLERS)):
        check(ended, 8 * MIB)  # bounded tables of recent events still fill


@pytest.mark.slow
def test_nothing_is_left_when_rounds_are_over() -> None:
    for ended in run_scripts("grow.py", ((kind, "2000", "10000") for kind in ROUNDS)):
        check(ended)


@pytest.mark.ci
@pytest.mark.timeout(1_800)
def test_memory_stays_when_millions_of_events_pass() -> None:
    # The timelines of one event in 1,024 are kept, 4,096 of them: that table is full by 4.2 M.
    runs = ((kind, "2000000", "4000000") for kind in HANDLERS)
    for ended in run_scripts("grow.py", runs, limit=1_500):
        check(ended, 4 * MIB)


@pytest.mark.ci
@pytest.mark.timeout(600)
def test_nothing_is_left_when_many_more_rounds_are_over() -> None:
    for ended in run_scripts("grow.py", ((kind, "10000", "100000") for kind in ROUNDS), limit=500):
        check(ended)
