"""From the model to the native plan: every option arrives under its native name."""

from __future__ import annotations

import pytest

import veltrix as vx
from veltrix import _core
from veltrix.pipeline.compile import Compiled, compile_pipeline


def score(event: vx.Event) -> None: ...


def full() -> vx.Pipeline:
    app = vx.Pipeline(
        "hunt",
        dispatch={"policy": "strict", "min_share": "2%"},
        dedup={"window": "1m", "events": 5},
        unmatched="rest",
        defaults={"queue": {"weight": 3, "retry": {"max_attempts": 2}}},
    )
    app.source("game", ["a.jsonl", "b.jsonl"], priority="low", parallel=3)
    app.sink("out", "out.jsonl")
    app.queue("rest", sink="out", order="total", capacity={"events": 7, "per_key": 2})
    options = {"queue": "scores", "key": "data.team", "priority": 6, "unless": ["rest"]}
    app.route("rest", type="x.**", to="rest")
    app.handler("clue.*", retry={"backoff": "1s"}, overflow={"policy": "reject"}, **options)(score)
    return app


@pytest.fixture
def compiled() -> Compiled:
    return compile_pipeline(full())


def test_engine_options_arrive(compiled: Compiled) -> None:
    engine = compiled.plan.engine
    assert (engine.name, engine.source) == ("hunt", "hunt")
    assert (engine.policy, engine.min_share) == (_core.Policy.STRICT, 0.02)
    assert (engine.dedup_window, engine.dedup_events) == (60 * 10**9, 5)
    assert (engine.unmatched, engine.unmatched_queue) == (_core.Unmatched.QUEUE, "rest")


def test_queue_options_arrive_with_their_defaults(compiled: Compiled) -> None:
    rest, scores = compiled.plan.queues
    assert (rest.name, rest.sink, rest.handler, rest.order) == (
        "rest",
        "out",
        "",
        _core.Order.TOTAL,
    )
    assert (rest.capacity_events, rest.capacity_per_key, rest.weight) == (7, 2, 3)
    assert scores.handler.endswith(":score")
    assert (scores.retry.max_attempts, scores.retry.backoff) == (2, 10**9)
    assert (scores.overflow, scores.weight) == (_core.Overflow.REJECT, 3)


def test_routes_sources_and_sinks_arrive(compiled: Compiled) -> None:
    rest, scores = compiled.plan.routes
    assert (rest.type, rest.priority, rest.key, rest.to) == (["x.**"], 255, "", "rest")
    assert (scores.priority, scores.key, scores.unless) == (6, "data.team", ["rest"])
    (source,) = compiled.plan.sources
    assert (source.path, source.priority) == (["a.jsonl", "b.jsonl"], 2)
    assert source.parallel == 3
    assert source.rejects == "hunt.game.rejects.jsonl"
    (sink,) = compiled.plan.sinks
    assert (sink.name, sink.path) == ("out", "out.jsonl")


@pytest.mark.parametrize("word", ["dead", "drop", "reject"])
def test_unmatched_words_arrive(word: str) -> None:
    app = vx.Pipeline("hunt", unmatched=word)
    app.handler("a")(score)
    unmatched = compile_pipeline(app).plan.engine.unmatched
    assert unmatched == getattr(_core.Unmatched, word.upper())


def test_compile_tells_every_wrong_handler_at_once() -> None:
    app = vx.Pipeline("hunt")

    @app.handler("a")
    def first() -> None: ...

    @app.handler("b")
    def second(events: list[vx.Event]) -> None: ...

    with pytest.raises(vx.ConfigError) as caught:
        compile_pipeline(app)
    assert [problem.code for problem in caught.value.problems] == [
        "handler-signature",
        "handler-signature",
    ]
