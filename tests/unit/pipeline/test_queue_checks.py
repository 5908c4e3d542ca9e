"""Options of a queue that do not go together, and defaults that give way."""

from __future__ import annotations

from typing import Any

import pytest

import veltrix as vx
from veltrix import _core
from veltrix.pipeline.compile import compile_pipeline
from veltrix.pipeline.queue_checks import check_queue

SORTED = {"sort": "event.time", "wait": "1s"}

CLASHES: list[tuple[dict[str, Any], str, str]] = [
    ({"order": {"by": "none", **SORTED}}, "order.sort", "write 'by: key', not 'none'"),
    ({"order": {"by": "total", **SORTED}}, "order.sort", "write 'by: key', not 'total'"),
    ({"order": {"sort": "event.time"}}, "order.sort", "'wait: 500ms'"),
    ({"order": {"wait": "1s"}}, "order.wait", "add 'sort: event.time'"),
    ({"order": {"late": "drop"}}, "order.late", "add 'sort: event.time'"),
    ({"order": {"by": "none", "on_retry": "pass"}}, "order.on_retry", "remove it"),
    ({"order": "none", "latest": {}}, "latest", "write 'order: key', not 'none'"),
    ({"order": {"by": "total"}, "latest": {}}, "latest", "not 'total'"),
    ({"order": SORTED, "latest": {}}, "latest", "remove one"),
    ({"order": SORTED, "ttl": "1s"}, "ttl", "make 'ttl' longer"),
    ({"overflow": {"policy": "reject", "timeout": "1s"}}, "overflow.timeout", "remove it"),
    ({"overflow": {"policy": "drop_newest", "timeout": 0}}, "overflow.timeout", "remove it"),
    (
        {"overflow": {"policy": "drop_oldest"}, "capacity": {"reserve": {}}},
        "capacity.reserve",
        "take block, reject or drop_newest",
    ),
    (
        {"overflow": {"policy": "drop_lowest"}, "capacity": {"reserve": {}}},
        "capacity.reserve",
        "'drop_lowest' turns nobody away",
    ),
    ({"batch": {"linger": "1s"}, "ttl": "1s"}, "ttl", "make 'ttl' longer than 'batch.linger'"),
    ({"batch": {"linger": "31s"}}, "batch.linger", "longer than 'max_wait'"),
    ({"batch": {"linger": "2s"}, "max_wait": "1s"}, "batch.linger", "make it shorter"),
    (
        {"batch": {"max_events": 11, "linger": "1s"}, "capacity": {"events": 10}},
        "batch.max_events",
        "full before it holds 11 events",
    ),
    ({"sink": "out", "retry": {"on": ["OSError"]}}, "retry.on", "a sink has none"),
    ({"sink": "out", "retry": {"dead_on": ["OSError"]}}, "retry.dead_on", "a sink has none"),
]

SOUND: list[dict[str, Any]] = [
    {"order": {"by": "key", **SORTED, "late": "drop", "on_retry": "pass"}, "ttl": "2s"},
    {"order": {"by": "total", "on_retry": "pass"}},
    {"order": "key", "latest": {"every": "1s"}},
    {"order": SORTED, "latest": None},
    {"overflow": {"timeout": "1s"}},
    {"overflow": {"policy": "drop_newest"}, "capacity": {"reserve": {}}},
    {"overflow": {"policy": "drop_lowest"}, "latest": {}, "ttl": "1s", "dedup": {}},
    {"handler": "a:b", "retry": {"on": ["OSError"]}},
    {"batch": {"max_events": 10, "linger": "1s"}, "ttl": "2s", "capacity": {"events": 10}},
    {"batch": {"max_events": 11}, "capacity": {"events": 10}},
    {"batch": {"linger": 5, "max_events": "x"}, "max_wait": "never"},
    {"order": 5, "overflow": "x", "ttl": {}, "capacity": None, "latest": []},  # told elsewhere
]


@pytest.mark.parametrize(("queue", "option", "message"), CLASHES)
@pytest.mark.parametrize("path", [("queues", "q"), ("defaults", "queue")])
def test_options_are_refused_when_they_do_not_go_together(
    path: tuple[str, ...], queue: dict[str, Any], option: str, message: str
) -> None:
    (fault,) = check_queue(path, queue, {})
    assert fault.path == (*path, *option.split("."))
    assert (fault.code, fault.severity) == ("option-clash", "error")
    assert message in fault.message


@pytest.mark.parametrize("queue", SOUND)
def test_options_are_taken_when_they_go_together(queue: dict[str, Any]) -> None:
    assert list(check_queue(("queues", "q"), queue, {})) == []


@pytest.mark.parametrize(
    ("defaults", "queue", "option"),
    [
        ({"order": "none"}, {"latest": {}}, "latest"),
        ({"order": "none"}, {"order": SORTED}, "order.sort"),
        ({"order": SORTED}, {"ttl": "1s"}, "ttl"),
        ({"ttl": "1s"}, {"order": SORTED}, "order.wait"),
        ({"order": SORTED}, {"latest": {}}, "latest"),
        ({"latest": {}}, {"order": SORTED}, "order.sort"),
        ({"overflow": {"policy": "reject"}}, {"overflow": {"timeout": 1}}, "overflow.timeout"),
    ],
)
def test_option_of_a_queue_is_refused_when_a_default_leaves_it_no_effect(
    defaults: dict[str, Any], queue: dict[str, Any], option: str
) -> None:
    (fault,) = check_queue(("queues", "q"), queue, defaults)
    assert fault.path == ("queues", "q", *option.split("."))


@pytest.mark.parametrize(
    ("defaults", "queue"),
    [
        ({"order": {**SORTED, "late": "dead"}}, {"order": "none"}),
        ({"order": {"on_retry": "pass"}}, {"order": "none"}),
        ({"latest": {}}, {"order": "total"}),
        ({"latest": {}}, {"order": SORTED, "latest": None}),
        ({"overflow": {"timeout": "1s"}}, {"overflow": {"policy": "reject"}}),
        ({"capacity": {"reserve": {}}}, {"overflow": {"policy": "drop_oldest"}}),
        ({"retry": {"on": ["OSError"]}}, {"sink": "out"}),
        ({"order": {"sort": "event.time"}}, {"order": {"wait": "1s"}}),
    ],
)
def test_default_gives_way_when_the_queue_leaves_it_no_effect(
    defaults: dict[str, Any], queue: dict[str, Any]
) -> None:
    assert list(check_queue(("queues", "q"), queue, defaults)) == []


def test_default_that_gave_way_does_not_reach_the_core() -> None:
    order = {"sort": "event.time", "wait": "1s"}
    app = vx.Pipeline("hunt", defaults={"queue": {"order": order, "retry": {"on": "OSError"}}})
    app.sink("out", "out.jsonl")
    app.queue("one", sink="out", order="none")
    app.queue("two", sink="out")
    one, two = compile_pipeline(app).plan.queues
    assert (one.order, one.sort_wait) == (_core.Order.NONE, 0)
    assert (two.order, two.sort_wait) == (_core.Order.KEY, 10**9)


def test_latest_of_the_defaults_does_not_reach_a_queue_without_keys() -> None:
    app = vx.Pipeline("hunt", defaults={"queue": {"latest": {"every": "2s"}}})
    app.sink("out", "out.jsonl")
    for order in ("none", "total", "key"):
        app.queue(order, sink="out", order=order)
    queues = {queue.name: queue.latest_every for queue in compile_pipeline(app).plan.queues}
    assert queues == {"none": -1, "total": -1, "key": 2 * 10**9}


def test_clash_is_told_with_the_pipeline_when_it_stands_in_code() -> None:
    app = vx.Pipeline("hunt")
    app.sink("out", "out.jsonl")
    app.queue("q", sink="out", order="none", latest={"by": "key"})
    with pytest.raises(vx.ConfigError, match=r"pipeline 'hunt': queues\.q\.latest: error\[option-"):
        app.to_model()


def test_what_nobody_said_does_not_clash() -> None:
    app = vx.Pipeline("hunt")
    app.sink("out", "out.jsonl")
    app.queue("q", sink="out", order="none", overflow={"policy": "reject"})
    model = app.to_model()
    assert vx.Pipeline.from_model(model).to_model() == model
