"""Middleware on a running engine, and how it is declared."""

from __future__ import annotations

import inspect
import threading
from contextvars import ContextVar
from typing import Any

import pytest

import veltrix as vx
from system.pipelines import LONG

TRACE: ContextVar[str] = ContextVar("TRACE", default="none")


class Tracing(vx.Middleware):
    def before(self, event: Any, ctx: vx.Context) -> None:
        assert TRACE.get() == "none"
        TRACE.set(event.id)


def test_threads_keep_the_contexts_of_their_events_apart() -> None:
    app, seen, meet = vx.Pipeline("hooks"), list[bool](), threading.Barrier(2)
    app.middleware(Tracing())

    @app.handler("a", concurrency=2)
    def work(event: vx.Event) -> None:
        meet.wait(LONG)  # two of them at work
        seen.append(TRACE.get() == event.id)

    with vx.Engine(app) as engine:
        for _ in range(20):
            engine.publish("a")
    assert seen == [True] * 20


def test_handlers_without_middleware_are_called_as_they_are() -> None:
    callers: list[Any] = []
    app = vx.Pipeline("hooks")

    @app.handler("a")
    def work(event: vx.Event) -> None:
        callers.append(inspect.stack()[1:])

    with vx.Engine(app) as engine:
        engine.publish("a").settled(timeout=LONG)
    assert callers == [[]]  # nothing of Python's stands between


def test_middleware_of_a_yaml_pipeline_is_added_in_python(tmp_path: Any) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "veltrix: 1\nname: a\nroutes: {a: {type: a, to: q}}\nqueues: {q: {handler: 'json:dumps'}}\n"
    )
    app = vx.Pipeline.from_yaml(path)
    seen: list[str] = []

    class See(vx.Middleware):
        def failed(self, event: Any, ctx: vx.Context, error: BaseException) -> None:
            seen.append(type(error).__name__)

    app.middleware(See())
    app.queue("q", retry={"max_attempts": 1})
    with vx.Engine(app) as engine:
        engine.publish("a")
    assert seen == ["TypeError"]  # json.dumps(event)


@pytest.mark.parametrize(
    ("wrong", "cure"),
    [
        (Tracing, "pass an instance: Tracing()"),
        (print, "derive builtin_function_or_method from vx.Middleware"),
    ],
)
def test_what_is_no_middleware_is_refused_with_the_cure(wrong: Any, cure: str) -> None:
    with pytest.raises(vx.ConfigError, match="middleware-kind") as caught:
        vx.Pipeline("hooks").middleware(wrong)
    assert cure in str(caught.value)


def test_a_cell_that_is_run_again_replaces_its_middleware() -> None:
    app, seen = vx.Pipeline("hooks"), list[str]()

    def cell(name: str) -> vx.Middleware:
        class Named(vx.Middleware):
            def before(self, event: Any, ctx: vx.Context) -> None:
                seen.append(name)

        return Named()

    first, other = cell("first"), Tracing()
    for added in (first, other, first, cell("second"), Tracing()):
        app.middleware(added)
    assert [type(each).__name__ for each in app.parts.middleware] == ["Named", "Tracing", "Tracing"]
    app.parts.middleware.pop()
    app.handler("a", queue="work")(lambda event: None)
    with vx.Engine(app) as engine:
        engine.publish("a")
    assert seen == ["second"]


PARENT = b"""{"specversion": "1.0", "id": "p", "source": "s", "type": "a",
"traceparent": "00-1-2-01", "correlationid": "c"}"""


@pytest.mark.parametrize(
    ("extra", "expected"), [("", ("00-1-2-01", "c")), (', "traceparent": "own"', ("own", "c"))]
)
def test_what_a_handler_publishes_carries_the_trace_on(
    extra: str, expected: tuple[str, str]
) -> None:
    app, seen = vx.Pipeline("trace"), list[vx.Event]()
    child = f'{{"specversion": "1.0", "id": "x", "source": "s", "type": "b"{extra}}}'

    @app.handler("a")
    def first(event: vx.Event) -> None:
        engine.publish(vx.Event.from_json(child))

    @app.handler("b")
    def second(event: vx.Event) -> None:
        seen.append(event)

    with vx.Engine(app) as engine:
        engine.publish(vx.Event.from_json(PARENT))
        engine.drain(timeout=LONG)
        engine.publish("b", id="outside")
    inside, outside = seen
    assert (inside.traceparent, inside.correlationid) == expected
    assert (outside.traceparent, outside.correlationid) == (None, None)


def test_an_event_without_correlation_begins_one() -> None:
    app, seen = vx.Pipeline("trace"), list[vx.Event]()

    @app.handler("a")
    def first(event: vx.Event) -> None:
        engine.publish("b")

    @app.handler("b")
    def second(event: vx.Event) -> None:
        seen.append(event)

    with vx.Engine(app) as engine:
        engine.publish("a", id="root")
    assert [(event.traceparent, event.correlationid) for event in seen] == [(None, "root")]
