"""Handlers that fail: attempts, delays, dead letters, signals."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

import veltrix as vx
from system.pipelines import LONG, balanced, handle
from veltrix import testing


class Clue(msgspec.Struct):
    team: str
    number: int


def one(function: Callable[[vx.Event], Any], **options: Any) -> vx.Pipeline:
    app = vx.Pipeline("failures")
    handle(app, "work", function, **options)
    return app


def outcomes(app: vx.Pipeline, data: object = None) -> list[tuple[int, str, str]]:
    """Publishes one event into the queue `work` and runs it to its end."""
    with testing.Simulation(app) as simulation:
        simulation.publish("work", data)
        simulation.run()
        assert balanced(simulation.stats())
        return [(a.attempt, a.outcome, a.code) for a in simulation.attempts("work")]


def failing(error: BaseException) -> Callable[[vx.Event], None]:
    def work(event: vx.Event) -> None:
        raise error.with_traceback(None)  # one object raised again would gather tracebacks

    return work


@pytest.mark.parametrize("most", [1, 2, 7])
def test_delivery_dies_after_its_last_attempt(most: int) -> None:
    app = one(failing(ValueError("no")), retry={"max_attempts": most})
    expected = [(n, "retry", "ValueError") for n in range(1, most)]
    assert outcomes(app) == [*expected, (most, "dead", "ValueError")]


def test_backoff_doubles_up_to_its_bound_with_full_jitter() -> None:
    retry = {"max_attempts": 12, "backoff": "1s", "max_backoff": "10s"}
    app = one(failing(ValueError("no")), retry=retry)
    starts: dict[str, list[float]] = defaultdict(list)
    with testing.Simulation(app) as simulation:
        for number in range(100):
            simulation.publish("work", id=str(number))
        simulation.run()
        for attempt in simulation.attempts("work"):
            starts[attempt.event.id].append(attempt.started)
    waits = [[b - a for a, b in itertools.pairwise(one)] for one in starts.values()]
    longest = [max(column) for column in zip(*waits, strict=True)]
    bounds = [1, 2, 4, 8, *[10] * 7]
    for seconds, bound in zip(longest, bounds, strict=True):
        assert 0.85 * bound < seconds <= bound + 0.001


def test_dead_letter_tells_event_queue_attempts_and_traceback() -> None:
    app = one(failing(ValueError("the reason")), retry={"max_attempts": 2, "backoff": "1ms"})
    with vx.Engine(app) as engine:
        receipt = engine.publish("work", {"a": 1}, id="mine", key="k")
        assert receipt.settled(timeout=LONG) == {"work": "dead"}
        (letter,) = engine.dead_letters.list()
    assert (letter.queue, letter.code, letter.attempts) == ("work", "ValueError", 2)
    assert (letter.event.id, letter.event.data, letter.event.key) == ("mine", {"a": 1}, "k")
    assert letter.text.startswith("Traceback (most recent call last):\n")
    assert letter.text.rstrip().endswith("ValueError: the reason")
    assert "raise error.with_traceback" in letter.text
    assert "ValueError: the reason" in str(letter)


@pytest.mark.parametrize("signal", [vx.Retry, vx.DeadLetter, vx.Drop])
@pytest.mark.parametrize("how", ["raised", "returned", "from a generator"])
def test_signal_decides_the_outcome(signal: type, how: str) -> None:
    made = {vx.Retry: vx.Retry, vx.DeadLetter: lambda: vx.DeadLetter("why"), vx.Drop: vx.Drop}

    def plain(event: vx.Event) -> object:
        if how == "raised":
            raise made[signal]()
        return made[signal]()

    def generator(event: vx.Event) -> Iterator[vx.Event]:
        yield vx.Event("never")
        return made[signal]()

    app = one(generator if how == "from a generator" else plain, retry={"max_attempts": 2})
    expected = {
        vx.Retry: [(1, "retry", "retry"), (2, "dead", "retry")],
        vx.DeadLetter: [(1, "dead", "dead_letter")],
        vx.Drop: [(1, "drop", "dropped")],
    }
    assert outcomes(app) == expected[signal]


def test_signals_text_reaches_whoever_looks() -> None:
    app = one(lambda event: vx.DeadLetter("no such team") if event.data else vx.Drop("stale"))
    with testing.Simulation(app) as simulation:
        simulation.publish("work", 1)
        simulation.publish("work", 0)
        simulation.run()
        assert simulation.dead_letters.list()[0].text == "no such team"
        assert simulation.stats().queues["work"].dropped == {"stale": 1}


def test_retry_signal_sets_the_delay() -> None:
    app = one(failing(vx.Retry(after="90s")), retry={"max_attempts": 3})
    with testing.Simulation(app) as simulation:
        simulation.publish("work")
        simulation.run()
        starts = [attempt.started for attempt in simulation.attempts("work")]
    assert starts == pytest.approx([0, 90, 180], abs=0.01)


class Odd(BaseException):
    """No Exception at all."""


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), GeneratorExit(), Odd()])
def test_engine_outlives_whatever_a_handler_raises(error: BaseException) -> None:
    app = one(failing(error), retry={"max_attempts": 2, "backoff": "1ms"})
    handle(app, "fine", lambda event: None)
    with vx.Engine(app) as engine:
        assert engine.publish("work").settled(timeout=LONG) == {"work": "dead"}
        assert engine.publish("fine").settled(timeout=LONG) == {"fine": "done"}
        assert engine.dead_letters.list()[0].code == type(error).__name__


def test_stop_iteration_is_a_failure_like_others() -> None:
    app = one(failing(StopIteration()), retry={"max_attempts": 1})
    assert outcomes(app) == [(1, "dead", "StopIteration")]


@pytest.mark.parametrize("result", [5, "text", {"a": 1}, [1], object(), vx.Event("x"), vx.Retry])
def test_result_is_ignored_with_one_warning(result: object) -> None:
    app = one(lambda event: result)
    kind = type(result).__name__
    with testing.Simulation(app) as simulation:
        simulation.publish("work")
        simulation.publish("work")
        with pytest.warns(RuntimeWarning, match=f"returned a .*{kind}, which is ignored") as caught:
            simulation.run()
        assert len(caught) == 1
        assert simulation.stats().queues["work"].done == 2


@pytest.mark.parametrize("data", [{"team": 5}, {"number": 1}, [], None, "x", b"{", b"\xff", 7])
@pytest.mark.parametrize("shape", ["payload", "event", "generator"])
def test_payload_that_does_not_decode_dies_without_retries(shape: str, data: object) -> None:
    def payload(found: Clue) -> None:
        raise AssertionError("was called")

    def event(found: vx.Event[Clue]) -> None:
        assert found.data.team

    def generator(found: vx.Event[Clue]) -> Iterator[vx.Event]:
        yield vx.Event("seen", found.data.team)

    app = vx.Pipeline("failures")
    function = {"payload": payload, "event": event, "generator": generator}[shape]
    app.handler("work", queue="work")(function)
    assert outcomes(app, data) == [(1, "dead", "invalid_payload")]


@pytest.mark.parametrize("data", [{"team": "red", "number": 1}, b'{"team":"red","number":1}'])
def test_payload_is_decoded_when_it_is_json(data: object) -> None:
    app, seen = vx.Pipeline("failures"), list[Clue]()

    @app.handler("work", queue="work")
    def work(found: Clue) -> None:
        seen.append(found)

    assert outcomes(app, data) == [(1, "done", "")]
    assert seen == [Clue("red", 1)]


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b'{"a": 1}'])
def test_payload_stays_bytes_when_the_handler_says_bytes(data: bytes) -> None:
    app, seen = vx.Pipeline("failures"), list[bytes]()

    @app.handler("work", queue="work")
    def work(found: bytes) -> None:
        seen.append(found)

    assert outcomes(app, data) == [(1, "done", "")]
    assert seen == [data]
