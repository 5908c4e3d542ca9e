"""Events that handlers yield: all of them or none, with the same ids each time."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from threading import Event, Thread
from typing import Any

import msgspec
import pytest

import veltrix as vx
from system.pipelines import LONG, Recorder, balanced, handle
from veltrix import testing


def emitting(events: Any, **options: Any) -> tuple[vx.Pipeline, list[vx.Event]]:
    """A pipeline whose queue `work` yields what `events(event)` gives; `seen` takes it all."""
    app, seen = vx.Pipeline("follow"), list[vx.Event]()

    @app.handler("work", queue="work", **options)
    def work(event: vx.Event) -> Iterator[vx.Event]:
        yield from events(event)

    @app.handler("seen.**", queue="seen")
    def see(event: vx.Event) -> None:
        seen.append(event)

    return app, seen


def run(app: vx.Pipeline, *publishes: dict[str, Any]) -> testing.Simulation:
    simulation = testing.Simulation(app)
    for publish in publishes or ({},):
        simulation.publish("work", **publish)
    simulation.run()
    assert balanced(simulation.stats())
    return simulation


def test_follow_up_knows_its_cause() -> None:
    app, seen = emitting(lambda event: [vx.Event("seen.a", 1), vx.Event("seen.b", 2, id="mine")])
    run(app, {"id": "parent"})
    derived, given = seen
    assert uuid.UUID(derived.id).version == 8
    assert given.id == "mine"
    assert {event.causationid for event in seen} == {"parent"}
    assert {event.correlationid for event in seen} == {"parent"}


def test_follow_up_ids_are_the_same_in_every_run_and_differ_by_parent_and_place() -> None:
    app, seen = emitting(lambda event: [vx.Event("seen.a"), vx.Event("seen.a")])
    run(app, {"id": "1", "source": "s"}, {"id": "2", "source": "s"})
    first = [event.id for event in seen]
    assert len(set(first)) == 4
    seen.clear()
    run(app, {"id": "1", "source": "s"}, {"id": "2", "source": "s"})
    assert [event.id for event in seen] == first


def test_nothing_is_emitted_when_the_generator_raises_after_yields() -> None:
    attempts = Counter[str]()

    def events(event: vx.Event) -> Iterator[vx.Event]:
        attempts[event.id] += 1
        yield vx.Event("seen.a", attempts[event.id])
        yield vx.Event("seen.b", attempts[event.id])
        if attempts[event.id] < 3:
            raise ValueError("after two yields")

    app, seen = emitting(events)
    simulation = run(app)
    assert [(event.type, event.data) for event in seen] == [("seen.a", 3), ("seen.b", 3)]
    assert simulation.stats().totals.received == 3
    assert simulation.stats().totals.follow_ups == 2


@pytest.mark.parametrize("signal", [vx.Drop(), vx.DeadLetter("no"), vx.Retry(after="1s")])
def test_nothing_is_emitted_when_the_attempt_ends_in_a_signal(signal: vx.Signal) -> None:
    def events(event: vx.Event) -> Iterator[vx.Event]:
        yield vx.Event("seen.a")
        raise signal

    app, seen = emitting(events, retry={"max_attempts": 2})
    run(app)
    assert seen == []


@pytest.mark.parametrize("wrong", [5, "seen.a", None, {"type": "seen.a"}, vx.Event])
def test_yield_of_something_else_fails_the_attempt(wrong: object) -> None:
    app, seen = emitting(lambda event: [vx.Event("seen.a"), wrong], retry={"max_attempts": 1})
    simulation = run(app)
    (letter,) = simulation.dead_letters.list()
    assert letter.code == "TypeError"
    assert "yield vx.Event(type, data)" in letter.text
    assert seen == []


class Found(msgspec.Struct):
    team: str


def test_declared_payload_can_be_yielded() -> None:
    app, seen = emitting(lambda event: [Found("red")])
    app.event("seen.found")(Found)
    run(app)
    assert [(event.type, event.data) for event in seen] == [("seen.found", {"team": "red"})]


@pytest.mark.parametrize(("count", "outcome"), [(64, "done"), (65, "dead")])
def test_attempt_emits_64_events_at_most(count: int, outcome: str) -> None:
    app, seen = emitting(
        lambda event: (vx.Event("seen.a", n) for n in range(count)), retry={"max_attempts": 1}
    )
    simulation = run(app)
    assert simulation.attempts("work")[0].outcome == outcome
    assert len(seen) == (count if outcome == "done" else 0)


def test_loop_of_handlers_ends_in_dead_letters_after_16_generations() -> None:
    app = vx.Pipeline("follow")

    @app.handler("loop", queue="loop")
    def loop(event: vx.Event) -> Iterator[vx.Event]:
        yield vx.Event("loop", event.data + 1)

    with vx.Engine(app) as engine:
        engine.publish("loop", 0)
        assert engine.drain(timeout=LONG)
        (letter,) = engine.dead_letters.list()
    assert (letter.code, letter.event.data, letter.queue) == ("too_many_hops", 17, "")
    assert engine.stats().queues["loop"].done == 17
    assert balanced(engine.stats())


def test_follow_up_is_found_out_when_its_parent_is_processed_twice() -> None:
    app, seen = emitting(lambda event: [vx.Event("seen.a")])
    app.queue("again", order="none")
    handle(app, "work2", lambda event: None, queue="again")
    simulation = run(app, {"id": "1", "source": "a"}, {"id": "1", "source": "a"})
    assert simulation.stats().totals.duplicate == 1
    assert len(seen) == 1


def test_follow_up_waits_when_it_says_after() -> None:
    app, seen = emitting(lambda event: [vx.Event("seen.a", after="10m")])
    simulation = run(app)
    assert simulation.attempts("seen")[0].started == pytest.approx(600, abs=0.01)
    assert len(seen) == 1


def test_event_that_a_handler_received_can_be_passed_on() -> None:
    app, seen = vx.Pipeline("follow"), Recorder()

    @app.handler("work", queue="work")
    def work(event: vx.Event) -> Iterator[vx.Event]:
        yield vx.Event("seen", event.data, id=event.id, source="other")

    handle(app, "seen", seen)
    with vx.Engine(app) as engine:
        engine.publish("work", {"a": 1}, id="x")
    assert seen.events == [{"a": 1}]


def test_handlers_still_publish_while_the_engine_drains() -> None:
    app, seen = vx.Pipeline("draining"), list[str]()

    @app.handler("first", queue="first")
    def first(event: vx.Event) -> None:
        engine.publish("second", event.id)

    @app.handler("second", queue="second")
    def second(event: vx.Event) -> None:
        seen.append(event.data)

    with vx.Engine(app) as engine:
        sent = [engine.publish("first").id for _ in range(500)]
    assert sorted(seen) == sorted(sent)
    assert engine.stats().totals.rejected == 0
    assert balanced(engine.stats())


def test_handlers_publish_no_more_once_the_drain_is_over() -> None:
    app, begun, stopping, refused = vx.Pipeline("late"), Event(), Event(), list[str]()

    @app.handler("work", queue="work")
    def work(event: vx.Event) -> None:
        begun.set()
        assert stopping.wait(LONG)
        try:
            while True:
                with suppress(vx.QueueFullError):  # on a slow day
                    engine.publish("unwanted")
        except vx.EngineStoppedError as error:
            refused.append(error.code)

    app.handler("unwanted", queue="unwanted")(lambda event: None)
    engine = vx.Engine(app)
    engine.start()
    engine.publish("work")
    assert begun.wait(LONG)
    stopper = Thread(target=engine.stop, args=(0,))
    stopper.start()
    stopping.set()
    stopper.join(LONG)
    assert refused == ["engine_stopped"]
