"""More places: other kinds of handler, and what runs around handlers. See places.py."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any

import veltrix as vx
from system.scripts.calls import World
from system.scripts.places import LONG, place, places, run_handler

__all__ = ["places"]


@place
def coroutine_handler(world: World) -> None:
    async def here(event: vx.Event) -> None:
        world.call()

    run_handler(world, here)


@place
def end_of_an_async_lifespan(world: World) -> None:
    async def resources(state: Any) -> AsyncIterator[None]:
        yield
        world.call()

    async def here(event: vx.Event) -> None: ...

    world.app.lifespan(resources)
    run_handler(world, here)
    world.engine.stop()


@place
def batch_handler(world: World) -> None:
    def here(events: list[vx.Event]) -> None:
        world.call()

    run_handler(world, here, batch=vx.Batch(max_events=2))


@place
def handler_on_threads(world: World) -> None:
    def here(event: vx.Event) -> None:
        world.call()

    run_handler(world, here, pool="threads")


@place
def hook_of_middleware(world: World) -> None:
    class Hook(vx.Middleware):
        def before(self, event: Any, ctx: vx.Context) -> None:
            if ctx.queue == "here":
                world.call()

    world.app.middleware(Hook())
    run_handler(world, lambda event: None)


@place
def log_handler(world: World) -> None:
    """Dead letters are logged by a thread of the engine."""

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if getattr(record, "queue", None) == "here":
                world.call()

    handler = Handler()
    logging.getLogger("veltrix").addHandler(handler)
    try:
        run_handler(world, lambda event: vx.DeadLetter("told"))
        world.engine.stop(LONG)
    finally:
        logging.getLogger("veltrix").removeHandler(handler)
