"""Event loops that run ``async def`` handlers: the engine's own, the caller's, a simulation's.

The native pool hands out *runs*: awaitables that start the coroutine of one event after the other
and wait for the one that has to wait. Here each run gets a task, and the loop is told when the pool
has something (a file descriptor that any thread can write to without the GIL).
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
import selectors
import threading
from concurrent.futures import Future
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from veltrix.lifespans import LEFT_BADLY
from veltrix.logs.attempt import task_of_attempt

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from veltrix import _core

LOGGER = logging.getLogger("veltrix.loops")


class LoopRunner:
    """Runs an engine's ``async def`` handlers on one event loop.

    Args:
        pool: The native half.
        lifespan: An async generator function that opens and closes what the handlers share.
    """

    def __init__(
        self, pool: _core.LoopPool, lifespan: Callable[[Any], AsyncIterator[Any]] | None
    ) -> None:
        self._pool = pool
        self._lifespan = lifespan
        self._tasks: dict[asyncio.Task[None], _core.LoopRun] = {}
        self._opened: contextlib.AbstractAsyncContextManager[Any] | None = None
        self._due = False
        self._context = contextvars.copy_context()
        self.loop: asyncio.AbstractEventLoop | None = None
        self._ended = asyncio.Event()
        self._closing: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Enters the lifespan and begins to run handlers on the running loop.

        Raises:
            Exception: Whatever the lifespan raises.
        """
        self.loop = asyncio.get_running_loop()
        if self._lifespan is not None:
            self._opened, state = await enter(self._lifespan)
            self._pool.set_resources(state)
        if self.loop.get_task_factory() is None:
            self.loop.set_task_factory(task_of_attempt)
        self._pool.lend(self.loop)
        self.loop.add_reader(self._pool.fileno(), self._look)
        self._look_soon()
        self._closing = self.loop.create_task(self._close_at_end(), name="veltrix-loop")

    def is_here(self) -> bool:
        """Whether its loop runs on this thread, now."""
        return self.loop is not None and asyncio._get_running_loop() is self.loop  # noqa: SLF001

    def is_closing(self) -> bool:
        """Whether this is the task that leaves the lifespan."""
        return self.is_here() and asyncio.current_task() is self._closing

    def is_closed(self) -> bool:
        """Whether its loop was closed."""
        return self.loop is not None and self.loop.is_closed()

    def _look_soon(self) -> None:
        if not self._due and self.loop is not None:
            self._due = True
            self.loop.call_soon(self._look, context=self._context)

    def _look(self) -> None:
        """Starts a run if something is ready; else the pool wakes the loop when it is."""
        self._due = False
        if self._pool.take_fenced():
            for task, run in self._tasks.items():
                if run.fenced:
                    task.cancel("the attempt took longer than its queue's timeout")
        found = self._pool.begin(self._look_soon)
        if found is not None:
            self._start(found)
        elif self._pool.stopping():
            self._stop()
        elif not self._pool.rest():
            self._look_soon()

    def _start(self, run: _core.LoopRun) -> None:
        assert self.loop is not None
        # Not in the context of whoever asked to look: that may be an event's own.
        context = self._context.copy()
        task = self.loop.create_task(_drive(run), name="veltrix-handler", context=context)
        self._tasks[task] = run
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        run = self._tasks.pop(task)
        run.close()
        if not task.cancelled() and task.exception() is not None:
            LOGGER.error("a run of handlers failed", exc_info=task.exception())
        self._look_soon()

    def _stop(self) -> None:
        for task in self._tasks:
            task.cancel("the engine stops")
        if not self._tasks:
            self._ended.set()

    async def wait_closed(self) -> None:
        """Waits until the engine has stopped and the lifespan is left."""
        if self._closing is not None:
            await self._closing

    async def _close_at_end(self) -> None:
        assert self.loop is not None
        await self._ended.wait()
        self.loop.remove_reader(self._pool.fileno())
        try:
            if self._opened is not None:
                await self._opened.__aexit__(None, None, None)
        except Exception:
            LOGGER.exception(LEFT_BADLY)
        finally:
            if self.loop.get_task_factory() is task_of_attempt:
                self.loop.set_task_factory(None)
            self._pool.finish()

    def abandon(self) -> None:
        """Gives up on a loop that was closed: what its handlers were at counts as failed."""
        for run in self._tasks.values():
            run.close()
        self._tasks.clear()
        self._pool.finish()


async def enter(
    lifespan: Callable[[Any], AsyncIterator[Any]],
) -> tuple[contextlib.AbstractAsyncContextManager[Any], SimpleNamespace]:
    """Enters an async lifespan.

    Args:
        lifespan: The generator function.

    Returns:
        What has to be left again, and the state that handlers share.

    Raises:
        Exception: Whatever the lifespan raises.
    """
    state = SimpleNamespace()
    opened = contextlib.asynccontextmanager(lifespan)(state)
    await opened.__aenter__()
    return opened, state


async def _drive(run: _core.LoopRun) -> None:
    await run


class LoopHost:
    """Runs the engine's own event loop, on a thread of the engine's.

    Args:
        lifespan: As for ``LoopRunner``.
    """

    def __init__(self, lifespan: Callable[[Any], AsyncIterator[Any]] | None) -> None:
        self._lifespan = lifespan
        self._loop: asyncio.AbstractEventLoop | None = None
        self.opened: Future[None] = Future()

    def is_here(self) -> bool:
        """Whether its loop runs on this thread, now."""
        return self._loop is not None and asyncio._get_running_loop() is self._loop  # noqa: SLF001

    def __call__(self, pool: _core.LoopPool) -> None:
        """Returns when the engine stops."""
        try:
            loop = self._loop = asyncio.SelectorEventLoop(_Selector(pool))
        except BaseException as error:  # noqa: BLE001 - no descriptor is left; start() raises it
            self.opened.set_exception(error)
            return
        try:
            asyncio.set_event_loop(loop)
            loop.run_until_complete(self._serve(pool))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    async def _serve(self, pool: _core.LoopPool) -> None:
        runner = LoopRunner(pool, self._lifespan)
        try:
            await runner.open()
        except BaseException as error:  # noqa: BLE001 - start() raises it
            self.opened.set_exception(error)
            return
        self.opened.set_result(None)
        await runner.wait_closed()


class _Selector(selectors.EpollSelector):
    """Waits without the GIL, and takes it back in the order of the engine's arbiter."""

    def __init__(self, pool: _core.LoopPool) -> None:
        super().__init__()
        self._pool = pool

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._pool.wait(self.fileno(), -1.0 if timeout is None else max(timeout, 0.0))
        return super().select(0)


class _JumpingSelector(selectors.EpollSelector):
    """Never waits: where nothing is ready, it is later at once."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            ready = super().select(None)  # another thread's result
        elif not ready and timeout is not None and timeout > 0:
            self.skipped += timeout
        return ready


class _VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumps = _JumpingSelector()
        super().__init__(self._jumps)

    def time(self) -> float:
        return self._jumps.skipped


class _Here(threading.local):
    """Of each thread: what coroutines of its simulations share, such as a lifespan's clients."""

    loop: _VirtualLoop | None = None


_HERE = _Here()


def run_to_end(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Runs a coroutine in virtual time: ``asyncio.sleep`` takes none.

    Args:
        coroutine: What to run.

    Returns:
        Its result.

    Example:
        >>> import asyncio
        >>> run_to_end(asyncio.sleep(3600, "an hour later"))
        'an hour later'
    """
    outer = asyncio._get_running_loop()  # noqa: SLF001 - a simulation inside an async test
    if _HERE.loop is None:
        _HERE.loop = _VirtualLoop()
    asyncio._set_running_loop(None)  # noqa: SLF001
    try:
        return _HERE.loop.run_until_complete(coroutine)
    finally:
        asyncio._set_running_loop(outer)  # noqa: SLF001
