"""The parent's side of a handler that runs in worker processes."""

from __future__ import annotations

import sys
import time
import weakref
from typing import TYPE_CHECKING, Any

import msgspec

from veltrix import _core
from veltrix.errors import WorkerDiedError
from veltrix.pipeline.handlers import HandlerError
from veltrix.pipeline.signature import shape_of
from veltrix.processes import wire
from veltrix.processes.failures import rebuild
from veltrix.processes.names import importable
from veltrix.processes.pool import FENCE_SECONDS, Gone, WorkerPool
from veltrix.signals import DeadLetter, Drop, Retry, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from veltrix.events import Context, Event
    from veltrix.pipeline.model import LoggingModel


def process_handler(
    function: Callable[..., Any],
    name: str,
    *,
    lifespan: Callable[..., Any] | None = None,
    payload_types: Iterable[tuple[type, str]] = (),
    logging: LoggingModel | None = None,
) -> ProcessHandler:
    """Makes a handler run in worker processes.

    Args:
        function: A function or generator function at the top of a module.
        name: What messages call it.
        lifespan: The pipeline's lifespan, if any: runs once in every worker.
        payload_types: Classes that the handler may yield, with their event types.
        logging: What the pipeline says of logging; workers do the same.

    Returns:
        The handler, as a function of (event, ctx).

    Raises:
        HandlerError: A worker cannot import the function or the lifespan, or cannot call it.
    """
    shape = shape_of(function, name)
    if shape.argument not in ("event", "data"):
        message = f"handler {name!r} takes a list of events; worker processes run single events"
        raise HandlerError("handler-process", message)
    start = wire.Start(
        function=importable(function, name),
        name=name,
        path=list(map(str, sys.path)),
        lifespan=importable(lifespan, lifespan.__qualname__, "lifespan") if lifespan else None,
        payload_types={f"{c.__module__}:{c.__qualname__}": text for c, text in payload_types},
        logging=logging.model_dump() if logging else None,
    )
    return ProcessHandler(WorkerPool(wire.encode(start), name), name)


class ProcessHandler:
    """A handler whose every call runs in a worker process.

    Each thread that calls it has a worker to itself meanwhile, so that there are as many workers as
    calls at the same time. They end with ``close()``, with the program, or when nobody holds this.

    Args:
        pool: Its workers.
        name: What messages call it.
    """

    def __init__(self, pool: WorkerPool, name: str) -> None:
        self._pool, self._name = pool, name
        self._finalizer = weakref.finalize(self, pool.close)

    def __call__(self, event: Event[Any], ctx: Context) -> Any:
        """Runs one attempt in a worker and waits for it, without the GIL.

        Args:
            event: The event.
            ctx: The attempt.

        Returns:
            None, a signal, or a generator of follow-up events.

        Raises:
            WorkerDiedError: The worker ended while it ran this attempt, or cannot be started.
            TimeoutError: The queue's timeout is over; the worker was killed.
            Exception: What the handler raised, under the name of its class.
        """
        answer = self._ask(event, ctx)
        if answer.failure is not None:
            if answer.failure.bad_payload:
                _ = event.data  # raises here what it raised there
            raise rebuild(answer.failure)
        signal = _signal(answer.decision) if answer.decision else None
        return _emit(answer.emitted) if answer.emitted else signal

    def close(self) -> None:
        """Ends the workers; those at work are killed. Again it does nothing."""
        self._finalizer()

    def _ask(self, event: Event[Any], ctx: Context) -> wire.Answer:
        deadline = ctx.deadline
        until = None if deadline is None else deadline + FENCE_SECONDS
        worker = self._pool.take(until)
        left = 0 if deadline is None else max(1, int((deadline - time.monotonic()) * 1e9))
        task = wire.Task(msgspec.Raw(event.to_json()), ctx.queue, ctx.attempt, ctx.sequence, left)
        try:
            answer = worker.ask(wire.encode(task), until)
        except Gone:
            fate = self._pool.lose(worker)
            message = f"the worker process of handler {self._name!r} died: {fate}"
            raise WorkerDiedError(f"{message}, with event {event.id}") from None
        except BaseException as error:
            worker.process.kill()
            self._pool.lose(worker)
            if not isinstance(error, TimeoutError):
                raise
            message = f"handler {self._name!r} took longer than the queue's timeout; worker killed"
            raise TimeoutError(message) from None
        self._pool.give(worker)
        return answer


def _emit(emitted: list[wire.Emitted]) -> Generator[Event[Any], None, None]:
    for each in emitted:
        yield _core.event_from_wire(bytes(each.event), each.given_id, each.after_ns, each.at_ns)


def _signal(decision: wire.Decision) -> Signal:
    if decision.kind == "drop":
        return Drop(decision.reason or "dropped")
    if decision.kind == "dead_letter":
        return DeadLetter(decision.reason or "dead")
    retry = Retry()
    retry.after_ns = decision.after_ns
    return retry
