"""What begins and ends with an engine: its threads, its event loop, its workers, its logging."""

from __future__ import annotations

from typing import TYPE_CHECKING

from veltrix.errors import DeadlockError
from veltrix.logs.setup import install
from veltrix.loops import LoopHost, LoopRunner
from veltrix.reports import DrainReport
from veltrix.switch_interval import ShortTurns
from veltrix.uptime import Uptime

if TYPE_CHECKING:
    from collections.abc import Callable

    from veltrix import _core
    from veltrix.pipeline.compile import Compiled


class Life:
    """Of one engine.

    Args:
        native: The native engine.
        compiled: What it is made of.
        low_latency: Threads take short turns at the GIL while it runs.
    """

    def __init__(self, native: _core.Engine, compiled: Compiled, *, low_latency: bool) -> None:
        self.clock = Uptime()
        self._native = native
        self._closing = compiled.closing
        self._lifespan = compiled.async_lifespan
        self._host = LoopHost(compiled.async_lifespan)
        self._runner: LoopRunner | None = None
        self._turns = ShortTurns() if low_latency else None
        self._logging = compiled.model.logging
        self._remove_logging: Callable[[], None] | None = None

    def begin(self) -> None:
        """Starts everything; coroutines run on a loop of the engine's own.

        Raises:
            Exception: Whatever the lifespan raises.
        """
        self._begin(self._host)
        if self._native.loop_pool() is None or self._runner is not None:
            return
        try:
            self._host.opened.result()
        except BaseException:
            self.end(0)
            raise

    async def begin_on_loop(self) -> None:
        """Starts everything; coroutines run on the running loop.

        Raises:
            Exception: Whatever the lifespan raises.
        """
        self._begin(None)
        pool = self._native.loop_pool()
        if pool is None:
            return
        self._runner = LoopRunner(pool, self._lifespan)
        try:
            await self._runner.open()
        except BaseException:
            pool.finish()
            self.end(0)
            raise

    def _begin(self, loop: LoopHost | None) -> None:
        if self._logging and self._remove_logging is None:
            self._remove_logging = install(self._logging)
        try:
            self._native.start(loop)
        except BaseException:
            self._over()
            raise
        self.clock.start()
        if self._turns is not None:
            self._turns.begin()

    def end(self, grace: int) -> DrainReport:
        """Stops everything, again without harm.

        Args:
            grace: Nanoseconds for which it may drain.

        Returns:
            Whether everything was settled, and what is left.
        """
        try:
            report = self._native.stop(0 if self.abandon_closed_loop() else grace)
            for handler in self._closing:
                handler.close()
            if self._closing and not report["drained"]:
                report = self._native.stop(0)  # threads have lost the workers they waited for
            return DrainReport.of(report)
        finally:
            self._over()

    def _over(self) -> None:
        self.clock.stop()
        if self._turns is not None:
            self._turns.end()
        if self._remove_logging is not None:
            self._remove_logging()
            self._remove_logging = None

    def refuse_on_loop(self, what: str) -> None:
        """Refuses a call that would wait for the loop on which it is made.

        Args:
            what: The method; its twin for loops has an ``a`` in front.

        Raises:
            DeadlockError: This thread runs the loop of the handlers.
        """
        if self._runner is not None and self._runner.is_here():
            raise DeadlockError(
                f"{what}() would stop the event loop that runs the handlers; await a{what}()"
            )
        if self._host.is_here() and not self._native.inside_handler():
            raise DeadlockError(
                f"{what}() would wait for the event loop that it is called on; call it elsewhere"
            )

    def refuse_inside(self, what: str) -> None:
        """Refuses to be awaited by what it would wait for.

        Args:
            what: ``adrain`` or ``astop``.

        Raises:
            DeadlockError: A handler awaits it; or to stop, whatever else runs on the engine's own
                loop, or the end of its lifespan.
        """
        if self._native.inside_handler():
            raise DeadlockError(
                f"{what}() inside a handler would wait for that handler; call it elsewhere"
            )
        ends = self._runner is not None and self._runner.is_closing()
        if what == "astop" and (ends or self._host.is_here()):
            raise DeadlockError("astop() would wait for the event loop that awaits it")

    def abandon_closed_loop(self) -> bool:
        """Gives up what runs on a loop that was closed before the engine was stopped.

        Returns:
            Whether there is such a loop.
        """
        if self._runner is None or not self._runner.is_closed():
            return False
        self._runner.abandon()
        return True
