"""Options: the native structs are the source of truth, the pydantic models say the same."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from house.native_options import Field, struct
from veltrix.pipeline.model import (
    DedupModel,
    DispatchModel,
    PipelineModel,
    RouteModel,
    SinkModel,
    SourceModel,
)
from veltrix.pipeline.queue_model import QueueModel, RetryModel
from veltrix.pipeline.schema import json_schema

# What a model says of `None` is what the native struct calls "nothing".
NOTHING: tuple[object, ...] = (None, "", 0, 255)

# Native options that are no line of a pipeline file, and where they come from instead.
ELSEWHERE = {
    "name": "the entry's name",
    "source": "the pipeline's name",
    "unmatched_queue": "unmatched: NAME",
    "native_executors": "an argument of Engine",
    "python_executors": "an argument of Engine",
    "dead_letter_events": "an argument of Engine",
    "housekeeping": "always on outside the core's own tests",
}


def _flat(model: type[BaseModel], prefix: str = "") -> dict[str, tuple[type[BaseModel], str]]:
    """The options of a model under their native names: capacity.events is capacity_events."""
    found: dict[str, tuple[type[BaseModel], str]] = {}
    for name, info in model.model_fields.items():
        inner = info.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel) and inner is not RetryModel:
            found |= _flat(inner, f"{name}_")
        else:
            native = prefix.rstrip("_") if prefix and name == "policy" else prefix + name
            found[native] = (model, name)
    return found


def _pipeline() -> dict[str, tuple[type[BaseModel], str]]:
    top = {"unmatched": (PipelineModel, "unmatched")}
    dispatch = {name: (DispatchModel, name) for name in DispatchModel.model_fields}
    return top | dispatch | _flat(DedupModel, "dedup_")


PAIRS = [
    ("QueueOptions", _flat(QueueModel)),
    ("RetryOptions", _flat(RetryModel)),
    ("RouteOptions", _flat(RouteModel)),
    ("EngineOptions", _pipeline()),
]


@pytest.mark.parametrize(("name", "options"), PAIRS, ids=[name for name, _ in PAIRS])
def test_model_has_the_options_of_its_struct(name: str, options: dict[str, Any]) -> None:
    native = set(struct(name)) - set(ELSEWHERE)
    assert native - set(options) == set(), "missing in the model"
    assert set(options) - native == set(), "missing in the native struct"


@pytest.mark.parametrize(("name", "options"), PAIRS, ids=[name for name, _ in PAIRS])
def test_model_has_the_defaults_of_its_struct(name: str, options: dict[str, Any]) -> None:
    for field in struct(name).values():
        if field.name in options:
            model, option = options[field.name]
            info = model.model_fields[option]
            if not info.is_required() and not isinstance(info.get_default(), BaseModel):
                assert _same(info.get_default(call_default_factory=True), field), field.name


def _same(default: object, field: Field) -> bool:
    if default is None:
        return field.default in NOTHING
    return default == (field.default if field.default is not None else [])


@pytest.mark.parametrize(("name", "options"), PAIRS, ids=[name for name, _ in PAIRS])
def test_model_has_the_ranges_of_its_struct(name: str, options: dict[str, Any]) -> None:
    schema = json_schema()
    models = {"PipelineModel": schema} | schema["$defs"]
    for field in struct(name).values():
        if field.range and field.name in options:
            model, option = options[field.name]
            shown = models[model.__name__]["properties"][option]
            if "maximum" in shown:  # scalars of our own check their range themselves
                assert (shown["minimum"], shown["maximum"]) == field.range, field.name


@pytest.mark.parametrize("model", [SourceModel, SinkModel])
def test_connector_is_an_option_of_both_ends(model: type[BaseModel]) -> None:
    assert model.model_fields["connector"].get_default() == "jsonl"
