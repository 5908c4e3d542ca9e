"""Middleware around handlers: which hooks run, in which order, and what they change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar
from typing import Any

import msgspec
import pytest

import veltrix as vx
from veltrix import testing
from veltrix.logs.repeats import BURST, Repeats
from veltrix.pipeline import hooks
from veltrix.pipeline.hooks import with_middleware
from veltrix.pipeline.signature import Shape

WHO: ContextVar[str] = ContextVar("WHO", default="nobody")


class Trail(vx.Middleware):
    """Writes down what runs; raises in one of its hooks when told to."""

    def __init__(self, name: str, trail: list[Any], **raised: BaseException) -> None:
        self.name, self.trail, self.raised = name, trail, raised

    def _note(self, hook: str, about: object = None) -> None:
        shown = type(about).__name__ if isinstance(about, BaseException) else about
        self.trail.append((self.name, hook) if about is None else (self.name, hook, shown))
        if hook in self.raised:
            raise self.raised[hook]

    def before(self, event: Any, ctx: vx.Context) -> None:
        self._note("before")

    def after(self, event: Any, ctx: vx.Context, result: Any) -> None:
        self._note("after", result)

    def failed(self, event: Any, ctx: vx.Context, error: BaseException) -> None:
        self._note("failed", error)


def run(app: vx.Pipeline, data: Any = None, queue: str = "work") -> testing.Attempt:
    """The one attempt of one event."""
    with testing.Simulation(app) as sim:
        sim.publish("a", data)
        sim.run()
        (attempt,) = sim.attempts(queue)
    return attempt


def pipeline(function: Any, *middleware: vx.Middleware, trail: list[Any]) -> vx.Pipeline:
    app = vx.Pipeline("hooks")
    for each in middleware:
        app.middleware(each)

    @app.handler("a", retry={"max_attempts": 1})
    def work(event: vx.Event) -> Any:
        trail.append("handler")
        return function(event)

    return app


def test_hooks_run_outermost_first_and_back_in_reverse() -> None:
    trail: list[Any] = []
    app = pipeline(lambda e: None, Trail("x", trail), Trail("y", trail), trail=trail)
    assert run(app).outcome == "done"
    assert trail == [
        ("x", "before"),
        ("y", "before"),
        "handler",
        ("y", "after"),
        ("x", "after"),
    ]


def test_failed_runs_instead_of_after_when_the_handler_raises() -> None:
    trail: list[Any] = []

    def fail(event: vx.Event) -> None:
        raise KeyError("no")

    app = pipeline(fail, Trail("x", trail), Trail("y", trail), trail=trail)
    attempt = run(app)
    assert (attempt.outcome, attempt.code) == ("dead", "KeyError")
    assert trail[3:] == [("y", "failed", "KeyError"), ("x", "failed", "KeyError")]


@pytest.mark.parametrize(
    ("raised", "outcome", "code"),
    [
        (vx.Drop("unwanted"), "drop", "unwanted"),
        (vx.DeadLetter("no"), "dead", "dead_letter"),
        (ValueError("no"), "dead", "ValueError"),
    ],
)
def test_before_ends_the_attempt_with_what_it_raises(
    raised: Exception, outcome: str, code: str
) -> None:
    trail: list[Any] = []
    stops = Trail("y", trail, before=raised)
    app = pipeline(lambda e: None, Trail("x", trail), stops, Trail("z", trail), trail=trail)
    attempt = run(app)
    assert (attempt.outcome, attempt.code) == (outcome, code)
    assert trail == [("x", "before"), ("y", "before"), ("x", "failed", type(raised).__name__)]


def test_before_may_ask_for_another_attempt() -> None:
    app = vx.Pipeline("hooks")

    class Later(vx.Middleware):
        def before(self, event: Any, ctx: vx.Context) -> None:
            if ctx.attempt == 1:
                raise vx.Retry(after="5s")

    app.middleware(Later())
    app.handler("a", queue="work")(_nothing)
    with testing.Simulation(app) as sim:
        sim.publish("a")
        sim.run()
        first, second = sim.attempts("work")
    assert (first.outcome, second.outcome) == ("retry", "done")
    assert second.started >= 5.0


def _nothing(event: vx.Event) -> None: ...


@pytest.mark.parametrize("result", [vx.Drop("x"), vx.DeadLetter("y")])
def test_after_sees_a_returned_signal(result: vx.Signal) -> None:
    seen: list[Any] = []

    class See(vx.Middleware):
        def after(self, event: Any, ctx: vx.Context, result: Any) -> None:
            seen.append(result)

    attempt = run(pipeline(lambda e: result, See(), trail=[]))
    assert attempt.outcome in ("drop", "dead")
    assert seen == [result]


def test_what_after_and_failed_raise_is_logged_counted_and_changes_nothing(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "_repeats", Repeats(clock=lambda: 0.0))
    trail: list[Any] = []
    bad = Trail("bad", trail, after=OSError("disk"), failed=vx.Drop())
    app = pipeline(
        lambda e: 1 / e.data if e.data == 0 else None, Trail("x", trail), bad, trail=trail
    )
    with testing.Simulation(app) as sim, caplog.at_level(logging.ERROR, "veltrix.middleware"):
        for number in [1] * (BURST + 5) + [0]:
            sim.publish("a", number)
        sim.run()
        outcomes = [each.outcome for each in sim.attempts("work")]
    assert outcomes == ["done"] * (BURST + 5) + ["dead"]
    assert bad.errors == BURST + 6  # exact, though not each has a line
    lines = [record.getMessage() for record in caplog.records]
    assert lines == [
        *["Trail.after() raised; the outcome stays as it is"] * BURST,
        "Trail.failed() raised; the outcome stays as it is",
    ]
    assert caplog.records[0].exc_info is not None
    assert trail.count(("x", "after")) == BURST + 5  # the ones around it run all the same


@pytest.mark.parametrize(
    "raised", [SystemExit(3), GeneratorExit(), asyncio.CancelledError(), KeyboardInterrupt()]
)
@pytest.mark.parametrize("fails", [False, True])
def test_hooks_change_nothing_whatever_they_raise(raised: BaseException, fails: bool) -> None:
    trail: list[Any] = []
    bad = Trail("bad", trail, after=raised, failed=raised)
    app = pipeline(lambda e: e.data and 1 / 0, Trail("x", trail), bad, trail=trail)
    with vx.Engine(app) as engine:  # whose handlers run on a thread that nobody interrupts
        receipt = engine.publish("a", 1 if fails else None)
        assert receipt.settled("20s") == {"work": "dead" if fails else "done"}
    assert bad.errors == 1
    assert trail[-1][:2] == ("x", "failed" if fails else "after")


def test_ctrl_c_inside_a_hook_ends_a_simulation() -> None:
    trail: list[Any] = []
    app = pipeline(lambda e: None, Trail("bad", trail, after=KeyboardInterrupt()), trail=trail)
    with testing.Simulation(app) as sim:
        sim.publish("a")
        with pytest.raises(KeyboardInterrupt):
            sim.run()


class Sets(vx.Middleware):
    def __init__(self) -> None:
        self.seen: list[str] = []

    def before(self, event: Any, ctx: vx.Context) -> None:
        self.seen.append(WHO.get())
        WHO.set(f"{WHO.get()}, {event.data}")

    def after(self, event: Any, ctx: vx.Context, result: Any) -> None:
        self.seen.append(WHO.get())


def test_an_attempt_has_a_context_of_its_own() -> None:
    sets, seen = Sets(), list[str]()
    app = pipeline(lambda e: seen.append(WHO.get()), sets, trail=[])
    with testing.Simulation(app) as sim:
        for name in ("red", "blue"):
            sim.publish("a", name)
        sim.run()
    assert seen == ["nobody, red", "nobody, blue"]
    assert sets.seen == ["nobody", "nobody, red", "nobody", "nobody, blue"]
    assert WHO.get() == "nobody"


def test_a_generator_keeps_the_context_until_its_end() -> None:
    sets, seen, trail = Sets(), list[str](), list[Any]()
    app = vx.Pipeline("hooks", unmatched="drop")
    app.middleware(sets)
    app.middleware(Trail("x", trail))

    @app.handler("a", queue="work")
    def work(event: vx.Event) -> Iterator[vx.Event]:
        for number in range(2):
            seen.append(WHO.get())
            trail.append(number)
            yield vx.Event("b", number)
        trail.append("end")

    assert run(app, "red").outcome == "done"
    assert seen == ["nobody, red"] * 2
    assert sets.seen == ["nobody", "nobody, red"]
    assert trail == [("x", "before"), 0, 1, "end", ("x", "after")]


def test_a_generator_that_raises_or_returns_a_signal_is_told_like_a_function() -> None:
    trail: list[Any] = []

    def work(event: vx.Event) -> Iterator[Any]:
        yield from ()
        if event.data == "raise":
            raise ValueError("no")
        return vx.Drop("gone")

    app = pipeline(work, Trail("x", trail), trail=trail)
    assert run(app, "raise").outcome == "dead"
    assert run(app, "return").outcome == "drop"
    assert trail[2] == ("x", "failed", "ValueError")
    assert trail[5] == ("x", "after", "Drop")


def test_failed_runs_when_what_is_yielded_cannot_be_taken() -> None:
    trail: list[Any] = []

    def work(event: vx.Event) -> Iterator[Any]:
        try:
            yield "no event"
        finally:
            trail.append("closed")

    attempt = run(pipeline(work, Trail("x", trail), trail=trail))
    assert (attempt.outcome, attempt.code) == ("dead", "TypeError")
    assert trail[2:] == ["closed", ("x", "failed", "GeneratorExit")]


class Found(msgspec.Struct):
    team: str


def test_handlers_are_called_as_their_signature_says() -> None:
    seen: list[Any] = []
    app = vx.Pipeline("hooks")
    app.middleware(vx.Middleware())

    @app.handler("a", queue="payload")
    def payload(found: Found) -> None:
        seen.append(found)

    @app.handler("a", queue="both")
    def both(found: Found, ctx: vx.Context) -> None:
        seen.append((found, ctx.queue))

    @app.handler("a", queue="typed")
    def typed(event: vx.Event[Found], ctx: vx.Context) -> None:
        seen.append((event.data, ctx.attempt))

    with testing.Simulation(app) as sim:
        sim.publish("a", {"team": "red"})
        sim.run()
    red = Found("red")
    assert len(seen) == 3
    assert all(each in seen for each in (red, (red, "both"), (red, 1)))


def test_a_payload_that_does_not_decode_is_dead_at_once_as_without_middleware() -> None:
    trail: list[Any] = []
    app = vx.Pipeline("hooks")
    app.middleware(Trail("x", trail))

    @app.handler("a", queue="work")
    def payload(found: Found) -> None:
        trail.append("handler")

    attempt = run(app, {"team": 5})
    assert (attempt.outcome, attempt.code) == ("dead", "invalid_payload")
    assert trail == [("x", "before"), ("x", "failed", "ValidationError")]


def test_a_batch_is_handed_to_hooks_as_the_list_it_is() -> None:
    seen: list[Any] = []

    class See(vx.Middleware):
        def before(self, event: Any, ctx: Any) -> None:
            seen.append(event)

    shape = Shape(wants_context=False, argument="event", decoder=None)
    call, _ = with_middleware(seen.append, shape, [See()])
    call([1, 2], None)  # type: ignore[arg-type]
    assert seen == [[1, 2], [1, 2]]


def test_coroutines_and_their_generators_have_hooks_in_the_context_of_their_task() -> None:
    trail: list[Any] = []
    shape = Shape(wants_context=True, argument="event", decoder=None)

    class Owner(vx.Middleware):
        def before(self, event: Any, ctx: Any) -> None:
            WHO.set(event)

    async def plain(event: str, ctx: object) -> str:
        await meet.wait()  # all of them are under way
        if event == "bad":
            raise ValueError(event)
        return WHO.get()

    async def several(event: str, ctx: object) -> AsyncIterator[str]:
        yield WHO.get()

    async def main() -> list[Any]:
        call, _ = with_middleware(plain, shape, [Owner(), Trail("x", trail)])
        each, _ = with_middleware(several, shape, [Owner(), Trail("y", trail)])
        results = await asyncio.gather(
            call("red", ctx), call("blue", ctx), call("bad", ctx), return_exceptions=True
        )
        return [*results, [item async for item in each("green", ctx)]]

    ctx: Any = None
    meet = asyncio.Barrier(3)
    red, blue, bad, green = asyncio.run(main())
    assert (red, blue, green) == ("red", "blue", ["green"])
    assert isinstance(bad, ValueError)
    assert ("x", "failed", "ValueError") in trail
    assert trail[-2:] == [("y", "before"), ("y", "after")]
