"""From a pipeline to what the native core runs: option structs, and how each handler is called.

The names of the native structs' fields are those of the models; where one group of options became
several fields (``capacity.events`` is ``capacity_events``) it is spelt out here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from veltrix import _core
from veltrix.errors import ConfigError, NotAvailableError
from veltrix.pipeline.build import problems_of
from veltrix.pipeline.checks import UNMATCHED
from veltrix.pipeline.faults import Fault
from veltrix.pipeline.handlers import HandlerError
from veltrix.pipeline.queue_model import with_defaults
from veltrix.pipeline.signature import shape_of
from veltrix.priorities import NONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from veltrix.pipeline.declare import Pipeline
    from veltrix.pipeline.model import PipelineModel, RouteModel, SinkModel, SourceModel
    from veltrix.pipeline.queue_model import QueueModel

_ORDER = {"key": _core.Order.KEY, "none": _core.Order.NONE, "total": _core.Order.TOTAL}
_OVERFLOW = {"block": _core.Overflow.BLOCK, "reject": _core.Overflow.REJECT}
_POLICY = {"classes": _core.Policy.CLASSES, "strict": _core.Policy.STRICT}


@dataclass(frozen=True, slots=True)
class Compiled:
    """What an engine is made of."""

    model: PipelineModel
    plan: _core.PlanOptions
    handlers: dict[str, _core.HandlerSpec]
    payload_types: dict[type, tuple[str, Callable[[Any], bytes]]]


def compile_pipeline(pipeline: Pipeline) -> Compiled:
    """Makes the plan of a pipeline.

    Args:
        pipeline: The pipeline, from either spelling.

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
    handlers = _handlers(pipeline)
    plan = _core.PlanOptions()
    plan.engine = _engine(model)
    plan.queues = [
        _queue(name, with_defaults(queue, model.defaults.queue))
        for name, queue in model.queues.items()
    ]
    plan.routes = [_route(name, route) for name, route in model.routes.items()]
    plan.sources = [
        _source(name, source, model.rejects_of(name)) for name, source in model.sources.items()
    ]
    plan.sinks = [_sink(name, sink) for name, sink in model.sinks.items()]
    return Compiled(model, plan, handlers, pipeline.parts.types.encoders())


def _handlers(pipeline: Pipeline) -> dict[str, _core.HandlerSpec]:
    specs, faults = {}, []
    for queue, entry in pipeline.parts.handlers.by_queue.items():
        path = ("queues", queue, "handler")
        try:
            shape = shape_of(entry.function, entry.name)
        except HandlerError as error:
            faults.append(Fault(path, error.code, str(error)))
            continue
        except NotAvailableError as error:
            faults.append(Fault(path, "not-available-yet", str(error)))
            continue
        specs[queue] = _core.HandlerSpec(
            entry.function,
            wants_context=shape.wants_context,
            argument=shape.argument,
            decoder=shape.decoder,
            lifespan=pipeline.parts.lifespan,
            name=entry.name,
        )
    if faults:
        raise ConfigError(problems_of(pipeline.name, faults))
    return specs


def _engine(model: PipelineModel) -> _core.EngineOptions:
    options = _core.EngineOptions()
    options.name = options.source = model.name
    options.policy = _POLICY[model.dispatch.policy]
    options.min_share = model.dispatch.min_share
    options.dedup_window = model.dedup.window
    options.dedup_events = model.dedup.events
    if model.unmatched in UNMATCHED:
        options.unmatched = getattr(_core.Unmatched, model.unmatched.upper())
    else:
        options.unmatched = _core.Unmatched.QUEUE
        options.unmatched_queue = model.unmatched
    return options


def _queue(name: str, queue: QueueModel) -> _core.QueueOptions:
    options = _core.QueueOptions()
    options.name = name
    options.handler = queue.handler or ""
    options.sink = queue.sink or ""
    options.priority = queue.priority
    options.order = _ORDER[queue.order]
    options.concurrency = queue.concurrency
    options.weight = queue.weight
    options.max_wait = queue.max_wait
    options.retry = _core.RetryOptions()
    options.retry.max_attempts = queue.retry.max_attempts
    options.retry.backoff = queue.retry.backoff
    options.retry.max_backoff = queue.retry.max_backoff
    options.capacity_events = queue.capacity.events
    options.capacity_bytes = queue.capacity.bytes
    options.capacity_per_key = queue.capacity.per_key or 0
    options.overflow = _OVERFLOW[queue.overflow.policy]
    options.overflow_timeout = queue.overflow.timeout
    return options


def _route(name: str, route: RouteModel) -> _core.RouteOptions:
    options = _core.RouteOptions()
    options.name = name
    options.type = list(route.type)
    options.unless = list(route.unless)
    options.key = route.key or ""
    options.priority = NONE if route.priority is None else route.priority
    options.to = route.to
    return options


def _source(name: str, source: SourceModel, rejects: str) -> _core.SourceOptions:
    options = _core.SourceOptions()
    options.name = name
    options.connector = source.connector
    options.path = list(source.path)
    options.priority = NONE if source.priority is None else source.priority
    options.rejects = rejects
    return options


def _sink(name: str, sink: SinkModel) -> _core.SinkOptions:
    options = _core.SinkOptions()
    options.name = name
    options.connector = sink.connector
    options.path = sink.path
    return options
