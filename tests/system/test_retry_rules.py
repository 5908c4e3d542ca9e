"""Which exceptions are retried: `retry.on` and `retry.dead_on`, in both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

import veltrix as vx
from system.pipelines import LONG, balanced, handle
from veltrix import testing


class BadTeamError(Exception):
    """An error of the handlers' own."""


class WorseTeamError(BadTeamError):
    """A kind of it."""


RULES: list[tuple[dict[str, Any], type[BaseException], str]] = [
    ({}, ValueError, "retry"),
    ({"dead_on": ValueError}, ValueError, "dead"),
    ({"dead_on": ValueError}, UnicodeError, "dead"),  # a subclass
    ({"dead_on": ValueError}, LookupError, "retry"),
    ({"dead_on": (ValueError, KeyError)}, KeyError, "dead"),
    ({"dead_on": "BaseException"}, SystemExit, "dead"),
    ({"on": ConnectionError}, ConnectionResetError, "retry"),
    ({"on": ConnectionError}, OSError, "dead"),  # a base class
    ({"on": ["ConnectionError", TimeoutError]}, TimeoutError, "retry"),
    ({"on": ConnectionError}, ValueError, "dead"),
    ({"on": OSError, "dead_on": ConnectionError}, ConnectionResetError, "dead"),
    ({"on": OSError, "dead_on": ConnectionError}, FileNotFoundError, "retry"),
    ({"on": OSError, "dead_on": ConnectionError}, KeyError, "dead"),
    ({"on": BadTeamError}, WorseTeamError, "retry"),
    ({"dead_on": [BadTeamError]}, WorseTeamError, "dead"),
]


def raising(error: BaseException) -> Callable[[vx.Event], None]:
    def work(event: vx.Event) -> None:
        raise error.with_traceback(None)  # one object raised again would gather tracebacks

    return work


def one(function: Callable[[vx.Event], Any], **retry: Any) -> vx.Pipeline:
    app = vx.Pipeline("rules")
    handle(app, "work", function, retry={"max_attempts": 2, "backoff": "1ms", **retry})
    return app


def attempts(app: vx.Pipeline, data: object = None) -> list[tuple[str, str]]:
    """Outcome and code of every attempt of one event."""
    with testing.Simulation(app) as simulation:
        simulation.publish("work", data)
        simulation.run()
        assert balanced(simulation.stats())
        return [(attempt.outcome, attempt.code) for attempt in simulation.attempts("work")]


@pytest.mark.parametrize(("rules", "error", "outcome"), RULES)
def test_exception_is_retried_when_the_rules_let_it(
    rules: dict[str, Any], error: type[BaseException], outcome: str
) -> None:
    name = error.__name__
    expected = [(outcome, name), ("dead", name)] if outcome == "retry" else [("dead", name)]
    assert attempts(one(raising(error()), **rules)) == expected


@pytest.mark.parametrize(("rules", "error", "outcome"), RULES)
def test_engine_follows_the_same_rules(
    rules: dict[str, Any], error: type[BaseException], outcome: str
) -> None:
    with vx.Engine(one(raising(error()), **rules)) as engine:
        assert engine.publish("work").settled(timeout=LONG) == {"work": "dead"}
        (letter,) = engine.dead_letters.list()
    assert (letter.code, letter.attempts) == (error.__name__, 2 if outcome == "retry" else 1)
    assert letter.text.startswith("Traceback (most recent call last):\n")


def test_rules_hold_for_generators_and_made_failures() -> None:
    def work(event: vx.Event) -> Iterator[vx.Event]:
        yield vx.Event("never")
        raise BadTeamError

    app = one(work, dead_on=BadTeamError)
    assert attempts(app) == [("dead", "BadTeamError")]
    with testing.Simulation(one(lambda event: None, dead_on=BadTeamError)) as simulation:
        simulation.fail("work", WorseTeamError("made"))
        simulation.publish("work")
        simulation.run()
        assert [attempt.outcome for attempt in simulation.attempts("work")] == ["dead"]


@pytest.mark.parametrize("how", ["raised", "returned"])
@pytest.mark.parametrize(
    ("signal", "expected"),
    [
        (vx.Retry(), [("retry", "retry"), ("dead", "retry")]),
        (vx.DeadLetter("why"), [("dead", "dead_letter")]),
        (vx.Drop("why"), [("drop", "why")]),
    ],
)
def test_signal_stands_whatever_the_rules(
    how: str, signal: vx.Signal, expected: list[tuple[str, str]]
) -> None:
    function = raising(signal) if how == "raised" else lambda event: signal
    assert attempts(one(function, on=[ValueError])) == expected
    assert attempts(one(function, dead_on=[Exception])) == expected


@pytest.mark.parametrize("rules", [{"on": OSError}, {"dead_on": ValueError}, {"on": ValueError}])
def test_payload_that_does_not_decode_keeps_its_code(rules: dict[str, Any]) -> None:
    class Clue(msgspec.Struct):
        team: str

    def work(found: vx.Event[Clue]) -> None:
        assert found.data.team

    work.__annotations__["found"] = vx.Event[Clue]
    app = vx.Pipeline("rules")
    app.handler("work", queue="work", retry=rules)(work)
    assert attempts(app, {"team": 5}) == [("dead", "invalid_payload")]


def test_lifespan_that_fails_is_no_matter_of_the_rules() -> None:
    app = one(lambda event: None, dead_on=ValueError)

    @app.lifespan
    def resources(state: Any) -> Iterator[None]:
        raise ValueError("no resources")
        yield

    assert attempts(app) == [("retry", "ValueError"), ("dead", "ValueError")]


def test_letter_of_an_old_event_shows_the_traceback(tmp_path: Path) -> None:
    app = one(raising(ValueError("the reason")), max_age="10s", max_attempts=9, backoff="30s")
    with testing.Simulation(app) as simulation:
        simulation.publish("work")
        simulation.run()
        (letter,) = simulation.dead_letters.list()
    assert letter.attempts < 9
    assert letter.text.startswith("Traceback (most recent call last):\n")


def test_file_names_the_exceptions_of_its_own_modules(tmp_path: Path) -> None:
    (tmp_path / "vx_rules.py").write_text(
        "class Outer:\n    class Refused(Exception): ...\n"
        "class Down(Exception): ...\n"
        "def work(event): raise Outer.Refused if event.data else Down\n"
    )
    file = tmp_path / "rules.yaml"
    file.write_text(
        "{veltrix: 1, name: rules, routes: {work: {type: work, to: work}},"
        " queues: {work: {handler: vx_rules:work, retry: {max_attempts: 2,"
        ' on: [vx_rules.Down, OSError], dead_on: "vx_rules:Outer.Refused"}}}}'
    )
    app = vx.Pipeline.from_yaml(file)
    assert attempts(app, 0) == [("retry", "Down"), ("dead", "Down")]
    assert attempts(app, 1) == [("dead", "Refused")]
    file.write_text(app.to_yaml())
    assert vx.Pipeline.from_yaml(file).to_model() == app.to_model()
