"""The engine's face: forms of a pipeline, life, drain, and what comes later."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

import veltrix as vx

YAML = """\
veltrix: 1
name: hunt
routes: {score: {type: clue.*, to: scores}}
queues: {scores: {handler: vx_engine_FORM:score}}
"""


class Clue(msgspec.Struct):
    team: str


def collecting() -> tuple[vx.Pipeline, list[Any]]:
    app, seen = vx.Pipeline("hunt"), list[Any]()

    @app.handler("clue.*", queue="scores")
    def score(event: vx.Event) -> None:
        seen.append(event.data)

    return app, seen


def test_engine_runs_what_was_published_before_it_is_left() -> None:
    app, seen = collecting()
    with vx.Engine(app) as engine:
        for number in range(100):
            engine.publish("clue.found", number, key="k")
    assert seen == list(range(100))
    assert engine.stats().queues["scores"].done == 100
    assert engine.stats().balanced


@pytest.mark.parametrize("form", ["pipeline", "model", "path", "text"])
def test_engine_takes_a_pipeline_in_any_form(tmp_path: Path, form: str) -> None:
    (tmp_path / f"vx_engine_{form}.py").write_text("def score(event): ...\n")
    file = tmp_path / "hunt.yaml"
    file.write_text(YAML.replace("FORM", form))
    pipeline = vx.Pipeline.from_yaml(file)
    runnable = {"pipeline": pipeline, "model": pipeline.to_model(), "path": file, "text": str(file)}
    with vx.Engine(runnable[form], name="mine") as engine:
        assert engine.publish("clue.found").settled(timeout=10) == {"scores": "done"}
    assert engine.name == engine.stats().name == "mine"


@pytest.mark.parametrize("runnable", [None, 5, {"veltrix": 1}])
def test_engine_says_what_a_pipeline_is_when_it_gets_none(runnable: Any) -> None:
    with pytest.raises(TypeError, match="a pipeline is a"):
        vx.Engine(runnable)


def test_from_config_tells_the_place_of_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("veltrix: 1\nname: x\nqeues: {}\n")
    with pytest.raises(vx.ConfigError, match=r"a\.yaml:3:1: error\[unknown-field\]"):
        vx.Engine.from_config(tmp_path / "a.yaml")


def test_publish_is_the_native_method_itself() -> None:
    engine = vx.Engine(collecting()[0])
    native: Any = engine.publish
    assert type(native.__self__).__module__ == "veltrix._core"
    assert vx.Engine.publish.__doc__


@pytest.mark.parametrize(
    ("options", "feature"),
    [
        ({"journal": "hunt.journal"}, "the journal"),
        ({"durability": "durable"}, "the journal"),
        ({"durability": "os"}, "the journal"),
    ],
)
def test_engine_refuses_by_name_what_comes_later(options: dict[str, Any], feature: str) -> None:
    with pytest.raises(vx.NotAvailableError, match=f"arrives with {feature}"):
        vx.Engine(collecting()[0], **options)
    vx.Engine(collecting()[0], durability="memory", journal=None)


def test_engine_does_not_drain_when_the_block_raises() -> None:
    app, held, begun = vx.Pipeline("hunt"), threading.Event(), threading.Event()

    @app.handler("a", queue="q")
    def wait(event: vx.Event) -> None:
        begun.set()
        held.wait(10)

    engine = vx.Engine(app)

    def leave_with_an_error() -> None:
        with engine:
            for _ in range(3):
                engine.publish("a", key="k")
            assert begun.wait(10)
            threading.Timer(0.05, held.set).start()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        leave_with_an_error()
    stats = engine.stats().queues["q"]
    assert stats.done < 3
    assert stats.in_flight == 3 - stats.done


def test_leaving_warns_with_what_is_left_when_the_grace_ends() -> None:
    app = vx.Pipeline("hunt", shutdown={"grace": "10ms"})
    handled = threading.Event()

    @app.handler("a", queue="q", retry={"backoff": "1h", "max_backoff": "1h"})
    def fail(event: vx.Event) -> None:
        handled.set()
        raise ValueError("always")

    engine = vx.Engine(app).start()
    engine.publish("a")
    assert handled.wait(10)
    with pytest.warns(RuntimeWarning, match="1 delivery left after .*: q 1"):
        engine.__exit__(None, None, None)


def test_drain_reports_what_is_left_when_its_time_is_up() -> None:
    app = vx.Pipeline("hunt", shutdown={"grace": 0})

    @app.handler("a", queue="q", retry={"backoff": "1h", "max_backoff": "1h"})
    def fail(event: vx.Event) -> None:
        raise ValueError("always")

    engine = vx.Engine(app).start()
    engine.publish("a")
    report = engine.drain(timeout="20ms")
    assert not report
    assert dict(report.left) == {"q": 1}
    assert not engine.stop()
    assert "not running" in repr(engine)


def test_engine_can_be_stopped_twice_and_not_started_again() -> None:
    engine = vx.Engine(collecting()[0])
    with engine:
        assert "running" in repr(engine)
    assert engine.stop().drained
    with pytest.raises(vx.EngineStoppedError):
        engine.start()
    with pytest.raises(vx.EngineStoppedError, match="stopped"):
        engine.publish("clue.found")


def test_waiting_inside_a_handler_is_refused_instead_of_deadlocking() -> None:
    app, seen = vx.Pipeline("hunt"), list[type]()

    @app.handler("a", queue="q")
    def wait(event: vx.Event) -> None:
        for call in (engine.drain, engine.stop):
            try:
                call()
            except vx.VeltrixError as error:
                seen.append(type(error))

    engine = vx.Engine(app)
    with engine:
        engine.publish("a").settled(timeout=10)
    assert seen == [vx.DeadlockError, vx.DeadlockError]


def test_dead_letters_tell_event_queue_and_reason() -> None:
    app = vx.Pipeline("hunt")

    @app.handler("a", queue="q", retry={"max_attempts": 1})
    def fail(event: vx.Event) -> None:
        raise ValueError("three is\nnot allowed")

    with vx.Engine(app) as engine:
        engine.publish("a", {"x": 3}, id="7")
        engine.publish("nobody.wants.this")
    unmatched, dead = sorted(engine.dead_letters, key=lambda letter: letter.queue)
    assert (unmatched.queue, unmatched.code) == ("", "unmatched")
    assert (dead.queue, dead.code, dead.attempts) == ("q", "ValueError", 1)
    assert dead.event.data == {"x": 3}
    assert str(dead) == "a 7 (queue q, ValueError): not allowed"
    assert "Traceback" in dead.text
    assert len(engine.dead_letters) == 2


def test_payload_class_and_context_reach_the_handler() -> None:
    app, seen = vx.Pipeline("hunt"), list[Any]()
    app.event("clue.found", key="data.team")(Clue)

    def typed(event: Any, ctx: vx.Context) -> None:
        seen.append((event.data, event.key, ctx.queue, ctx.attempt, ctx.state.name))

    typed.__annotations__["event"] = vx.Event[Clue]
    app.handler(Clue, queue="scores")(typed)

    @app.lifespan
    def resources(state: SimpleNamespace) -> Iterator[None]:
        state.name = "shared"
        yield
        seen.append("closed")

    with vx.Engine(app, python_executors=1) as engine:
        engine.publish(Clue("red"))
    assert seen[0][0] == Clue("red")
    assert seen[0][2:] == ("scores", 1, "shared")
    assert seen[-1] == "closed"
