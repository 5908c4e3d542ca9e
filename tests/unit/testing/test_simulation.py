"""The simulation: virtual time, made failures, the same run every time."""

from __future__ import annotations

from typing import Any

import pytest

import veltrix as vx
from veltrix import testing


def hunt() -> vx.Pipeline:
    app = vx.Pipeline("hunt")

    @app.handler("clue.found", queue="scores", retry={"max_attempts": 4, "backoff": "1s"})
    def score(event: vx.Event) -> Any:
        yield vx.Event("score.changed", {"team": event.data["team"]})

    @app.handler("score.changed", queue="push")
    def push(event: vx.Event) -> None: ...

    return app


def test_failures_are_retried_in_virtual_time_when_made() -> None:
    with testing.Simulation(hunt()) as sim:
        sim.fail("push", ConnectionError("down"), times=2)
        sim.publish("clue.found", {"team": "red"})
        sim.run(until="1m")
        attempts = sim.attempts("push")
        assert [attempt.outcome for attempt in attempts] == ["retry", "retry", "done"]
        assert [attempt.attempt for attempt in attempts] == [1, 2, 3]
        assert attempts[0].code == "ConnectionError"
        assert attempts[0].started < attempts[1].started < attempts[2].started
        assert sim.stats().balanced


def test_delivery_is_dead_when_its_attempts_are_used_up() -> None:
    with testing.Simulation(hunt()) as sim:
        sim.fail("scores", ValueError("no"), times=9)
        sim.publish("clue.found", {"team": "red"}, id="7")
        sim.run()
        assert [attempt.outcome for attempt in sim.attempts("scores")] == [*["retry"] * 3, "dead"]
        (letter,) = sim.dead_letters.list()
        assert (letter.event.id, letter.queue, letter.attempts) == ("7", "scores", 4)


@pytest.mark.parametrize(
    ("signal", "outcomes"),
    [
        (vx.Retry(after="10s"), ["retry", "done"]),
        (vx.DeadLetter("refused"), ["dead"]),
        (vx.Drop("late"), ["drop"]),
    ],
)
def test_fail_takes_signals_too(signal: vx.Signal, outcomes: list[str]) -> None:
    with testing.Simulation(hunt()) as sim:
        sim.fail("scores", signal)
        sim.publish("clue.found", {"team": "red"})
        sim.run()
        assert [attempt.outcome for attempt in sim.attempts("scores")] == outcomes


def test_retry_waits_as_long_as_it_says() -> None:
    with testing.Simulation(hunt()) as sim:
        sim.fail("scores", vx.Retry(after="10s"))
        sim.publish("clue.found", {"team": "red"})
        sim.run()
        first, second = sim.attempts("scores")
        assert second.started - first.started == pytest.approx(10, abs=0.01)


def test_clock_moves_only_when_it_is_run() -> None:
    with testing.Simulation(hunt()) as sim:
        sim.publish("clue.found", {"team": "red"}, after="30s")
        assert sim.now == 0
        sim.run(until="10s")
        assert (sim.now, sim.attempts("scores")) == (10, [])
        sim.run()
        assert sim.now == pytest.approx(30, abs=0.01)
        assert len(sim.attempts("scores")) == 1


def test_two_runs_are_the_same_when_the_seed_is() -> None:
    def run(seed: int) -> list[float]:
        with testing.Simulation(hunt(), seed=seed) as sim:
            sim.fail("scores", ValueError("no"), times=3)
            sim.publish("clue.found", {"team": "red"}, id="7")
            sim.run()
            return [attempt.started for attempt in sim.attempts("scores")]

    assert run(1) == run(1)
    assert run(1) != run(2)


@pytest.mark.parametrize("call", ["fail", "attempts"])
def test_unknown_queue_is_refused_with_the_known_ones(call: str) -> None:
    with testing.Simulation(hunt()) as sim:
        arguments = ("nothing", ValueError()) if call == "fail" else ("nothing",)
        with pytest.raises(KeyError, match="there are push, scores"):
            getattr(sim, call)(*arguments)


def test_sources_do_not_run_in_a_simulation() -> None:
    app = hunt()
    app.source("game", "no/such/file.jsonl")
    with testing.Simulation(app) as sim:
        sim.run()
        assert sim.stats().totals.received == 0
