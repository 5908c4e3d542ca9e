"""From a pipeline to what the native core runs: option structs, and how each handler is called.

The names of the native structs' fields are those of the models; where one group of options became
several fields (``capacity.events`` is ``capacity_events``) it is spelt out here and nowhere else.
Exceptions stay in Python: the handler's native half compares with their classes.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from veltrix import _core
from veltrix.pipeline.checks import UNMATCHED
from veltrix.pipeline.envelope_model import EnvelopeModel
from veltrix.pipeline.queue_model import with_defaults
from veltrix.pipeline.specs import compile_handlers
from veltrix.pipeline.transform_model import TransformModel
from veltrix.priorities import NONE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from veltrix.pipeline.declare import Pipeline
    from veltrix.pipeline.model import PipelineModel, RouteModel, SinkModel, SourceModel
    from veltrix.pipeline.queue_model import QueueModel
    from veltrix.processes import ProcessHandler

Enum = TypeVar("Enum", bound=enum.Enum)


@dataclass(frozen=True, slots=True)
class Compiled:
    """What an engine is made of."""

    model: PipelineModel
    plan: _core.PlanOptions
    handlers: dict[str, _core.HandlerSpec]
    payload_types: dict[type, tuple[str, Callable[[Any], bytes]]]
    async_lifespan: Callable[[Any], AsyncIterator[Any]] | None
    closing: tuple[ProcessHandler, ...]  # once the engine has stopped


def compile_pipeline(pipeline: Pipeline, *, simulated: bool = False) -> Compiled:
    """Makes the plan of a pipeline.

    Args:
        pipeline: The pipeline, from either spelling.
        simulated: For a simulation: nothing runs in other processes.

    Returns:
        The plan, the handlers by queue and the payload classes.

    Raises:
        ConfigError: Something does not fit together, or a handler has the wrong signature; every
            problem at once.

    Example:
        >>> import veltrix as vx
        >>> app = vx.Pipeline("hunt")
        >>> @app.handler("clue.found")
        ... def score(event): ...
        >>> compile_pipeline(app).plan.queues[0].name
        'score'
    """
    model = pipeline.to_model()
    queues = {
        name: with_defaults(queue, model.defaults.queue) for name, queue in model.queues.items()
    }
    handlers, closing = compile_handlers(pipeline, model, queues, simulated=simulated)
    plan = _core.PlanOptions()
    plan.engine = _engine(model)
    plan.queues = [_queue(name, queue) for name, queue in queues.items()]
    plan.routes = [_route(name, route) for name, route in model.routes.items()]
    plan.sources = [
        source_options(name, source, model.rejects_of(name))
        for name, source in model.sources.items()
    ]
    plan.sinks = [_sink(name, sink) for name, sink in model.sinks.items()]
    parts = pipeline.parts
    return Compiled(
        model, plan, handlers, parts.types.encoders(), parts.async_lifespan, tuple(closing)
    )


def _engine(model: PipelineModel) -> _core.EngineOptions:
    options = _core.EngineOptions()
    options.name = options.source = model.name
    options.policy = _of(_core.Policy, model.dispatch.policy)
    options.min_share = model.dispatch.min_share
    options.dedup_window = model.dedup.window
    options.dedup_events = model.dedup.events
    if model.unmatched in UNMATCHED:
        options.unmatched = _of(_core.Unmatched, model.unmatched)
    else:
        options.unmatched = _core.Unmatched.QUEUE
        options.unmatched_queue = model.unmatched
    return options


def _queue(name: str, queue: QueueModel) -> _core.QueueOptions:
    options = _core.QueueOptions()
    options.name = name
    options.handler = queue.handler or ""
    options.sink = queue.sink or ""
    options.transform = _transform(queue.transform or TransformModel())
    options.priority = queue.priority
    options.concurrency = queue.concurrency
    options.weight = queue.weight
    options.max_wait = queue.max_wait
    options.timeout = queue.timeout
    options.ttl = queue.ttl
    options.retry = _core.RetryOptions()
    options.retry.max_attempts = queue.retry.max_attempts
    options.retry.backoff = queue.retry.backoff
    options.retry.max_backoff = queue.retry.max_backoff
    options.retry.max_age = queue.retry.max_age
    options.by_reference = queue.payload == "reference"
    options.bury_drops = queue.dead_letters.drops
    _set_order(options, queue)
    _set_bounds(options, queue)
    if queue.batch:
        options.batch_max_events = queue.batch.max_events
        options.batch_linger = queue.batch.linger
    if queue.dedup:
        options.dedup_by = list(queue.dedup.by)
        options.dedup_window = queue.dedup.window
        options.dedup_events = queue.dedup.events
    return options


def _transform(transform: TransformModel) -> _core.TransformOptions:
    options = _core.TransformOptions()
    options.type = transform.type or ""
    options.set = [_core.TransformSet(path, value) for path, value in transform.set.items()]
    options.drop = list(transform.drop)
    options.key = transform.key or ""
    options.publish = transform.publish
    return options


def _set_order(options: _core.QueueOptions, queue: QueueModel) -> None:
    order, keyed = queue.order, queue.order.by == "key"  # defaults may say what only keys have
    options.order = _of(_core.Order, order.by)
    options.on_retry = _of(_core.OnRetry, order.on_retry)
    if keyed and order.sort and order.wait:
        options.sort_wait = order.wait
        options.sort_late = _of(_core.Late, order.late)
    if keyed and queue.latest:
        options.latest_every = queue.latest.every


def _set_bounds(options: _core.QueueOptions, queue: QueueModel) -> None:
    options.capacity_events = queue.capacity.events
    options.capacity_bytes = queue.capacity.bytes
    options.capacity_per_key = queue.capacity.per_key or 0
    if queue.capacity.reserve:
        options.reserve_priority = queue.capacity.reserve.priority
        options.reserve_share = queue.capacity.reserve.share
    options.overflow = _of(_core.Overflow, queue.overflow.policy)
    options.overflow_timeout = queue.overflow.timeout


def _of(kind: type[Enum], word: str) -> Enum:
    return kind[word.upper()]


def _route(name: str, route: RouteModel) -> _core.RouteOptions:
    options = _core.RouteOptions()
    options.name = name
    options.type = list(route.type)
    options.unless = list(route.unless)
    options.where = route.where or ""
    options.key = route.key or ""
    options.priority = route.priority if isinstance(route.priority, int) else NONE
    options.priority_expression = route.priority if isinstance(route.priority, str) else ""
    options.to = route.to
    return options


def source_options(name: str, source: SourceModel, rejects: str = "") -> _core.SourceOptions:
    """Says how a source reads.

    Args:
        name: The source's name.
        source: The source.
        rejects: The file for its rejects; empty: none.

    Returns:
        The native options.
    """
    options = _core.SourceOptions()
    options.name = name
    options.connector = source.connector
    options.path = list(source.path)
    options.priority = NONE if source.priority is None else source.priority
    options.parallel = source.parallel or 0
    options.rejects = rejects
    options.where = source.where or ""
    options.pattern = source.pattern or ""
    envelope = _core.EnvelopeOptions()
    for part in EnvelopeModel.model_fields if source.envelope else ():
        setattr(envelope, part, getattr(source.envelope, part) or "")
    options.envelope = envelope
    return options


def _sink(name: str, sink: SinkModel) -> _core.SinkOptions:
    options = _core.SinkOptions()
    options.name = name
    options.connector = sink.connector
    options.path = sink.path
    return options
