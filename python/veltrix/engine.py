"""``vx.Engine``: runs a pipeline on native threads inside this process."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Never, Self, TypeAlias, TypedDict, Unpack

from veltrix import _core
from veltrix.durations import parse_duration
from veltrix.errors import ForkedError, NotAvailableError
from veltrix.logs.report import report
from veltrix.logs.setup import install
from veltrix.operations import Operations
from veltrix.pipeline.compile import compile_pipeline
from veltrix.pipeline.declare import Pipeline
from veltrix.pipeline.loader import Loaded
from veltrix.pipeline.model import PipelineModel
from veltrix.reports import DrainReport
from veltrix.stats import Stats
from veltrix.uptime import Uptime

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from types import TracebackType

Runnable: TypeAlias = Pipeline | PipelineModel | Loaded | str | Path


class EngineArguments(TypedDict, total=False):
    """What ``Engine`` takes beyond the pipeline."""

    name: str | None
    journal: str | Path | None
    durability: str | None
    native_executors: int
    python_executors: int
    dead_letter_events: int


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
            kept, default 10,000). ``journal`` arrives with the journal;
            ``durability`` is ``"memory"`` until then.

    Raises:
        ConfigError: The pipeline cannot run; every problem at once.
        NotAvailableError: An option that a later version brings.

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
                setattr(settings, size, options[size])  # type: ignore[literal-required]
        compiled.plan.engine = settings
        self.name: str = settings.name
        self._clock = Uptime()
        self._grace: int = compiled.model.shutdown.grace
        self._native = _core.Engine(compiled.plan, compiled.handlers)
        self._native.set_payload_types(compiled.payload_types)
        self._native.set_report(report)
        self._logging = compiled.model.logging
        self._remove_logging: Callable[[], None] | None = None
        super().__init__(self._native)

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
        """
        if self._logging and self._remove_logging is None:
            self._remove_logging = install(self._logging)
        try:
            self._native.start()
        except BaseException:
            self._end_logging()
            raise
        self._clock.start()
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
            DeadlockError: Called from inside a handler.
        """
        grace = self._grace if timeout is None else parse_duration(timeout)
        try:
            ended = DrainReport.of(self._native.stop(grace))
        finally:
            self._clock.stop()
        self._end_logging()
        return ended

    def drain(self, timeout: float | str | timedelta | None = None) -> DrainReport:
        """Waits until finite sources are at their end and nothing is in flight.

        Retries and follow-up events are waited for. Publishing goes on meanwhile.

        Args:
            timeout: Longest wait, as ``"5s"`` or seconds; default: without end.

        Returns:
            Whether everything was settled, and what is left; a timeout is no error.

        Raises:
            DeadlockError: Called from inside a handler.
        """
        limit = None if timeout is None else parse_duration(timeout)
        return DrainReport.of(self._native.drain(limit))

    def stats(self) -> Stats:
        """Counts everything at this moment.

        Returns:
            The ledgers and times; a stopped engine still tells its last ones.
        """
        return Stats.of(self._native.stats(), self.name, self._clock.seconds)

    def _end_logging(self) -> None:
        if self._remove_logging is not None:
            self._remove_logging()
            self._remove_logging = None

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
        if not report and not kind:
            message = f"engine {self.name!r} stopped at the end of its grace, {report}"
            warnings.warn(message, RuntimeWarning, stacklevel=2)

    def __repr__(self) -> str:
        try:
            stats = self.stats()
        except ForkedError:
            return f"<Engine {self.name!r}: of the process that this one was forked from>"
        state = "running" if stats.running else "not running"
        in_flight = sum(queue.in_flight for queue in stats.queues.values())
        return f"<Engine {self.name!r}: {state}, {len(stats.queues)} queues, {in_flight} in flight>"

    # ---- what later versions bring, refused by name

    def publish_many(self, *_events: object, **_options: object) -> Never:
        """Not available yet; raises NotAvailableError."""
        raise NotAvailableError("publish_many()", "publishing in batches")

    async def apublish(self, *_event: object, **_options: object) -> Never:
        """Not available yet; raises NotAvailableError."""
        raise NotAvailableError("apublish()", "the asyncio pool")

    async def __aenter__(self) -> Never:
        raise NotAvailableError("'async with'", "the asyncio pool")

    async def __aexit__(self, *_: object) -> None: ...


def _refuse(options: EngineArguments) -> None:
    if options.get("journal") is not None:
        raise NotAvailableError("journal=", "the journal")
    durability = options.get("durability")
    if durability not in (None, "memory"):
        raise NotAvailableError(f"durability={durability!r}", "the journal")
