"""`ctx` of a batch: single rows with outcomes of their own, and what is kept beyond the call."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

import veltrix as vx
from system.pipelines import balanced
from veltrix import testing


def settling(
    judge: Callable[[list[Any], vx.Context], Any], count: int = 4, **options: Any
) -> list[tuple[str, int, str, str]]:
    """Runs readings 0, 1, … in one batch; id, attempt, outcome and code of every attempt."""
    app = vx.Pipeline("sensors")
    options = {"retry": {"max_attempts": 2, "backoff": "1s"}} | options

    @app.handler("reading", queue="store", batch=vx.Batch(max_events=100), **options)
    def store(events: list[vx.Event], ctx: vx.Context) -> Any:
        return judge(events, ctx)

    with testing.Simulation(app) as sim:
        for value in range(count):
            sim.publish("reading", value, id=str(value))
        sim.run()
        assert balanced(sim.stats())
        return [(a.event.id, a.attempt, a.outcome, a.code) for a in sim.attempts("store")]


@pytest.mark.parametrize(
    ("said", "outcome", "code"),
    [
        (None, "done", ""),
        ("done", "done", ""),
        (vx.Drop("odd"), "drop", "odd"),
        (vx.DeadLetter("never"), "dead", "dead_letter"),
        (vx.Retry(), "retry", "retry"),
        (ConnectionError("down"), "retry", "ConnectionError"),
        (ValueError("bad"), "dead", "ValueError"),
    ],
)
def test_row_has_the_outcome_that_it_was_given(said: Any, outcome: str, code: str) -> None:
    def judge(events: list[vx.Event], ctx: vx.Context) -> None:
        if ctx.attempt_of(events[0]) == 1:
            ctx.settle(events[2], said)

    rows = settling(judge, retry={"dead_on": [ValueError], "backoff": "1s"})
    assert rows[:4] == [("0", 1, "done", ""), ("1", 1, "done", ""), ("2", 1, outcome, code),
                        ("3", 1, "done", "")]  # fmt: skip


def test_settled_rows_keep_their_outcome_when_the_call_raises() -> None:
    calls: list[list[str]] = []

    def judge(events: list[vx.Event], ctx: vx.Context) -> None:
        calls.append([event.id for event in events])
        if len(calls) == 1:
            ctx.settle(events[0], vx.Drop("first"))
            ctx.settle(events[3])
            raise OSError("no row's fault")

    rows = settling(judge)
    assert calls == [["0", "1", "2", "3"], ["1"], ["2"]]
    assert rows == [("0", 1, "drop", "first"), ("3", 1, "done", ""), ("1", 1, "done", ""),
                    ("2", 1, "done", "")]  # fmt: skip


def test_exception_after_the_last_row_was_settled_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[Any] = []
    monkeypatch.setattr("sys.unraisablehook", lambda args: told.append(args.exc_value))

    def judge(events: list[vx.Event], ctx: vx.Context) -> None:
        for event in events:
            ctx.settle(event)
        raise OSError("too late")

    assert [outcome for _, _, outcome, _ in settling(judge)] == ["done"] * 4
    assert [str(error) for error in told] == ["too late"]


def test_row_to_retry_sends_the_rest_of_its_key_back() -> None:
    def judge(events: list[vx.Event], ctx: vx.Context) -> None:
        if ctx.attempt_of(events[0]) == 1 and events[0].id == "0":
            ctx.settle(events[1], vx.Retry(after="1s"))

    rows = settling(judge, order="total")
    assert rows == [("0", 1, "done", ""), ("1", 1, "retry", "retry"), ("1", 2, "done", ""),
                    ("2", 1, "done", ""), ("3", 1, "done", "")]  # fmt: skip


WRONG: list[tuple[Callable[[list[Any], vx.Context], Any], str]] = [
    (lambda _events, ctx: ctx.settle("0"), "'0' is no row of this call"),
    (lambda events, ctx: [ctx.settle(events[0]), ctx.settle(events[0])], "is settled already"),
    (lambda events, ctx: ctx.settle(events[0], "dead"), "'dead' is no outcome; write None, 'done'"),
    (lambda events, ctx: ctx.settle(events[0], vx.Drop), "is no outcome"),
    (lambda events, ctx: ctx.settle(events[0], ValueError), "is no outcome"),
    (lambda _events, ctx: ctx.attempt_of(None), "None is no row of this call"),
]


@pytest.mark.parametrize(("use", "message"), WRONG)
def test_wrong_uses_are_value_errors_that_say_what_to_do(
    use: Callable[[list[Any], vx.Context], Any], message: str
) -> None:
    caught: list[ValueError] = []

    def judge(events: list[vx.Event], ctx: vx.Context) -> None:
        with pytest.raises(ValueError) as error:  # noqa: PT011 - the text is looked at below
            use(events, ctx)
        caught.append(error.value)

    rows = settling(judge, count=1)
    assert [outcome for _, _, outcome, _ in rows] == ["done"]
    assert message in str(caught[0])


def test_payloads_that_are_one_object_cannot_be_told_apart() -> None:
    app, caught = vx.Pipeline("sensors"), list[str]()

    @app.handler("reading", queue="store", batch={})
    def store(values: list[int], ctx: vx.Context) -> None:
        with pytest.raises(ValueError, match="more than once") as error:
            ctx.settle(values[0])
        caught.append(str(error.value))
        ctx.settle(values[2], vx.Drop())

    with testing.Simulation(app) as sim:
        for value in (1, 1, 2):
            sim.publish("reading", value)
        sim.run()
        assert [a.outcome for a in sim.attempts("store")] == ["done", "done", "drop"]
    assert "take list[vx.Event[...]]" in caught[0]


def test_context_of_a_batch_has_nothing_of_a_single_event() -> None:
    kept: list[vx.Context] = []

    def judge(_events: list[vx.Event], ctx: vx.Context) -> None:
        kept.append(ctx)
        assert (ctx.queue, ctx.state, ctx.deadline, ctx.cancelled) == ("store", None, None, False)

    rows = settling(judge)
    assert [outcome for _, _, outcome, _ in rows] == ["done"] * 4
    for name, cure in [
        ("attempt", r"ask ctx\.attempt_of\(event\)"),
        ("sequence", "each of its events has its own"),
        ("idempotency_key", r"make f'\{event\.source\}"),
    ]:
        with pytest.raises(AttributeError, match=f"has no '{name}': {cure}"):
            getattr(kept[0], name)


def test_context_settles_nothing_when_the_batch_is_over() -> None:
    kept: list[Any] = []
    settling(lambda events, ctx: kept.append((ctx, events[0])))
    ctx, event = kept[0]
    with pytest.raises(ValueError, match=r"settle\(\): the batch is over"):
        ctx.settle(event)
    with pytest.raises(ValueError, match=r"attempt_of\(\): the batch is over"):
        ctx.attempt_of(event)


def test_context_of_a_single_event_settles_nothing() -> None:
    app = vx.Pipeline("sensors")

    @app.handler("reading", queue="store")
    def store(event: vx.Event, ctx: vx.Context) -> None:
        with pytest.raises(TypeError, match="for handlers with batch="):
            ctx.settle(event)
        with pytest.raises(TypeError, match=r"read ctx\.attempt"):
            ctx.attempt_of(event)

    with testing.Simulation(app) as sim:
        sim.publish("reading")
        sim.run()
        assert [a.text for a in sim.attempts("store")] == [""]


def test_events_are_copied_off_their_slots_when_they_are_kept() -> None:
    kept: list[list[vx.Event]] = []
    settling(lambda events, _ctx: kept.append(events), count=100)
    settling(lambda _events, _ctx: None, count=100)  # whatever was freed is written over
    gc.collect()
    assert [(event.id, event.data) for event in kept[0]] == [(str(n), n) for n in range(100)]


def test_every_call_has_events_of_its_own() -> None:
    app, calls = vx.Pipeline("sensors"), list[list[Any]]()

    @app.handler("reading", queue="store", batch={}, retry={"max_attempts": 1})
    def store(events: list[vx.Event]) -> None:
        calls.append([dict(event.data) for event in events])
        for event in events:
            event.data["touched"] = True
        events.reverse()
        events.pop()
        if len(calls) == 1:
            raise ValueError("again")

    with testing.Simulation(app) as sim:
        for value in range(3):
            sim.publish("reading", {"value": value})
        sim.run()
        assert [a.outcome for a in sim.attempts("store")] == ["done"] * 3
    assert calls == [[{"value": 0}, {"value": 1}, {"value": 2}], [{"value": 0}],
                     [{"value": 1}, {"value": 2}]]  # fmt: skip


def test_context_in_a_cycle_is_collected() -> None:
    class Holder:
        pass

    found: list[weakref.ref[Holder]] = []

    def judge(events: list[vx.Event], ctx: vx.Context) -> None:
        holder = Holder()
        holder.all = (holder, ctx, events)  # type: ignore[attr-defined]
        found.append(weakref.ref(holder))

    settling(judge)
    gc.collect()
    assert found[0]() is None
