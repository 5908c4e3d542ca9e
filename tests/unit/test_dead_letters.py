"""``engine.dead_letters``: selecting letters and running them again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

import veltrix as vx
from veltrix import testing
from veltrix.dead_letters import DeadDelivery
from veltrix.errors import EvaluationError, InvalidExpressionError


def hunt() -> vx.Pipeline:
    app = vx.Pipeline("hunt")
    app.seen = []  # type: ignore[attr-defined]

    @app.handler("clue.*", queue="scores", key="data.team", retry={"max_attempts": 2})
    def score(event: vx.Event, ctx: vx.Context) -> object:
        app.seen.append((event.data.get("n"), ctx.sequence))  # type: ignore[attr-defined]
        if event.data.get("broken"):
            raise ValueError("broken")
        return vx.DeadLetter("refused") if event.data.get("refused") else None

    return app


@pytest.fixture
def sim() -> Iterator[testing.Simulation]:
    with testing.Simulation(hunt()) as simulation:
        simulation.publish("clue.found", {"team": "red", "broken": True, "n": 1})
        simulation.publish("clue.found", {"team": "blue", "refused": True, "n": 2})
        simulation.publish("clue.lost.again", {"team": "red"})
        simulation.run()
        yield simulation


def codes(letters: list[DeadDelivery]) -> list[str]:
    return sorted(letter.code for letter in letters)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({}, ["ValueError", "dead_letter", "unmatched"]),
        ({"queue": "scores"}, ["ValueError", "dead_letter"]),
        ({"queue": "nowhere"}, []),
        ({"reason": "dead_letter"}, ["dead_letter"]),
        ({"key": "red"}, ["ValueError"]),
        ({"key": "green"}, []),
        ({"type": "clue.found"}, ["ValueError", "dead_letter"]),
        ({"type": "clue.*"}, ["ValueError", "dead_letter"]),
        ({"type": "clue.**"}, ["ValueError", "dead_letter", "unmatched"]),
        ({"type": "**.again"}, ["unmatched"]),
        ({"type": "clueXfound"}, []),
        ({"queue": "scores", "key": "blue"}, ["dead_letter"]),
        ({"since": "2000-01-01T00:00:00Z"}, ["ValueError", "dead_letter", "unmatched"]),
        ({"until": datetime(1999, 1, 1, tzinfo=UTC)}, []),
        ({"where": "data.n > 1"}, ["dead_letter"]),
        ({"where": "letter.code == 'ValueError' && letter.attempts == 2"}, ["ValueError"]),
        ({"where": "letter.queue == 'scores' && data.team == 'blue'"}, ["dead_letter"]),
        ({"where": "letter.at > timestamp('2000-01-01T00:00:00Z')", "queue": ""}, ["unmatched"]),
        ({"where": "data.no.such == 1"}, []),
    ],
)
def test_list_selects(
    sim: testing.Simulation, selection: dict[str, str], expected: list[str]
) -> None:
    assert codes(sim.dead_letters.list(**selection)) == expected


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"where": "data.team =="}, InvalidExpressionError, "column 13"),
        ({"where": "data.n"}, EvaluationError, "neither true nor false"),
        ({"where": "data.n + 'a' == ''"}, EvaluationError, "clue.found"),
        ({"since": "yesterday"}, ValueError, "yesterday"),
        ({"until": "2026-01-01T00:00:00"}, ValueError, "offset"),
        ({"rate": "fast"}, ValueError, "rate"),
        ({"rate": 0}, ValueError, "rate"),
        ({"rate": "5/x"}, ValueError, "rate"),
    ],
)
def test_redrive_says_what_is_wrong(
    sim: testing.Simulation, arguments: dict[str, object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        sim.dead_letters.redrive(**arguments)  # type: ignore[arg-type]
    assert len(sim.dead_letters) == 3


def test_a_letter_tells_its_history(sim: testing.Simulation) -> None:
    (letter,) = sim.dead_letters.list(reason="ValueError")
    assert [(station.name, station.attempt, station.code) for station in letter.history] == [
        ("retry", 1, "ValueError"),
        ("dead", 2, "ValueError"),
    ]
    assert letter.attempts == 2
    assert letter.history[0].at <= letter.at < letter.history[0].at + timedelta(minutes=1)
    assert "broken" in letter.text


def test_a_dry_run_changes_nothing(sim: testing.Simulation) -> None:
    report = sim.dead_letters.redrive(queue="scores", dry_run=True)
    assert (len(report.letters), report.redriven, report.left) == (2, 0, 2)
    assert len(sim.dead_letters) == 3


def test_redrive_runs_letters_again_with_their_sequence(sim: testing.Simulation) -> None:
    before = {
        letter.event.data["n"]: letter.sequence for letter in sim.dead_letters.list(queue="scores")
    }
    report = sim.dead_letters.redrive(queue="scores", edit=_mended)
    assert str(report) == "2 of 2 dead letters run again"
    sim.run()
    assert [letter.code for letter in sim.dead_letters] == ["unmatched"]
    queue = sim.stats().queues["scores"]
    assert (queue.accepted, queue.done, queue.dead) == (4, 2, 2)
    assert sim.stats().balanced
    again = sim.attempts("scores")[-2:]
    assert [attempt.attempt for attempt in again] == [1, 1]
    assert before == {1: 1, 2: 2}


def _mended(event: vx.Event) -> vx.Event:
    return vx.Event(event.type, {"team": event.data["team"], "n": event.data["n"]})


def test_redrive_takes_the_place_of_its_sequence() -> None:
    app = hunt()
    with testing.Simulation(app) as sim:
        sim.publish("clue.found", {"team": "red", "refused": True, "n": 1})
        sim.run()
        sim.publish("clue.found", {"team": "red", "n": 2})
        sim.dead_letters.redrive(edit=_mended)
        sim.run()
    assert [n for n, _ in app.seen] == [1, 1, 2]  # type: ignore[attr-defined]


def test_redrive_leaves_what_edit_gives_up(sim: testing.Simulation) -> None:
    report = sim.dead_letters.redrive(edit=lambda _event: None)
    assert (report.redriven, report.left) == (0, 3)


def test_redrive_spaces_by_rate() -> None:
    with testing.Simulation(hunt()) as sim:
        for n in range(3):
            sim.publish("clue.found", {"team": f"t{n}", "refused": True, "n": n})
        sim.run()
        started = sim.now
        sim.dead_letters.redrive(edit=_mended, rate="2/s")
        sim.run()
        times = [attempt.started - started for attempt in sim.attempts("scores")[-3:]]
    assert times == pytest.approx([0.0, 0.5, 1.0], abs=0.01)


def test_a_mended_event_keeps_its_id(sim: testing.Simulation) -> None:
    (letter,) = sim.dead_letters.list(reason="dead_letter")
    sim.dead_letters.redrive(reason="dead_letter", edit=_mended)
    sim.run()
    again = sim.attempts("scores")[-1].event
    assert (again.id, again.source) == (letter.event.id, letter.event.source)


def _payload(event: vx.Event) -> object:
    return event.data


def test_edit_gives_events(sim: testing.Simulation) -> None:
    with pytest.raises(TypeError, match="not dict"):
        sim.dead_letters.redrive(queue="scores", edit=_payload)  # type: ignore[arg-type]
    assert len(sim.dead_letters) == 3


def test_letters_without_a_queue_stay(sim: testing.Simulation) -> None:
    assert sim.dead_letters.redrive(reason="unmatched").redriven == 0
    assert len(sim.dead_letters.list(reason="unmatched")) == 1
