"""The ``transform`` of a queue: how it arrives, and what is said where it is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import veltrix as vx
from veltrix.errors import ConfigError
from veltrix.pipeline.compile import compile_pipeline
from veltrix.pipeline.loader import load_text
from veltrix.pipeline.writer import to_yaml

FILE = """\
veltrix: 1
name: shop
routes: {all: {type: order, to: clean}}
queues:
  clean:
    TRANSFORM
sinks: {out: {path: out.jsonl}}
"""
FULL: dict[str, Any] = {
    "type": "'order.' + data.kind",
    "set": {"amount": "data.amount * 2", "data.customer.name": "data.customer"},
    "drop": ["data.secret", "internal"],
    "key": "data.customer",
    "publish": True,
}


def loaded(transform: str) -> vx.Pipeline:
    text = FILE.replace("TRANSFORM", transform)
    return vx.Pipeline.from_loaded(load_text("shop.yaml", text.encode(), Path()))


def test_every_option_arrives() -> None:
    app = vx.Pipeline("shop")
    app.route("all", type="order", to="clean")
    app.queue("clean", transform=FULL)
    (queue,) = compile_pipeline(app).plan.queues
    made = queue.transform
    assert (made.type, made.key, made.publish) == (FULL["type"], FULL["key"], True)
    assert {each.path: each.value for each in made.set} == FULL["set"]
    assert made.drop == FULL["drop"]


def test_file_says_the_same_when_written_and_read() -> None:
    app = vx.Pipeline("shop")
    app.route("all", type="order", to="clean")
    app.queue("clean", transform=FULL)
    model = app.to_model()
    assert load_text("a.yaml", to_yaml(model).encode(), Path()).model == model


def test_transform_may_stand_beside_a_sink() -> None:
    (queue,) = compile_pipeline(loaded("{transform: {drop: a}, sink: out}")).plan.queues
    assert (queue.sink, queue.transform.drop, queue.transform.publish) == ("out", ["a"], False)


BAD = [
    ("transform: 5", "6:16", "invalid-value", "must be a group of options"),
    (
        "{sink: out, transform: {type: event.type, drp: a}}",
        "6:47",
        "unknown-field",
        "not a transform option; did you mean 'drop'",
    ),
    (
        "{sink: out, transform: {drop: a, publish: 1}}",
        "6:47",
        "invalid-value",
        "must be true or false",
    ),
    ("transform: {publish: true}", "6:5", "transform-empty", "changes nothing; add type, set"),
    ("transform: {drop: a}", "6:5", "transform-target", "add 'publish: true' or a 'sink'"),
    ("{sink: out, transform: {drop: a, publish: true}}", "6:6", "transform-target", "keep one"),
    ("{handler: 'json:dumps', transform: {drop: a}}", "6:29", "handler-and-transform", "keep one"),
    ("{transform: {drop: a}, sink: none}", "6:34", "unknown-sink", "which is no sink"),
    ("transform: {type: 'data.x +', publish: true}", "6:32", "unexpected-end", ""),
    ("transform: {key: lenth(data.x), publish: true}", "6:22", "unknown-function", "lenth"),
    ("transform: {set: {a.b: date.y}, publish: true}", "6:28", "unknown-variable", "date"),
    ("transform: {set: {a: 5}, publish: true}", "6:26", "invalid-value", "'a' must be text, not 5"),
    ("transform: {set: {a..b: '1'}, publish: true}", "6:23", "invalid-value", "is no path in data"),
    ("transform: {set: {a: '1', data.a: '2'}, publish: true}", "6:16", "invalid-value", "two"),
    ("transform: {set: {a: '1', a.b: '2'}, publish: true}", "6:16", "invalid-value", "inside 'a'"),
    ("transform: {drop: data., publish: true}", "6:23", "invalid-value", "is no path in data"),
    (
        "{transform: {drop: a, publish: true}, payload: reference}",
        "6:43",
        "option-clash",
        "a transform changes JSON",
    ),
    (
        "{transform: {drop: a, publish: true}, retry: {on: OSError}}",
        "6:51",
        "option-clash",
        "a transform has none",
    ),
]


@pytest.mark.parametrize(("text", "place", "code", "said"), BAD, ids=[row[0] for row in BAD])
def test_fault_is_told_at_its_place(text: str, place: str, code: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(text)
    found = [p for p in caught.value.problems if p.severity == "error"]
    assert [(str(p.place), p.code) for p in found] == [(f"shop.yaml:{place}", code)]
    assert said in found[0].message


def test_mixed_arithmetic_is_a_warning() -> None:
    text = FILE.replace("TRANSFORM", "transform: {set: {a: data.x * 1.5 + 1}, publish: true}")
    (warning,) = load_text("shop.yaml", text.encode(), Path()).warnings
    assert warning.code == "mixed-arithmetic"
