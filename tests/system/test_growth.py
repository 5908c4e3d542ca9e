"""Nothing grows with the number of events, of engines, of handlers; no cycle keeps them alive."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterable
from typing import Any

import pytest

import veltrix as vx
from system.child import AT_ONCE, Ended, run_scripts
from system.pipelines import LONG
from system.scripts.grow import HANDLERS, ROUNDS

MIB = 1 << 20
OBJECTS, BLOCKS = 100, 1_000  # of any count: a lazy import, a cache that fills


def check(ended: Ended, resident: int = 2 * MIB) -> None:
    assert (ended.code, ended.err) == (0, ""), ended
    lines = list(map(json.loads, ended.out.splitlines()))
    assert len(lines) == 2 * len(ended.arguments[0].split(",")), ended
    for first, last in zip(lines[::2], lines[1::2], strict=True):
        assert last["objects"] <= first["objects"] + OBJECTS, ended
        assert last["blocks"] <= first["blocks"] + BLOCKS, ended
        assert last["resident"] <= first["resident"] + resident, ended


def in_few_processes(kinds: Iterable[str]) -> list[str]:
    """Those that start take longer than what they do in a short test."""
    dealt = list(kinds)
    return [",".join(dealt[first::AT_ONCE]) for first in range(AT_ONCE)]


@pytest.mark.slow
def test_memory_stays_when_every_kind_of_handler_runs_on() -> None:
    runs = ((kinds, "50000", "150000") for kinds in in_few_processes(HANDLERS))
    for ended in run_scripts("grow.py", runs, limit=100):
        check(ended, 8 * MIB)  # bounded tables of recent events still fill


@pytest.mark.slow
def test_nothing_is_left_when_rounds_are_over() -> None:
    runs = ((kinds, "2000", "10000") for kinds in in_few_processes(ROUNDS))
    for ended in run_scripts("grow.py", runs, limit=100):
        check(ended)


@pytest.mark.ci
@pytest.mark.timeout(1_800)
def test_memory_stays_when_millions_of_events_pass() -> None:
    runs = ((kind, "1000000", "10000000") for kind in HANDLERS)
    for ended in run_scripts("grow.py", runs, limit=1_500):
        check(ended)


@pytest.mark.ci
@pytest.mark.timeout(600)
def test_nothing_is_left_when_many_more_rounds_are_over() -> None:
    for ended in run_scripts("grow.py", ((kind, "10000", "100000") for kind in ROUNDS), limit=500):
        check(ended)


def test_a_redrive_that_fails_keeps_nothing() -> None:
    app = vx.Pipeline("hunt")

    @app.handler("**", queue="all", retry={"max_attempts": 1})
    def fail(event: vx.Event) -> None:
        raise ValueError

    with vx.Engine(app) as engine:
        for _ in range(2):
            engine.publish("clue", "x" * 900_000)
        engine.drain(LONG)
        edits = iter([None, 5] * 40)

        def edit(event: vx.Event) -> Any:
            wrong = next(edits)
            return event if wrong is None else wrong

        for _ in range(5):
            with pytest.raises(TypeError):
                engine.dead_letters.redrive(edit=edit)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(30):
            with pytest.raises(TypeError):
                engine.dead_letters.redrive(edit=edit)
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 10_000  # KiB
        assert len(engine.dead_letters.list()) == 2
