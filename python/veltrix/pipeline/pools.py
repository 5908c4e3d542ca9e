"""Which pool runs a handler, and the function that it runs there."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from veltrix.pipeline.handlers import HandlerError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from veltrix.pipeline.queue_model import QueueModel
    from veltrix.pipeline.signature import Shape

FOLLOW_UPS = 65  # one more than an attempt may emit: enough to be refused


def pool_of(queue: QueueModel, shape: Shape, name: str) -> str:
    """Names the pool of a queue.

    Args:
        queue: The queue as it runs.
        shape: How its handler is called.
        name: What messages call the handler.

    Returns:
        ``shared``, ``threads``, ``processes`` or ``asyncio``.

    Raises:
        HandlerError: ``handler-pool``: the pool cannot run such a function.
    """
    if shape.on_loop and queue.batch is not None:
        message = f"handler {name!r} is 'async def'; batches go to plain functions"
        raise HandlerError("handler-pool", message)
    if queue.pool is None:
        return "asyncio" if shape.on_loop else "shared"
    if shape.on_loop and queue.pool != "asyncio":
        message = f"handler {name!r} is 'async def'; an event loop runs it: pool 'asyncio'"
        raise HandlerError("handler-pool", message)
    if not shape.on_loop and queue.pool == "asyncio":
        message = f"handler {name!r} is not 'async def'; pool 'threads' or 'shared' runs it"
        raise HandlerError("handler-pool", message)
    if queue.pool == "processes" and queue.batch is not None:
        message = f"handler {name!r} takes batches; worker processes run single events"
        raise HandlerError("handler-pool", message)
    return queue.pool


def on_loop(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """Gives the coroutine function that an event loop runs.

    Args:
        function: A coroutine function, or an async generator function: what that yields is
            gathered and emitted when it has ended.

    Returns:
        A coroutine function.
    """
    if not inspect.isasyncgenfunction(function):
        return function
    return _gathering(function)


def _gathering(
    function: Callable[..., AsyncIterator[Any]],
) -> Callable[..., Awaitable[Iterator[Any]]]:
    async def gather(*arguments: Any) -> Iterator[Any]:
        events: list[Any] = []
        async for event in function(*arguments):
            events.append(event)
            if len(events) == FOLLOW_UPS:
                break
        return (event for event in events)

    return gather
