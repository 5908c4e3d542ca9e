"""The decorators: the same model, and the mistakes that are told at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

import veltrix as vx


class ClueFound(msgspec.Struct):
    team: str
    clue: int = 0


def handler_of(app: vx.Pipeline, *arguments: Any, **options: Any) -> Callable[..., Any]:
    @app.handler(*arguments, **options)
    def score(event: Any) -> None: ...

    return score


def test_handler_makes_queue_and_route_of_its_name() -> None:
    app = vx.Pipeline("hunt")
    handler_of(app, "clue.*")
    model = app.to_model()
    assert list(model.queues) == list(model.routes) == ["score"]
    assert model.routes["score"].type == ["clue.*"]
    assert model.routes["score"].to == "score"
    assert model.queues["score"].handler.endswith(".score")


def test_handler_parts_options_of_route_and_queue() -> None:
    app = vx.Pipeline("hunt")
    options: dict[str, Any] = {"queue": "q", "priority": "high", "key": "data.a"}
    handler_of(app, ["a", "b"], **options, concurrency=3, max_wait="5s")
    model = app.to_model()
    route, queue = model.routes["q"], model.queues["q"]
    assert (route.type, route.priority, route.key) == (["a", "b"], 7, "data.a")
    assert (queue.concurrency, queue.max_wait, queue.priority) == (3, 5_000_000_000, 4)


def test_handler_takes_expressions() -> None:
    app = vx.Pipeline("hunt")
    priority, key = "data.a > 1 ? 9 : 1", "data.team + '/' + data.clue"
    handler_of(app, "a", queue="q", where="data.a > 0", key=key, priority=priority)
    app.route("r", type="b", to="q", where="has(data.b)", priority="urgent")
    routes = app.to_model().routes
    assert (routes["q"].where, routes["q"].key, routes["q"].priority) == (
        "data.a > 0",
        key,
        priority,
    )
    assert (routes["r"].where, routes["r"].priority) == ("has(data.b)", 9)


def test_fault_of_an_expression_is_shown_with_a_caret() -> None:
    app = vx.Pipeline("hunt")
    with pytest.raises(vx.ConfigError) as caught:
        handler_of(app, "a", queue="q", where="data.x.stratsWith('a')")
    assert str(caught.value) == (
        "routes.q.where: error[unknown-method]: column 8: 'stratsWith' is no function; "
        "did you mean 'startsWith'?\n"
        "  data.x.stratsWith('a')\n"
        "         ^~~~~~~~~~"
    )


def test_warning_of_an_expression_is_kept() -> None:
    app = vx.Pipeline("hunt")
    handler_of(app, "a", queue="q", where="data.x > 1 + 1.0")
    app.to_model()
    assert [warning.code for warning in app.warnings] == ["mixed-arithmetic"]


def test_handlers_of_stacked_decorators_share_their_queue() -> None:
    app = vx.Pipeline("hunt")

    @app.handler("a", queue="q")
    @app.handler("b", queue="q", priority=1)
    def both(event: vx.Event) -> None: ...

    routes = app.to_model().routes
    assert {name: route.type for name, route in routes.items()} == {"q": ["b"], "q.2": ["a"]}


def test_handler_replaces_its_former_self_when_defined_again() -> None:
    app = vx.Pipeline("hunt")
    cell = "@app.handler({!r}, queue={!r}, concurrency={})\ndef score(event): ..."
    scope: dict[str, Any] = {"app": app, "__name__": "notebook"}
    exec(cell.format("a", "q", 3), scope)
    exec(cell.format("b", "r", 1), scope)
    model = app.to_model()
    assert list(model.queues) == ["r"]
    assert model.routes["r"].type == ["b"]
    assert app.parts.handlers.by_queue["r"].function is scope["score"]
    handler_of(app, "c", queue="s")
    again = handler_of(app, "d", queue="s")
    assert app.to_model().routes["s"].type == ["d"]
    assert app.parts.handlers.by_queue["s"].function is again


def test_handlers_that_a_loop_makes_do_not_replace_each_other() -> None:
    app = vx.Pipeline("hunt")
    for name in ("a", "b"):
        handler_of(app, name, queue=name)
    app.handler("c", queue="c")(lambda event: None)
    app.handler("d", queue="d")(lambda event: None)
    assert list(app.to_model().queues) == ["a", "b", "c", "d"]


def test_handler_is_refused_when_its_queue_has_another() -> None:
    app = vx.Pipeline("hunt")
    handler_of(app, "a", queue="q")
    with pytest.raises(vx.ConfigError, match="a queue has one handler"):

        @app.handler("b", queue="q")
        def other(event: vx.Event) -> None: ...


def test_class_stands_for_its_type_and_key() -> None:
    app = vx.Pipeline("hunt")
    app.event("clue.found", key="data.team")(ClueFound)
    handler_of(app, ClueFound)
    route = app.to_model().routes["score"]
    assert (route.type, route.key) == (["clue.found"], "data.team")


def test_key_of_the_event_gives_way_when_the_route_has_its_own() -> None:
    app = vx.Pipeline("hunt")
    app.event("clue.found", key="data.team")(ClueFound)
    handler_of(app, ClueFound, key="data.clue")
    assert app.to_model().routes["score"].key == "data.clue"


def test_class_is_replaced_when_it_is_declared_again() -> None:
    app = vx.Pipeline("hunt")

    def cell() -> type:
        @dataclasses.dataclass
        class Clue:
            team: str

        return app.event("clue.found")(Clue)

    first, second = cell(), cell()
    assert first is not second
    assert list(app.parts.types.encoders()) == [second]


@pytest.mark.parametrize(
    ("cls", "message"),
    [
        (dict, "is no payload class"),
        (5, "is no payload class"),
        (type("Plain", (), {}), "is no payload class"),
    ],
)
def test_event_refuses_when_the_class_is_no_payload(cls: Any, message: str) -> None:
    with pytest.raises(vx.ConfigError, match=message):
        vx.Pipeline("hunt").event("clue.found")(cls)


def test_event_refuses_when_the_type_has_another_class() -> None:
    app = vx.Pipeline("hunt")
    app.event("clue.found")(ClueFound)
    with pytest.raises(vx.ConfigError, match="has its class already"):
        app.event("clue.found")(msgspec.defstruct("Other", ["x"]))


def test_handler_refuses_when_the_class_was_not_declared() -> None:
    with pytest.raises(vx.ConfigError, match=r"decorate it with @app\.event"):
        handler_of(vx.Pipeline("hunt"), ClueFound)


LATER: list[tuple[str, dict[str, Any], str]] = [
    ("handler", {"breaker": {}}, "circuit breakers"),
    ("handler", {"rate_limit": 5}, "rate limits"),
    ("handler", {"durability": "os"}, "the journal"),
]


@pytest.mark.parametrize(("_", "options", "feature"), LATER)
def test_handler_refuses_by_name_what_comes_later(
    _: str, options: dict[str, Any], feature: str
) -> None:
    with pytest.raises(vx.NotAvailableError, match=f"not available yet: arrives with {feature}"):
        vx.Pipeline("hunt").handler("a", **options)


@pytest.mark.parametrize("options", [{"journal": "x"}, {"slo": {}}, {"events": {}}])
def test_pipeline_refuses_by_name_what_comes_later(options: dict[str, Any]) -> None:
    with pytest.raises(vx.NotAvailableError, match="not available yet"):
        vx.Pipeline("hunt", **options)


@pytest.mark.parametrize("function", [print, ClueFound, "text", 5, ClueFound("red").__init__])
def test_handler_refuses_what_is_no_function(function: Any) -> None:
    with pytest.raises(vx.ConfigError, match="not a function"):
        vx.Pipeline("hunt").handler("a", queue="q")(function)


def test_handler_refuses_a_lambda_without_a_queue() -> None:
    with pytest.raises(vx.ConfigError, match="invalid-name"):
        vx.Pipeline("hunt").handler("a")(lambda event: None)


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (lambda app: app.queue("q", concurency=1), "'concurency' is not a queue option"),
        (lambda app: app.queue("q", retry={"max_attempts": 0}), "at least 1"),
        (lambda app: app.queue("q", priority="hihg"), "did you mean 'high'"),
        (lambda app: app.route("r", type="a..b", to="q"), "an empty part"),
        (lambda app: app.route("r", type="a", to="q", key="team"), r"data\.team"),
        (lambda app: app.route("r", type=5, to="q"), "has no event type"),
        (lambda app: app.source("s", []), "at least one entry"),
        (lambda app: app.source("s", "x", parallel=17), "at most 16"),
        (lambda app: app.source("s", "x", connector="kafka"), "arrives with the Kafka"),
        (lambda app: app.sink("s", ""), "an empty path"),
        (lambda app: app.event("a", key="data..x"), "a name is missing"),
        (lambda app: app.lifespan(lambda state: None), "a lifespan is a generator function"),
    ],
)
def test_declaration_is_refused_at_once_when_it_is_wrong(
    declare: Callable[[vx.Pipeline], object], message: str
) -> None:
    with pytest.raises(vx.ConfigError, match=message):
        declare(vx.Pipeline("hunt"))


def test_to_model_tells_everything_that_does_not_fit_at_once() -> None:
    app = vx.Pipeline("hunt", unmatched="nowhere")
    app.route("r", type="a", to="q", unless="s")
    app.queue("p", sink="out")
    with pytest.raises(vx.ConfigError) as caught:
        app.to_model()
    codes = {problem.code for problem in caught.value.problems if problem.severity == "error"}
    assert codes == {"unknown-queue", "unknown-route", "unknown-sink"}
    assert "pipeline 'hunt': routes.r.to: error[unknown-queue]" in str(caught.value)


def test_queue_and_handler_may_both_set_options_when_they_agree() -> None:
    app = vx.Pipeline("hunt")
    app.queue("q", concurrency=2, weight=3)
    handler_of(app, "a", queue="q", concurrency=2)
    queue = app.to_model().queues["q"]
    assert (queue.concurrency, queue.weight) == (2, 3)
    app.queue("q", concurrency=5)
    with pytest.raises(vx.ConfigError, match="said-twice"):
        app.to_model()


def test_pipeline_warns_when_a_queue_is_out_of_reach() -> None:
    app = vx.Pipeline("hunt")
    handler_of(app, "a")
    app.queue("spare", sink="out")
    app.sink("out", "out.jsonl")
    app.to_model()
    assert [warning.code for warning in app.warnings] == ["unreachable-queue"]
