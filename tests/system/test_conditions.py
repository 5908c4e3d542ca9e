"""Routes with conditions, computed keys and priorities: what they take, and what is counted."""

from __future__ import annotations

import logging
from typing import Any

import pytest

import veltrix as vx
from system.pipelines import LONG, balanced
from veltrix import testing


def shop(**route: Any) -> tuple[vx.Pipeline, list[vx.Event]]:
    app, got = vx.Pipeline("shop"), list[vx.Event]()

    @app.handler("order.paid", queue="large", **route)
    def large(event: vx.Event) -> None:
        got.append(event)

    return app, got


def test_event_is_filtered_when_no_condition_holds() -> None:
    app, got = shop(where="data.amount > 900")
    with vx.Engine(app) as engine:
        receipts = [engine.publish("order.paid", {"amount": n}) for n in (5, 901, 900)]
        receipts.append(engine.publish("order.paid", {}))
        assert engine.drain(timeout=LONG)
        stats = engine.stats()
    assert [event.data for event in got] == [{"amount": 901}]
    assert [receipt.state for receipt in receipts] == ["filtered", "accepted"] + ["filtered"] * 2
    assert receipts[0].settled(LONG) == {}
    assert (stats.totals.filtered, stats.totals.admitted) == (3, 1)
    route = next(iter(stats.routes.values()))
    assert (route.matched, route.filtered, route.filter_missing) == (1, 2, 1)
    assert balanced(stats)


def test_event_is_a_dead_letter_when_its_condition_fails() -> None:
    app, got = shop(where="data.amount / data.count > 9")
    with vx.Engine(app) as engine:
        receipt = engine.publish("order.paid", {"amount": 1, "count": 0}, id="x")
        assert receipt.settled(LONG) == {}
        assert engine.drain(timeout=LONG)
        (letter,) = engine.dead_letters.list()
        stats = engine.stats()
    assert not got
    assert (letter.code, letter.queue, letter.event.id) == ("filter_error", "", "x")
    assert letter.event.data == {"amount": 1, "count": 0}
    assert "data.amount / data.count" in letter.text
    assert receipt.state == "filtered"
    assert stats.totals.filtered == next(iter(stats.routes.values())).filter_error == 1
    assert balanced(stats)


def test_first_trouble_of_a_kind_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    app, _ = shop(where="data.amount > 900")
    with caplog.at_level(logging.WARNING, "veltrix"), vx.Engine(app) as engine:
        for name in ("first", "second"):
            engine.publish("order.paid", {}, id=name)
    told = [record.getMessage() for record in caplog.records if "where" in record.getMessage()]
    assert len(told) == 1
    assert "first" in told[0]


def test_priority_is_computed_and_falls_back_when_it_cannot() -> None:
    app, got = shop(priority="data.level")
    levels = [2, 9, "urgent", 5]
    with testing.Simulation(app) as simulation:
        for level in levels:
            simulation.publish("order.paid", {"level": level})
        simulation.run()
        stats = simulation.stats()
    assert [event.data["level"] for event in got] == [9, 5, "urgent", 2]
    assert next(iter(stats.routes.values())).priority_missing == 1


def test_object_by_reference_is_encoded_when_a_condition_looks_at_it() -> None:
    app, got = vx.Pipeline("things"), list[tuple[str, Any]]()

    @app.handler("a", queue="own", payload="reference")
    def own(event: vx.Event) -> None:
        got.append(("own", event.data))

    @app.handler("a", queue="large", where="data.n > 5")
    def large(event: vx.Event) -> None:
        got.append(("large", event.data))

    with vx.Engine(app) as engine:
        for n in (9, 1):
            engine.publish("a", {"n": n}).settled(LONG)
        stats = engine.stats()
    assert sorted(got, key=str) == [
        ("large", {"n": 9}),
        ("own", {"n": 1}),
        ("own", {"n": 9}),
    ]
    assert [route.matched for route in stats.routes.values()] == [2, 1]
