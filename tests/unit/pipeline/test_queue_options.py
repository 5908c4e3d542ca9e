"""Every policy of a queue arrives in the core, from a file and from a declaration alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import veltrix as vx
from veltrix import _core
from veltrix.pipeline.compile import compile_pipeline
from veltrix.pipeline.loader import load_text

SECOND = 10**9

# What is written, and the native fields that differ from their defaults then.
ARRIVALS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"order": "total"}, {"order": _core.Order.TOTAL}),
    ({"order": {"by": "none"}}, {"order": _core.Order.NONE}),
    ({"order": {"on_retry": "pass"}}, {"on_retry": _core.OnRetry.PASS}),
    ({"order": {"sort": "event.time", "wait": "500ms"}}, {"sort_wait": SECOND // 2}),
    (
        {"order": {"sort": "event.time", "wait": 2, "late": "dead"}},
        {"sort_wait": 2 * SECOND, "sort_late": _core.Late.DEAD},
    ),
    (
        {"order": {"sort": "event.time", "wait": "1s", "late": "drop"}},
        {"sort_wait": SECOND, "sort_late": _core.Late.DROP},
    ),
    ({"latest": {"by": "key"}}, {"latest_every": 0}),
    ({"latest": {"every": "1s"}}, {"latest_every": SECOND}),
    ({"overflow": {"timeout": 0}}, {"overflow_timeout": 0}),
    ({"overflow": {"policy": "reject"}}, {"overflow": _core.Overflow.REJECT}),
    ({"overflow": {"policy": "drop_newest"}}, {"overflow": _core.Overflow.DROP_NEWEST}),
    ({"overflow": {"policy": "drop_oldest"}}, {"overflow": _core.Overflow.DROP_OLDEST}),
    ({"overflow": {"policy": "drop_lowest"}}, {"overflow": _core.Overflow.DROP_LOWEST}),
    (
        {"capacity": {"reserve": {"priority": "high", "share": "20%"}}},
        {"reserve_priority": 7, "reserve_share": 0.2},
    ),
    (
        {"capacity": {"reserve": {"priority": 1, "share": 0.9}}},
        {"reserve_priority": 1, "reserve_share": 0.9},
    ),
    ({"timeout": "5s"}, {"timeout": 5 * SECOND}),
    ({"ttl": "1m"}, {"ttl": 60 * SECOND}),
    (
        {"dedup": {"by": "event.id", "window": "1h"}},
        {"dedup_by": ["event.id"], "dedup_window": 3600 * SECOND},
    ),
    (
        {"dedup": {"by": ["event.source", "data.x"], "window": 1, "events": 5}},
        {"dedup_by": ["event.source", "data.x"], "dedup_window": SECOND, "dedup_events": 5},
    ),
    ({"dead_letters": {"drops": True}}, {"bury_drops": True}),
]

# … that no default can say, since the handler has to know.
OWN: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"batch": {}}, {"batch_max_events": 100}),
    (
        {"batch": {"max_events": 500, "linger": "200ms"}},
        {"batch_max_events": 500, "batch_linger": SECOND // 5},
    ),
]

GROUPS = ("retry", "transform")  # structs of their own
FIELDS = [n for n in dir(_core.QueueOptions) if not n.startswith("_") and n not in GROUPS]


def changed(queue: _core.QueueOptions) -> dict[str, Any]:
    """The fields that are not as in a fresh struct."""
    fresh = _core.QueueOptions()
    given = {name: getattr(queue, name) for name in FIELDS if name not in ("name", "sink")}
    return {name: value for name, value in given.items() if value != getattr(fresh, name)}


def declared(**settings: Any) -> vx.Pipeline:
    app = vx.Pipeline("hunt", **settings)
    app.sink("out", "out.jsonl")
    return app


@pytest.mark.parametrize(("options", "native"), ARRIVALS + OWN)
def test_option_arrives_when_it_is_declared(
    options: dict[str, Any], native: dict[str, Any]
) -> None:
    app = declared()
    app.queue("q", sink="out", **options)
    (queue,) = compile_pipeline(app).plan.queues
    assert changed(queue) == native


@pytest.mark.parametrize(("options", "native"), ARRIVALS + OWN)
def test_option_arrives_when_it_stands_in_a_file(
    options: dict[str, Any], native: dict[str, Any]
) -> None:
    data = {"veltrix": 1, "name": "hunt", "sinks": {"out": {"path": "out.jsonl"}}}
    text = json.dumps(data | {"queues": {"q": {"sink": "out", **options}}})
    app = vx.Pipeline.from_loaded(load_text("a.yaml", text.encode(), Path()))
    (queue,) = compile_pipeline(app).plan.queues
    assert changed(queue) == native


@pytest.mark.parametrize(("options", "native"), ARRIVALS)
def test_option_arrives_when_it_is_a_default(
    options: dict[str, Any], native: dict[str, Any]
) -> None:
    app = declared(defaults={"queue": options})
    app.queue("q", sink="out")
    (queue,) = compile_pipeline(app).plan.queues
    assert changed(queue) == native


def test_groups_of_the_defaults_are_filled_one_by_one() -> None:
    order = {"sort": "event.time", "wait": "1s"}
    reserve = {"priority": 7, "share": "10%"}
    app = declared(
        defaults={"queue": {"order": order, "capacity": {"reserve": reserve}, "dedup": None}}
    )
    app.queue(
        "q",
        sink="out",
        order={"late": "drop"},
        capacity={"reserve": {"priority": 9, "share": "30%"}, "events": 7},
        dedup={"by": "event.id", "window": "1s"},
    )
    (queue,) = compile_pipeline(app).plan.queues
    assert (queue.sort_wait, queue.sort_late) == (SECOND, _core.Late.DROP)
    assert (queue.capacity_events, queue.reserve_priority, queue.reserve_share) == (7, 9, 0.3)
    assert queue.dedup_by == ["event.id"]


def test_max_age_arrives() -> None:
    app = declared()
    app.queue("q", sink="out", retry={"max_age": "10m"})
    assert compile_pipeline(app).plan.queues[0].retry.max_age == 600 * SECOND


def test_order_is_written_short_when_nothing_else_is_said() -> None:
    app = declared()
    app.queue("one", sink="out", order={"by": "total"})
    app.queue("two", sink="out", order={"by": "total", "on_retry": "pass"})
    text = app.to_yaml()
    assert "order: total" in text
    assert "on_retry: pass" in text
