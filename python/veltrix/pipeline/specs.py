"""From a pipeline's functions to what the native core calls, each in the way of its pool."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from veltrix import _core
from veltrix.errors import ConfigError
from veltrix.pipeline.build import problems_of
from veltrix.pipeline.faults import Fault
from veltrix.pipeline.handlers import HandlerError
from veltrix.pipeline.hooks import with_middleware
from veltrix.pipeline.pools import on_loop, pool_of
from veltrix.pipeline.signature import shape_of
from veltrix.processes import ProcessHandler, process_handler

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from veltrix.pipeline.declare import Pipeline
    from veltrix.pipeline.model import PipelineModel
    from veltrix.pipeline.queue_model import QueueModel
    from veltrix.pipeline.registry import Registered


def compile_handlers(
    pipeline: Pipeline,
    model: PipelineModel,
    queues: Mapping[str, QueueModel],
    *,
    simulated: bool,
) -> tuple[dict[str, _core.HandlerSpec], list[ProcessHandler]]:
    """Says of every handler how it is called.

    Args:
        pipeline: The pipeline.
        model: The same as data.
        queues: Its queues as they run.
        simulated: Nothing runs in other processes.

    Returns:
        The handlers by queue, and those that have to be closed once the engine has stopped.

    Raises:
        ConfigError: A handler has the wrong signature, or its pool cannot run it; every problem at
            once.
    """
    specs, closing, faults = {}, [], []
    for queue, entry in pipeline.parts.handlers.by_queue.items():
        try:
            spec, process = _spec(pipeline, model, queues[queue], entry, simulated=simulated)
        except HandlerError as error:
            faults.append(Fault(("queues", queue, "handler"), error.code, str(error)))
            continue
        specs[queue] = spec
        if process is not None:
            closing.append(process)
    if faults:
        raise ConfigError(problems_of(pipeline.name, faults))
    return specs, closing


def _spec(
    pipeline: Pipeline,
    model: PipelineModel,
    queue: QueueModel,
    entry: Registered,
    *,
    simulated: bool,
) -> tuple[_core.HandlerSpec, ProcessHandler | None]:
    parts = pipeline.parts
    function: Callable[..., Any] = entry.function
    shape = shape_of(function, entry.name, batch=queue.batch is not None)
    pool = pool_of(queue, shape, entry.name)
    lifespan = None if shape.on_loop else parts.lifespan
    process = None
    if pool == "processes":
        kinds = [(cls, kind) for cls, (kind, _) in parts.types.encoders().items()]
        process = process_handler(
            function, entry.name, lifespan=lifespan, payload_types=kinds, logging=model.logging
        )
        if not simulated:
            function, lifespan = process, None
            shape = replace(shape, wants_context=True, argument="event")
    if parts.middleware:
        function, shape = with_middleware(function, shape, parts.middleware)
    spec = _core.HandlerSpec(
        on_loop(function),
        wants_context=shape.wants_context,
        argument=shape.argument,
        decoder=shape.decoder,
        lifespan=lifespan,
        name=entry.name,
        retry_on=tuple(each.cls for each in queue.retry.on or ()),
        dead_on=tuple(each.cls for each in queue.retry.dead_on),
        on_loop=shape.on_loop,
        threads=queue.concurrency if pool in ("threads", "processes") else 0,
    )
    return spec, None if simulated else process
