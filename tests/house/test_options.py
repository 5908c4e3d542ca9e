"""Options: the native structs are the source of truth, the pydantic models say the same."""

from __future__ import annotations

import typing
from typing import Any

import pytest
from pydantic import BaseModel

from house.native_options import Field, struct
from veltrix.pipeline.envelope_model import EnvelopeModel
from veltrix.pipeline.model import (
    DedupModel,
    DispatchModel,
    PipelineModel,
    RouteModel,
    SinkModel,
    SourceModel,
)
from veltrix.pipeline.queue_model import QueueModel
from veltrix.pipeline.retry_model import RetryModel
from veltrix.pipeline.schema import json_schema
from veltrix.pipeline.transform_model import TransformModel

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
    "by_reference": "payload: reference",
    "priority_expression": "priority: EXPRESSION",
    "housekeeping": "always on outside the core's own tests",
}


# Options whose native names are not those of their groups: capacity.events is capacity_events.
RENAMED = {
    "order_by": "order",
    "order_on_retry": "on_retry",
    "order_wait": "sort_wait",
    "order_late": "sort_late",
    "capacity_reserve_priority": "reserve_priority",
    "capacity_reserve_share": "reserve_share",
    "overflow_policy": "overflow",
    "dead_letters_drops": "bury_drops",
}

# Options of a group that is absent by default, which the native default says in their place.
ABSENT = {"latest_every": -1, "batch_max_events": 0}

# Options that are no native ones, and why.
PYTHON_ONLY = {
    "order_sort": "sort_wait says whether",
    "latest_by": "latest_every says whether",
    "payload": "by_reference says whether",
    "pool": "chosen by the handler's kind too: HandlerSpec",
    "on": "exceptions are compared in the bindings: HandlerSpec",
    "dead_on": "exceptions are compared in the bindings: HandlerSpec",
}


def _flat(model: type[BaseModel], prefix: str = "") -> dict[str, tuple[type[BaseModel], str]]:
    """The options of a model under their native names."""
    found: dict[str, tuple[type[BaseModel], str]] = {}
    for name, info in model.model_fields.items():
        inner = _group(info.annotation)
        if inner is not None and inner not in (RetryModel, TransformModel):
            found |= _flat(inner, f"{prefix}{name}_")
        elif prefix + name not in PYTHON_ONLY:
            found[RENAMED.get(prefix + name, prefix + name)] = (model, name)
    return found


def _group(annotation: Any) -> type[BaseModel] | None:
    """The group of options that may stand there."""
    kinds = typing.get_args(annotation) or (annotation,)
    models = (kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel))
    return next(models, None)


def _pipeline() -> dict[str, tuple[type[BaseModel], str]]:
    top = {"unmatched": (PipelineModel, "unmatched")}
    dispatch = {name: (DispatchModel, name) for name in DispatchModel.model_fields}
    return top | dispatch | _flat(DedupModel, "dedup_")


PAIRS = [
    ("QueueOptions", _flat(QueueModel)),
    ("RetryOptions", _flat(RetryModel)),
    ("TransformOptions", _flat(TransformModel)),
    ("RouteOptions", _flat(RouteModel)),
    ("EngineOptions", _pipeline()),
    ("EnvelopeOptions", _flat(EnvelopeModel)),
]


@pytest.mark.parametrize(("name", "options"), PAIRS, ids=[name for name, _ in PAIRS])
def test_model_has_the_options_of_its_struct(name: str, options: dict[str, Any]) -> None:
    native = set(struct(name)) - (set(ELSEWHERE) - set(options))
    assert native - set(options) == set(), "missing in the model"
    assert set(options) - native == set(), "missing in the native struct"


@pytest.mark.parametrize(("name", "options"), PAIRS, ids=[name for name, _ in PAIRS])
def test_model_has_the_defaults_of_its_struct(name: str, options: dict[str, Any]) -> None:
    for field in struct(name).values():
        if field.name in ABSENT:
            assert field.default == ABSENT[field.name]
        elif field.name in options:
            model, option = options[field.name]
            info = model.model_fields[option]
            if not info.is_required() and not isinstance(info.get_default(), BaseModel):
                assert _same(info.get_default(call_default_factory=True), field), field.name


def _same(default: object, field: Field) -> bool:
    if default is None:
        return field.default in NOTHING
    if field.default is None:
        return default in ([], {})  # a mapping is a list of pairs there
    return default == field.default


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
