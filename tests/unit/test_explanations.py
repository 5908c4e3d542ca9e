"""``explain`` of pipelines, engines and simulations."""

from __future__ import annotations

from typing import Any

import pytest

import veltrix as vx
from veltrix import testing
from veltrix.explanations import event_of


def shop(**settings: Any) -> vx.Pipeline:
    app = vx.Pipeline("shop", **settings)

    @app.handler("payment.*", queue="review", where="data.amount > 900", key="data.team")
    def review(event: vx.Event) -> None: ...

    @app.handler("refund", queue="refunds", priority="data.amount > 100 ? 9 : 2")
    def refund(event: vx.Event) -> None: ...

    return app


def test_pipeline_engine_and_simulation_say_the_same() -> None:
    app, event = shop(), vx.Event("payment.made", {"amount": 950, "team": "red"}, id="p")
    found = app.explain(event)
    assert found.queues == ["review"]
    assert found.routes[0].key == "red"
    assert vx.Engine(app).explain(event) == found
    with testing.Simulation(app) as sim:
        assert sim.explain(event) == found
        assert sim.stats().totals.received == 0
    taken = "type pattern payment.* takes payment.made, and its condition holds"
    assert str(found).splitlines() == [
        "payment.made p",
        f"  yes review  -> review: {taken}; priority normal; key red",
        "  no  refunds -> refunds: no type pattern takes payment.made",
    ]


@pytest.mark.parametrize(
    ("event", "settings", "otherwise"),
    [
        ({"type": "payment.made", "data": {"amount": 5}}, {}, "filtered out"),
        ({"type": "payment.made", "data": {}}, {}, "filtered out"),
        ({"type": "payment.made", "data": {"amount": "x"}}, {}, "filter_error of route review"),
        ({"type": "other"}, {}, "a dead letter (unmatched)"),
        ({"type": "other"}, {"unmatched": "drop"}, "dropped"),
        ({"type": "other"}, {"unmatched": "review"}, "to queue review"),
        ({"type": "refund", "data": {"amount": 500}}, {}, ""),
    ],
)
def test_fate_is_named_when_no_route_takes_the_event(
    event: dict[str, Any], settings: dict[str, Any], otherwise: str
) -> None:
    found = shop(**settings).explain(event).otherwise
    assert otherwise in found
    assert bool(found) == bool(otherwise)


@pytest.mark.parametrize(("amount", "priority"), [(500, 9), (50, 2), ("x", 4)])
def test_priority_is_the_computed_one(amount: object, priority: int) -> None:
    found = shop().explain({"type": "refund", "data": {"amount": amount}})
    assert found.routes[1].priority == priority


def test_key_is_the_events_own_when_the_routes_is_missing() -> None:
    event = vx.Event("payment.made", {"amount": 950}, key="own")
    assert shop().explain(event).routes[0].key == "own"


@pytest.mark.parametrize(
    "given", [{"type": "a"}, b'{"type": "a"}', '{"type": "a", "id": "explained"}']
)
def test_event_gets_what_it_lacks(given: Any) -> None:
    event = event_of(given, "shop")
    assert (event.type, event.id, event.source) == ("a", "explained", "shop")


@pytest.mark.parametrize("given", [{"id": "1"}, b"nonsense", "[1]", b'{"type": ""}'])
def test_event_is_refused_when_it_is_none(given: Any) -> None:
    with pytest.raises(vx.EventError):
        event_of(given, "shop")


def test_routes_into_one_queue_show_the_key_and_the_priority_that_its_delivery_has() -> None:
    app = vx.Pipeline("shop")
    app.handler("*", queue="all", order="key")(lambda event: None)
    app.handler("paid", queue="loose", order="none", key="data.team")(lambda event: None)
    app.route("first", type="paid", to="all", key="data.first", priority=2)
    app.route("second", type="paid", to="all", key="data.second", priority=8)
    event = {"type": "paid", "partitionkey": "own", "data": {"second": "b", "team": "red"}}
    found = {each.route: (each.key, each.priority) for each in app.explain(event).routes}
    assert found == {
        "all": ("own", 8),
        "loose": (None, 4),
        "first": ("own", 8),
        "second": ("own", 8),
    }
    with testing.Simulation(app) as sim:
        sim.publish("paid", event["data"], key="own")
        sim.run()
        (attempt,) = sim.attempts("all")
    assert attempt.event.key == "own"
