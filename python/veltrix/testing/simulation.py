"""``testing.Simulation``: a pipeline on a virtual clock, without threads, the same run every time.

The native state machine, routing and your handlers are the real ones; only time and threads are
not. Handlers take no virtual time; retries and delayed events happen when ``run`` gets to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from veltrix import _core
from veltrix.durations import parse_duration
from veltrix.engine import Runnable, pipeline_of
from veltrix.loops import enter, run_to_end
from veltrix.operations import Operations
from veltrix.pipeline.compile import compile_pipeline
from veltrix.stats import Stats

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractAsyncContextManager
    from datetime import timedelta

    from veltrix.events import Event


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of one delivery.

    Attributes:
        event: The event, as it was published.
        attempt: 1 for the first run.
        outcome: ``done``, ``retry``, ``dead`` or ``drop``.
        code: Why it was not done, for programs; empty when it was.
        text: Why, for people.
        started: Virtual seconds since the start of the simulation.
    """

    event: Event
    attempt: int
    outcome: str
    code: str
    text: str
    started: float

    @classmethod
    def of(cls, native: Mapping[str, Any]) -> Attempt:
        """Takes the native record."""
        names = ("event", "attempt", "outcome", "code", "text")
        return cls(**{name: native[name] for name in names}, started=native["started"] / 1e9)


class Simulation(Operations):
    """Runs a pipeline step by step.

    Args:
        pipeline: A ``Pipeline``, its model, or the path of a YAML file. Its sources do not run.
        seed: Fixes what is left to chance, such as the jitter of retries.

    Raises:
        ConfigError: The pipeline cannot run; every problem at once.

    Example:
        >>> import veltrix as vx
        >>> app = vx.Pipeline("hunt")
        >>> @app.handler("clue.found")
        ... def score(event): ...
        >>> with Simulation(app) as sim:
        ...     sim.fail("score", ConnectionError("down"), times=2)
        ...     _ = sim.publish("clue.found", {"team": "red"})
        ...     sim.run(until="1m")
        ...     [attempt.outcome for attempt in sim.attempts("score")]
        ['retry', 'retry', 'done']
    """

    def __init__(self, pipeline: Runnable, *, seed: int = 0) -> None:
        compiled = compile_pipeline(pipeline_of(pipeline), simulated=True)
        compiled.plan.sources = []
        self.name: str = compiled.model.name
        self._queues = set(compiled.model.queues)
        self._native = _core.StepEngine(compiled.plan, compiled.handlers, seed)
        self._lifespan = compiled.async_lifespan
        self._opened: AbstractAsyncContextManager[None] | None = None
        self._native.set_payload_types(compiled.payload_types)
        super().__init__(self._native, compiled)

    def fail(self, queue: str, exception: BaseException, *, times: int = 1) -> None:
        """Lets the next attempts of a queue fail before its handler runs.

        Args:
            queue: The queue.
            exception: What the handler seems to raise; a signal such as ``vx.Retry`` works too.
            times: How many attempts, 1 or more.

        Raises:
            KeyError: There is no such queue.
            InvalidOptionError: The queue has a sink: no handler of it could fail.
            ValueError: ``times`` is less than 1.
        """
        if times < 1:
            raise ValueError(f"times is 1 or more, not {times}")
        self._native.fail(self._known(queue), exception, times)

    def run(self, until: float | str | timedelta | None = None) -> None:
        """Runs what is ready and moves the clock.

        Args:
            until: Virtual time since the start at which to stop, as ``"1m"`` or seconds; default:
                when nothing is left.
        """
        if self._lifespan is not None and self._opened is None:
            self._opened, state = run_to_end(enter(self._lifespan))
            self._native.set_loop_resources(state)
        self._native.run(None if until is None else parse_duration(until))

    def attempts(self, queue: str) -> list[Attempt]:
        """Lists what ran on a queue.

        Args:
            queue: The queue.

        Returns:
            Every attempt so far, oldest first.

        Raises:
            KeyError: There is no such queue.
        """
        return [Attempt.of(row) for row in self._native.attempts(self._known(queue))]

    @property
    def now(self) -> float:
        """Virtual seconds since the start."""
        return float(self._native.now()) / 1e9

    def stats(self) -> Stats:
        """Counts everything at this moment.

        Returns:
            The ledgers and times.
        """
        return Stats.of(self._native.stats(), self.name, self.now)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leaves the pipeline's lifespans; there are no threads to wait for."""
        self._native.close()
        if self._opened is not None:
            run_to_end(self._opened.__aexit__(None, None, None))
            self._opened = None

    def _known(self, queue: str) -> str:
        if queue not in self._queues:
            raise KeyError(f"no queue {queue!r}; there are {', '.join(sorted(self._queues))}")
        return queue
