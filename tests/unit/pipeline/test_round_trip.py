"""One model, two spellings: what either says comes back the same through the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import veltrix as vx
from veltrix.durations import MAX_NS, format_duration
from veltrix.pipeline.loader import load_text
from veltrix.pipeline.model import PipelineModel
from veltrix.pipeline.writer import to_yaml
from veltrix.sizes import format_size

names = st.from_regex(r"[A-Za-z0-9_.-]{1,12}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
    lambda text: not text.endswith(".gz")
)
some_durations = st.integers(1, 366 * 86_400 * 10**9).map(format_duration)
durations = st.one_of(st.just("0s"), some_durations)
priorities = st.one_of(st.integers(0, 9), st.sampled_from(["urgent", "high", "bulk"]))
patterns = st.sampled_from(["**", "a", "a.*", "**.b", "clue.found", "1", "1.5", "true"])
keys = st.sampled_from(["data.team", "event.subject", 'data.a + ": #" + string(data.b)'])
conditions = st.sampled_from(["data.x > 1", "has(data.x) || data.y == 'é'", '"a" in data.tags'])
computed = st.one_of(priorities, st.sampled_from(["data.x > 1 ? 9 : 2", "int(data.p)"]))


def some(**options: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=options)


def merged(*groups: dict[str, Any]) -> dict[str, Any]:
    return {name: value for group in groups for name, value in group.items()}


exceptions = st.lists(
    st.sampled_from(["OSError", "json.JSONDecodeError", "subprocess.TimeoutExpired"]), min_size=1
)
on_retry = st.sampled_from(["hold", "pass"])
orders = st.one_of(
    st.sampled_from(["key", "none", "total"]),
    some(by=st.sampled_from(["key", "total"]), on_retry=on_retry),
    st.fixed_dictionaries(
        {"sort": st.just("event.time"), "wait": st.just("500ms")},
        optional={"late": st.sampled_from(["deliver", "dead", "drop"]), "on_retry": on_retry},
    ),
)
reserves = st.fixed_dictionaries(
    {"priority": st.sampled_from([1, 9, "high"]), "share": st.sampled_from(["0%", "20%", 0.9])}
)
capacities = some(
    events=st.integers(1, 16_000_000),
    bytes=st.integers(256, 1 << 39).map(format_size),
    per_key=st.integers(1, 1000),
)
bounds = st.one_of(
    some(capacity=capacities, overflow=some(policy=st.just("block"), timeout=durations)),
    some(
        capacity=st.builds(merged, capacities, some(reserve=reserves)),
        overflow=some(policy=st.sampled_from(["block", "reject", "drop_newest"])),
    ),
    st.fixed_dictionaries(
        {"overflow": some(policy=st.sampled_from(["drop_oldest", "drop_lowest"]))},
        optional={"capacity": capacities},
    ),
)
lines = st.one_of(
    st.fixed_dictionaries({"order": orders}),
    st.fixed_dictionaries({"latest": some(by=st.just("key"), every=durations)}),
)
plain_settings = some(
    dedup=st.fixed_dictionaries(
        {"by": st.lists(keys, min_size=1, max_size=3), "window": some_durations},
        optional={"events": st.integers(1, 10**8)},
    ),
    concurrency=st.integers(1, 1024),
    weight=st.integers(1, 1000),
    max_wait=some_durations,
    timeout=durations,
    ttl=st.just("1m"),
    retry=some(max_attempts=st.integers(1, 1000), backoff=some_durations, max_age=durations),
    dead_letters=some(drops=st.booleans()),
)
batches = some(max_events=st.integers(1, 10_000), linger=st.just("0s"))
rules = st.fixed_dictionaries({"retry": some(on=exceptions, dead_on=st.just(["KeyError"]))})
queue_settings = st.builds(merged, plain_settings, lines, bounds)


@st.composite
def pipelines(draw: st.DrawFn) -> dict[str, Any]:
    """Data of a sound pipeline, as a file would say it."""
    queues = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    routes = draw(st.lists(names, min_size=len(queues), max_size=4, unique=True))
    route_options = some(key=keys, priority=computed, unless=st.just(routes[:1]), where=conditions)
    data: dict[str, Any] = {"veltrix": 1, "name": draw(names)}
    data["sinks"] = {"out": {"path": draw(texts)}}
    data["queues"] = {
        name: {
            **draw(queue_settings),
            **draw(some(priority=priorities, batch=batches)),
            "sink": "out",
        }
        for name in queues
    }
    data["routes"] = {
        name: {
            **({} if name == routes[0] else draw(route_options)),
            "type": draw(st.lists(patterns, min_size=1, max_size=2)),
            "to": draw(st.sampled_from(queues)),
        }
        for name in routes
    }
    source = st.fixed_dictionaries(
        {"path": st.lists(texts, min_size=1)}, optional={"priority": priorities, "rejects": texts}
    )
    head = some(
        defaults=some(queue=st.one_of(plain_settings, rules)),  # that no queue contradicts
        dispatch=some(policy=st.sampled_from(["classes", "strict"]), min_share=st.just("2.5%")),
        dedup=some(window=durations, events=st.integers(1, 10**8)),
        unmatched=st.sampled_from(["dead", "drop", "reject", queues[0]]),
        shutdown=some(grace=durations),
        sources=st.dictionaries(names, source, min_size=1, max_size=2),
    )
    return {**data, **draw(head)}


def declared(model: PipelineModel) -> vx.Pipeline:
    """The same pipeline, said with declarations instead of a file."""
    said = model.model_dump(mode="json", exclude_unset=True)
    parts = ("dispatch", "dedup", "unmatched", "shutdown", "defaults")
    app = vx.Pipeline(model.name, **{part: said[part] for part in parts if part in said})
    for name, source in said.get("sources", {}).items():
        app.source(name, **source)
    for name, route in said["routes"].items():
        app.route(name, **route)
    for name, queue in said["queues"].items():
        app.queue(name, **queue)
    for name, sink in said["sinks"].items():
        app.sink(name, **sink)
    return app


@pytest.mark.slow
@settings(deadline=None, max_examples=50)
@given(pipelines())
def test_file_says_the_same_when_written_and_read(data: dict[str, Any]) -> None:
    model = PipelineModel.model_validate(data)
    assert load_text("a.yaml", to_yaml(model).encode(), Path()).model == model


@pytest.mark.slow
@settings(deadline=None, max_examples=50)
@given(pipelines())
def test_declarations_say_the_same_as_a_file(data: dict[str, Any]) -> None:
    model = PipelineModel.model_validate(data)
    app = declared(model)
    assert app.to_model() == model
    assert load_text("a.yaml", app.to_yaml().encode(), Path()).model == model


def test_handlers_are_found_again_when_written_and_read(tmp_path: Path) -> None:
    (tmp_path / "vx_round.py").write_text(
        "import veltrix as vx\n"
        "app = vx.Pipeline('hunt')\n"
        "@app.handler('clue.*', concurrency=2, retry={'backoff': '1s'})\n"
        "def score(event): ...\n"
    )
    file = tmp_path / "hunt.yaml"
    file.write_text(
        "{veltrix: 1, name: hunt, routes: {score: {type: clue.*, to: score}},"
        " queues: {score: {handler: vx_round:score, concurrency: 2, retry: {backoff: 1s}}}}"
    )
    from_file = vx.Pipeline.from_yaml(file)
    app = from_file.parts.handlers.by_queue["score"].function.__globals__["app"]
    assert app.to_model() == from_file.to_model()
    file.write_text(app.to_yaml())
    assert vx.Pipeline.from_yaml(file).to_model() == app.to_model()


def test_batch_is_the_same_in_a_file_a_mapping_and_the_class() -> None:
    app = vx.Pipeline("hunt")
    app.sink("out", "-")
    app.queue("a", sink="out", batch=vx.Batch(max_events=500, linger="200ms"))
    app.queue("b", sink="out", batch={"max_events": 500, "linger": 0.2})
    app.queue("c", sink="out", batch=vx.Batch())
    queues = app.to_model().queues
    assert queues["a"].batch == queues["b"].batch
    assert "batch:\n      max_events: 500\n      linger: 200ms\n" in app.to_yaml()
    again = load_text("a.yaml", app.to_yaml().encode(), Path()).model
    assert again == app.to_model()
    assert again.queues["c"].batch is not None
    assert again.queues["c"].batch.max_events == 100


def test_to_yaml_refuses_when_no_file_could_name_the_handler() -> None:
    app = vx.Pipeline("hunt")

    @app.handler("a")
    def inner(event: vx.Event) -> None: ...

    with pytest.raises(vx.ConfigError, match="out of a file's reach"):
        app.to_yaml()


@settings(deadline=None)
@given(st.integers(0, MAX_NS))
def test_model_takes_its_own_durations_for_nanoseconds(nanoseconds: int) -> None:
    text = format_duration(min(nanoseconds, 366 * 86_400 * 10**9))
    model = PipelineModel.model_validate({"veltrix": 1, "name": "x", "dedup": {"window": text}})
    assert PipelineModel.model_validate(model.model_dump()) == model
