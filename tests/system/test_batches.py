"""Handlers that take a list of events, in virtual time: what is in it, and what a failure does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

import veltrix as vx
from system.pipelines import balanced
from veltrix import testing


class Reading(msgspec.Struct):
    value: int


Calls = list[list[Any]]


def storing(
    judge: Callable[[list[Any], vx.Context], Any] = lambda _values, _ctx: None, **options: Any
) -> tuple[vx.Pipeline, Calls]:
    """A pipeline whose function notes the values of each of its calls."""
    app, calls = vx.Pipeline("sensors"), Calls()
    options = {"batch": vx.Batch(max_events=10), "retry": {"backoff": "1s"}} | options

    @app.handler("reading", queue="store", key="data.key", **options)
    def store(events: list[vx.Event], ctx: vx.Context) -> Any:
        calls.append([event.data["value"] for event in events])
        return judge(events, ctx)

    return app, calls


def play(app: vx.Pipeline, *keys: str | None) -> list[tuple[int, int, str, str]]:
    """Publishes readings 0, 1, …; value, attempt, outcome and code of every attempt."""
    with testing.Simulation(app) as sim:
        for value, key in enumerate(keys):
            sim.publish("reading", {"value": value, "key": key})
        sim.run()
        assert balanced(sim.stats())
        assert sim.stats().queues["store"].in_flight == 0
        return [
            (a.event.data["value"], a.attempt, a.outcome, a.code) for a in sim.attempts("store")
        ]


def refuse(*bad: int) -> Callable[[list[Any], vx.Context], None]:
    def judge(events: list[vx.Event], _ctx: vx.Context) -> None:
        if any(event.data["value"] in bad for event in events):
            raise ValueError("bad value")

    return judge


def test_function_is_called_once_with_what_is_there() -> None:
    app, calls = storing()
    rows = play(app, *"aabbc", *[None] * 3)
    assert calls == [[0, 1, 2, 3, 4, 5, 6, 7]]
    assert rows == [(value, 1, "done", "") for value in range(8)]


def test_call_holds_no_more_than_max_events() -> None:
    app, calls = storing(batch={"max_events": 4})
    play(app, *[None] * 10)
    assert calls == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_call_holds_one_priority() -> None:
    app, calls = storing()
    with testing.Simulation(app) as sim:
        for value in range(6):
            sim.publish("reading", {"value": value}, priority=9 if value % 2 else 1)
        sim.run()
    assert calls == [[1, 3, 5], [0, 2, 4]]


def test_linger_waits_for_company_in_virtual_time() -> None:
    app, calls = storing(batch=vx.Batch(max_events=3, linger="250ms"))
    with testing.Simulation(app) as sim:
        sim.publish("reading", {"value": 0})
        sim.run(until="200ms")
        assert calls == []
        sim.publish("reading", {"value": 1})
        sim.run(until="249ms")
        assert calls == []
        sim.run(until="251ms")
        assert calls == [[0, 1]]
        for value in range(2, 6):
            sim.publish("reading", {"value": value})
        sim.run(until="252ms")
        assert calls == [[0, 1], [2, 3, 4]]
        sim.run()
        assert calls == [[0, 1], [2, 3, 4], [5]]
        assert sim.now == pytest.approx(0.501)


def test_exception_splits_until_the_bad_row_is_alone() -> None:
    app, calls = storing(refuse(5), retry={"max_attempts": 2, "backoff": "1s"})
    rows = play(app, *[None] * 8)
    assert calls == [[0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3], [4, 5, 6, 7], [4, 5], [4], [5],
                     [6, 7], [5]]  # fmt: skip
    good = [(value, 1, "done", "") for value in range(8) if value != 5]
    assert sorted(rows) == sorted(
        [*good, (5, 1, "retry", "ValueError"), (5, 2, "dead", "ValueError")]
    )


def test_halves_are_not_cut_short_by_more_urgent_work() -> None:
    app, seen = vx.Pipeline("mixed"), list[object]()

    @app.handler("alarm", priority=vx.URGENT)
    def alarm(_event: vx.Event) -> None:
        seen.append("alarm")

    @app.handler("reading", priority=vx.BULK, batch={})
    def store(values: list[int]) -> None:
        seen.append(values)
        if len(seen) == 1:
            sim.publish("alarm")
            raise ValueError("once")

    with testing.Simulation(app) as sim:
        for value in range(4):
            sim.publish("reading", value)
        sim.run()
    assert seen == [[0, 1, 2, 3], [0, 1], [2, 3], "alarm"]


def test_dead_letter_has_the_traceback_of_the_row_alone() -> None:
    app, _ = storing(refuse(1), retry={"max_attempts": 1})
    with testing.Simulation(app) as sim:
        for value in range(3):
            sim.publish("reading", {"value": value})
        sim.run()
        (letter,) = sim.dead_letters
        assert (letter.code, letter.attempts) == ("ValueError", 1)
        assert "bad value" in letter.text
        assert "Traceback" in letter.text


@pytest.mark.parametrize("bad", [(0,), (0, 1), (3, 4), (0, 2, 4, 6), tuple(range(7))])
def test_only_bad_rows_fail(bad: tuple[int, ...]) -> None:
    app, _ = storing(refuse(*bad), retry={"max_attempts": 1})
    rows = play(app, *[None] * 7)
    ends = {
        value: (1, "dead", "ValueError") if value in bad else (1, "done", "") for value in range(7)
    }
    assert {value: tuple(rest) for value, *rest in rows} == ends
    assert len(rows) == 7


def test_failed_row_holds_the_rest_of_its_key() -> None:
    failed: list[int] = []

    def once(events: list[vx.Event], _ctx: vx.Context) -> None:
        if not failed and any(event.data["value"] == 1 for event in events):
            if len(events) == 1:
                failed.append(1)
            raise ValueError("once")

    app, calls = storing(once)
    rows = play(app, "a", "a", "b", "a", "b", "a")
    assert rows[:4] == [(0, 1, "done", ""), (1, 1, "retry", "ValueError"), (2, 1, "done", ""),
                        (4, 1, "done", "")]  # fmt: skip
    assert rows[4:] == [(1, 2, "done", ""), (3, 1, "done", ""), (5, 1, "done", "")]
    assert calls[-1] == [1, 3, 5]


def test_failed_row_lets_its_key_pass_when_the_queue_says_so() -> None:
    app, calls = storing(refuse(0), order={"on_retry": "pass"}, retry={"max_attempts": 2})
    rows = play(app, "a", "a", "a")
    assert rows[:3] == [(0, 1, "retry", "ValueError"), (1, 1, "done", ""), (2, 1, "done", "")]
    assert calls[-1] == [0]


@pytest.mark.parametrize(
    ("signal", "outcome", "code"),
    [
        (vx.DeadLetter("worn out"), "dead", "dead_letter"),
        (vx.Drop("old"), "drop", "old"),
        (vx.Retry(after="1s"), "retry", "retry"),
    ],
)
def test_returned_signal_is_for_all_rows_that_have_none(
    signal: vx.Signal, outcome: str, code: str
) -> None:
    def judge(events: list[vx.Event], ctx: vx.Context) -> Any:
        first = ctx.attempt_of(events[0]) == 1
        if first:
            ctx.settle(next(event for event in events if event.data["value"] == 1))
        return signal if first else None

    app, _ = storing(judge)
    rows = play(app, "a", "b", "a")
    assert sorted(rows[:3]) == [(0, 1, outcome, code), (1, 1, "done", ""), (2, 1, outcome, code)]
    again = [(0, 2, "done", ""), (2, 2, "done", "")] if outcome == "retry" else []
    assert rows[3:] == again


def test_raised_signal_splits_like_an_exception() -> None:
    def judge(events: list[vx.Event], _ctx: vx.Context) -> None:
        if any(event.data["value"] == 2 for event in events):
            raise vx.Drop("odd")

    app, _ = storing(judge)
    rows = play(app, *[None] * 4)
    assert rows == [(v, 1, "drop", "odd") if v == 2 else (v, 1, "done", "") for v in range(4)]


def test_any_other_result_is_ignored_with_one_warning() -> None:
    app, _ = storing(lambda events, _ctx: len(events), batch=vx.Batch(max_events=2))
    with pytest.warns(RuntimeWarning, match="returned a int, which is ignored") as caught:
        rows = play(app, *[None] * 4)
    assert [outcome for _, _, outcome, _ in rows] == ["done"] * 4
    assert len(caught) == 1


def test_made_failures_are_attempts_of_rows() -> None:
    app, calls = storing()
    with testing.Simulation(app) as sim:
        sim.fail("store", ConnectionError("down"), times=2)
        for value in range(4):
            sim.publish("reading", {"value": value})
        sim.run()
        outcomes = [(a.event.data["value"], a.outcome) for a in sim.attempts("store")]
    assert calls[0] == [2, 3]
    assert outcomes[:4] == [(0, "retry"), (1, "retry"), (2, "done"), (3, "done")]
    assert sorted(outcomes[4:]) == [(0, "done"), (1, "done")]


def test_payloads_that_do_not_decode_never_reach_the_function() -> None:
    app, seen = vx.Pipeline("sensors"), list[list[int]]()

    @app.handler("reading", queue="store", batch=vx.Batch())
    def store(events: list[vx.Event[Reading]]) -> None:
        seen.append([event.data.value for event in events])

    with testing.Simulation(app) as sim:
        for value in (0, "one", 2):
            sim.publish("reading", {"value": value})
        sim.run()
        assert seen == [[0, 2]]
        assert [a.outcome for a in sim.attempts("store")] == ["dead", "done", "done"]
        (letter,) = sim.dead_letters
        assert (letter.code, letter.event.data) == ("invalid_payload", {"value": "one"})


def test_payloads_alone_make_the_list() -> None:
    app, seen = vx.Pipeline("sensors"), list[Any]()

    @app.handler("reading", queue="store", batch={})
    def store(readings: list[Reading]) -> None:
        seen.append(readings)

    with testing.Simulation(app) as sim:
        for value in (0, None, 2):
            sim.publish("reading", {"value": value})
        sim.run()
        assert seen == [[Reading(0), Reading(2)]]
        assert [a.code for a in sim.attempts("store")] == ["invalid_payload", "", ""]


def test_lifespan_that_fails_fails_every_row_and_splits_nothing() -> None:
    app, calls = storing(retry={"max_attempts": 1})

    @app.lifespan
    def resources(_state: Any) -> Any:
        raise OSError("no database")
        yield

    rows = play(app, *[None] * 3)
    assert rows == [(value, 1, "dead", "OSError") for value in range(3)]
    assert calls == []


def test_control_c_ends_the_simulation_and_costs_no_attempt() -> None:
    pressed: list[bool] = []

    def judge(_events: list[vx.Event], _ctx: vx.Context) -> None:
        if not pressed:
            pressed.append(True)
            raise KeyboardInterrupt

    app, calls = storing(judge)
    with testing.Simulation(app) as sim:
        for value in range(3):
            sim.publish("reading", {"value": value})
        with pytest.raises(KeyboardInterrupt):
            sim.run()
        assert sim.attempts("store") == []
        sim.run()
        assert [a.attempt for a in sim.attempts("store")] == [1, 1, 1]
    assert calls == [[0, 1, 2]] * 2


@pytest.mark.parametrize("error", [SystemExit(1), MemoryError("full"), BaseException("odd")])
def test_whatever_is_raised_is_a_failure(error: BaseException) -> None:
    def judge(events: list[vx.Event], _ctx: vx.Context) -> None:
        if any(event.data["value"] == 1 for event in events):
            raise error.with_traceback(None)

    app, _ = storing(judge, retry={"max_attempts": 1})
    rows = play(app, *[None] * 3)
    assert rows == [(0, 1, "done", ""), (1, 1, "dead", type(error).__name__), (2, 1, "done", "")]
