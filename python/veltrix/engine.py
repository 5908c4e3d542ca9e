"""``vx.Engine``: runs a pipeline on native threads inside this process."""

from __future__ import annotations

import asyncio
import functools
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypedDict, Unpack

from veltrix import _core, waits
from veltrix.durations import parse_duration
from veltrix.errors import ForkedError, InvalidOptionError, NotAvailableError
from veltrix.life import Life
from veltrix.logs.report import report
from veltrix.operations import Operations
from veltrix.pipeline.compile import compile_pipeline
from veltrix.pipeline.declare import Pipeline
from veltrix.pipeline.loader import Loaded
from veltrix.pipeline.model import PipelineModel
from veltrix.problems import did_you_mean
from veltrix.reports import DrainReport
from veltrix.stats import Stats

if TYPE_CHECKING:
    from datetime import timedelta
    from types import TracebackType

    from veltrix.events import Event, Receipt
    from veltrix.publisher import PublishArguments

Runnable: TypeAlias = Pipeline | PipelineModel | Loaded | str | Path


class EngineArguments(TypedDict, total=False):
    """What ``Engine`` takes beyond the pipeline."""

    name: str | None
    journal: str | Path | None
    durability: str | None
    native_executors: int
    python_executors: int
    dead_letter_events: int
    low_latency: bool


_SLICE = 50_000_000  # nanoseconds for which a thread drains at a time
_SIZES = ("native_executors", "python_executors", "dead_letter_events")


def pipeline_of(runnable: Runnable | object) -> Pipeline:
    """Takes a pipeline in any of its forms.

    Args:
        runnable: A ``Pipeline``, its model, what the loader gave, or the path of a YAML file.

    Returns:
        The pipeline.

    Raises:
        ConfigError: The file or the model is wrong.
        TypeError: Something else.
    """
    if isinstance(runnable, Pipeline):
        return runnable
    if isinstance(runnable, PipelineModel):
        return Pipeline.from_model(runnable)
    if isinstance(runnable, Loaded):
        return Pipeline.from_loaded(runnable)
    if isinstance(runnable, (str, Path)):
        return Pipeline.from_yaml(runnable)
    kind = type(runnable).__name__
    raise TypeError(f"a pipeline is a vx.Pipeline or the path of a YAML file, not a {kind}")


class Engine(Operations):
    """Runs a pipeline; a context manager that drains when it is left.

    Leaving the ``with`` block waits until everything accepted is done, dead or dropped, at most
    ``shutdown.grace``; after an exception it stops at once. Every method may be called from any
    thread. An engine runs once: make a new one to run the pipeline again.

    Args:
        pipeline: A ``Pipeline``, its model, or the path of a YAML file.
        options: ``name`` (default: the pipeline's); ``native_executors`` (1 to 32 threads for
            sinks, default 1; from 2 on one more stays free for priorities from 7 on);
            ``python_executors`` (1 to 16 threads for handlers, default 4: one at work, the others
            stand in for handlers that block); ``dead_letter_events`` (how many dead letters are
            kept, default 10,000); ``low_latency`` (while it runs, threads take turns at the GIL
            every 0.1 ms instead of 5 ms: publishers that have slept wait less, all Python code of
            the process runs a few percent slower; default False). ``journal`` arrives with the
            journal; ``durability`` is ``"memory"`` until then.

    Raises:
        ConfigError: The pipeline cannot run; every problem at once.
        NotAvailableError: An option that a later version brings.
        InvalidOptionError: An option has a value that it cannot have.
        TypeError: There is no such option.

    Example:
        >>> app = Pipeline("hunt")
        >>> @app.handler("clue.found")
        ... def score(event):
        ...     print("clue", event.data["clue"])
        >>> with Engine(app) as engine:
        ...     receipt = engine.publish("clue.found", {"clue": 1})
        clue 1
    """

    def __init__(self, pipeline: Runnable, **options: Unpack[EngineArguments]) -> None:
        _refuse(options)
        compiled = compile_pipeline(pipeline_of(pipeline))
        settings = compiled.plan.engine
        settings.name = options.get("name") or settings.name
        for size in _SIZES:
            if size in options:
                value = options[size]  # type: ignore[literal-required]
                setattr(settings, size, _whole(size, value))
        compiled.plan.engine = settings
        self.name: str = settings.name
        self._grace: int = compiled.model.shutdown.grace
        self._room_patience = max(
            (queue.overflow_timeout for queue in compiled.plan.queues), default=0
        )
        self._native = _core.Engine(compiled.plan, compiled.handlers)
        self._native.set_payload_types(compiled.payload_types)
        self._native.set_report(report)
        self._life = Life(
            self._native, compiled, low_latency=bool(options.get("low_latency", False))
        )
        super().__init__(self._native, compiled)

    @classmethod
    def from_config(cls, path: str | Path, **options: Unpack[EngineArguments]) -> Self:
        """Makes an engine from a pipeline file.

        Args:
            path: A YAML file.
            options: As for the class.

        Returns:
            The engine, not started.

        Raises:
            ConfigError: Every problem of the file, each with its place.
        """
        return cls(path, **options)

    def start(self) -> Self:
        """Starts threads and sources; does nothing when the engine runs already.

        Returns:
            The engine.

        Raises:
            FileError: A source or sink cannot be opened.
            EngineStoppedError: The engine has been stopped; make a new one.
            Exception: Whatever an ``async`` lifespan raises.
        """
        self._life.begin()
        return self

    def stop(self, timeout: float | str | timedelta | None = None) -> DrainReport:
        """Refuses new events, drains, and ends the threads; again it does nothing.

        While it drains, handlers may still publish: their events are drained as well.

        Args:
            timeout: How long it may drain; default: ``shutdown.grace``; 0: not at all. Handlers
                that run then have 5 s more to return.

        Returns:
            Whether everything was settled, and what is left. A handler that does not return keeps
            its thread: it is counted in what is left, and ``stop`` may be called again.

        Raises:
            DeadlockError: Called from inside a handler, or on the event loop that runs handlers.
        """
        grace = self._grace if timeout is None else parse_duration(timeout)
        self._life.refuse_on_loop("stop")
        return self._life.end(grace)

    def drain(self, timeout: float | str | timedelta | None = None) -> DrainReport:
        """Waits until finite sources are at their end and nothing is in flight.

        Retries and follow-up events are waited for. Publishing goes on meanwhile.

        Args:
            timeout: Longest wait, as ``"5s"`` or seconds; default: without end.

        Returns:
            Whether everything was settled, and what is left; a timeout is no error.

        Raises:
            DeadlockError: Called from inside a handler, or on the event loop that runs handlers.
        """
        self._life.refuse_on_loop("drain")
        self._life.abandon_closed_loop()
        limit = None if timeout is None else parse_duration(timeout)
        return DrainReport.of(self._native.drain(limit))

    def stats(self) -> Stats:
        """Counts everything at this moment.

        Returns:
            The ledgers and times; a stopped engine still tells its last ones.
        """
        return Stats.of(self._native.stats(), self.name, self._life.clock.seconds)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            report = self.stop(0 if kind else None)
        except ForkedError:
            return  # a forked child leaves the block: the engine is its parent's
        if not kind:
            self._warn_of(report)

    def _warn_of(self, report: DrainReport) -> None:
        if not report:
            message = f"engine {self.name!r} stopped at the end of its grace, {report}"
            warnings.warn(message, RuntimeWarning, stacklevel=3)  # whoever leaves the block

    def __repr__(self) -> str:
        try:
            stats = self.stats()
        except ForkedError:
            return f"<Engine {self.name!r}: of the process that this one was forked from>"
        state = "running" if stats.running else "not running"
        in_flight = sum(queue.in_flight for queue in stats.queues.values())
        return f"<Engine {self.name!r}: {state}, {len(stats.queues)} queues, {in_flight} in flight>"

    # ---- on an event loop

    async def apublish(
        self,
        type: str | Event[Any] | object,  # noqa: A002
        data: object = None,
        **options: Unpack[PublishArguments],
    ) -> Receipt:
        """Like ``publish``, but where it would wait for room, the event loop goes on meanwhile.

        Args:
            type: As for ``publish``.
            data: As for ``publish``.
            options: As for ``publish``.

        Returns:
            A receipt; ``await`` it to know that the event is accepted.

        Raises:
            EventError: The event cannot be taken; its class says why.
            QueueFullError: A queue is full, under ``block`` after its timeout.
            EngineStoppedError: The engine does not run.
        """
        arguments = (type,) if data is None else (type, data)
        attempt = functools.partial(self._try_publish, *arguments, **options)
        receipt: Receipt | None = attempt()
        if receipt is None:
            owner = ("room", id(self._native))
            receipt = await waits.room(owner, self._native.watch_room, attempt, self._room_patience)
        if receipt is None:
            receipt = self._publish_now(*arguments, **options)
        return receipt

    async def adrain(self, timeout: float | str | timedelta | None = None) -> DrainReport:
        """Like ``drain``, without holding the event loop up.

        Args:
            timeout: Longest wait, as ``"5s"`` or seconds; default: without end.

        Returns:
            Whether everything was settled, and what is left.

        Raises:
            DeadlockError: Awaited by a handler.
        """
        limit = None if timeout is None else parse_duration(timeout)
        self._life.refuse_inside("adrain")
        elapsed = 0.0
        while True:  # in slices, so that a cancellation gives the thread back soon
            now = _SLICE if limit is None else min(limit, _SLICE)
            report = DrainReport.of(await asyncio.to_thread(self._native.drain, now))
            limit = None if limit is None else limit - now
            elapsed += report.elapsed
            if report or limit == 0 or not self._native.stats()["running"]:
                return replace(report, elapsed=elapsed)

    async def astop(self, timeout: float | str | timedelta | None = None) -> DrainReport:
        """Like ``stop``, without holding the event loop up; a cancellation cuts the drain short.

        Args:
            timeout: As for ``stop``.

        Returns:
            Whether everything was settled, and what is left.

        Raises:
            DeadlockError: Awaited by a handler, or on an event loop that the engine runs itself.
        """
        grace = self._grace if timeout is None else parse_duration(timeout)
        self._life.refuse_inside("astop")
        stopping = asyncio.ensure_future(asyncio.to_thread(self._life.end, grace))
        try:
            return await asyncio.shield(stopping)
        except asyncio.CancelledError:
            await asyncio.to_thread(self._life.end, 0)
            raise

    async def __aenter__(self) -> Self:
        """Starts; ``async def`` handlers run on the current event loop."""
        await self._life.begin_on_loop()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        report = await self.astop(0 if kind else None)
        if not kind:
            self._warn_of(report)


def _whole(name: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31:
        return value
    raise InvalidOptionError(f"{name} is a whole number, not {value!r}")


def _refuse(options: EngineArguments) -> None:
    for name in options:
        if name not in EngineArguments.__annotations__:
            near = did_you_mean(name, EngineArguments.__annotations__)
            raise TypeError(f"Engine() has no option {name!r}{near}")
    if options.get("journal") is not None:
        raise NotAvailableError("journal=", "the journal")
    durability = options.get("durability")
    if durability not in (None, "memory"):
        raise NotAvailableError(f"durability={durability!r}", "the journal")
