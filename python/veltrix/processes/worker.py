"""The worker process: imports one handler, then runs one attempt after the other.

It ends when its socket does, whatever ended the parent. Ctrl-C is the parent's matter.
"""

from __future__ import annotations

import contextlib
import os
import select
import threading
import types
import warnings
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

import msgspec

from veltrix import _core, lifespans, signals
from veltrix.events import Event
from veltrix.forks import leaving_children
from veltrix.logs.attempt import ATTEMPT
from veltrix.pipeline.handlers import find_object
from veltrix.pipeline.signature import shape_of
from veltrix.processes import pool, wire
from veltrix.processes.failures import describe, sayable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from veltrix.events import Context

MAX_EMITTED = 64  # of an attempt; one more is told, so that the engine refuses it
LINGER_SECONDS = 1.0  # for a handler that runs when the parent is gone


def main(connection: Connection[Any, Any], first: bytes) -> None:
    """Runs attempts until the socket ends.

    Args:
        connection: To the parent.
        first: The frame that says what to run.
    """
    pool.in_worker = True
    threading.Thread(target=_watch, args=(connection.fileno(),), daemon=True).start()
    try:
        runner = Runner(wire.decode_start(first))
    except BaseException as error:  # noqa: BLE001 - told to the parent
        connection.send_bytes(wire.encode(wire.Answer(failure=describe(error))))
        return
    try:
        connection.send_bytes(wire.encode(wire.Answer()))
        while True:
            task = wire.decode_task(connection.recv_bytes())
            connection.send_bytes(wire.encode(runner.run(task)))
    except (EOFError, ConnectionError):
        pass  # the parent has closed it, or is gone
    finally:
        runner.leave()


class Runner:
    """One handler with the resources of this process.

    Args:
        start: What to run.
    """

    def __init__(self, start: wire.Start) -> None:
        if start.logging is not None:
            _log(start.logging)
        self._name = start.name
        self._function = find_object(start.function, None)
        self._shape = shape_of(self._function, start.name)
        self._lifespan = find_object(start.lifespan, None) if start.lifespan else None
        self._types = start.payload_types
        self._state: types.SimpleNamespace | None = None
        self._resources: Iterator[Any] | None = None
        self._warned = False

    def run(self, task: wire.Task) -> wire.Answer:
        """Runs one attempt.

        Args:
            task: The attempt.

        Returns:
            How it ended; nothing is raised.
        """
        event = None
        try:
            with leaving_children():
                self._enter()
                event = _core.event_from_wire(bytes(task.event), True, -1, -1, self._shape.decoder)
                counts = (task.attempt, task.sequence, task.timeout_ns)
                ctx = _core.make_context(event, task.queue, self._state, counts)
                return copy_context().run(self._call, event, ctx)
        except signals.Signal as signal:
            return wire.Answer(decision=_decision(signal))
        except BaseException as error:  # noqa: BLE001 - whatever a handler raises is told
            failure = describe(error)
            failure.bad_payload = event is not None and _undecodable(event)
            return wire.Answer(failure=failure)

    def leave(self) -> None:
        """Closes what the lifespan opened."""
        if self._resources is not None:
            lifespans.leave(self._resources)

    def _enter(self) -> None:
        if self._lifespan is not None and self._resources is None:
            self._resources, self._state = lifespans.enter(self._lifespan)

    def _call(self, event: Event[Any], ctx: Context) -> wire.Answer:
        ATTEMPT.set((event.id, ctx.queue, ctx.attempt))
        given: Any = event.data if self._shape.argument == "data" else event
        arguments = (given, ctx) if self._shape.wants_context else (given,)
        result = self._function(*arguments)
        emitted: list[wire.Emitted] = []
        if type(result) is types.GeneratorType:
            result = self._consume(result, emitted)
        if isinstance(result, signals.Signal):
            return wire.Answer(decision=_decision(result))
        if result is not None:
            self._warn(result)
        return wire.Answer(emitted)

    def _consume(self, generator: Any, emitted: list[wire.Emitted]) -> Any:
        while len(emitted) <= MAX_EMITTED:
            try:
                yielded = next(generator)
            except StopIteration as end:
                return end.value
            emitted.append(self._emitted(yielded))
        generator.close()
        return None

    def _emitted(self, yielded: Any) -> wire.Emitted:
        if not isinstance(yielded, Event):
            cls = type(yielded)
            known = self._types.get(f"{cls.__module__}:{cls.__qualname__}")
            if known is None:
                message = (
                    f"handler {self._name!r} yielded a {cls.__name__}; yield vx.Event(type, data)"
                )
                raise TypeError(message)
            yielded = Event(known, yielded)
        json, given_id, after_ns, at_ns = _core.event_to_wire(yielded)
        return wire.Emitted(msgspec.Raw(json), given_id, after_ns, at_ns)

    def _warn(self, result: Any) -> None:
        if self._warned:
            return
        self._warned = True
        text = (
            f"handler {self._name!r} returned a {type(result).__name__}, which is ignored; return "
            "None or a signal, or yield events"
        )
        with contextlib.suppress(RuntimeWarning):  # where warnings are errors: it is said once
            warnings.warn(text, RuntimeWarning, stacklevel=1)


def _decision(signal: signals.Signal) -> wire.Decision:
    if isinstance(signal, signals.Retry):
        after = signal.after_ns if isinstance(signal.after_ns, int) else None
        return wire.Decision("retry", after_ns=after)
    kind = "drop" if isinstance(signal, signals.Drop) else "dead_letter"
    return wire.Decision(kind, sayable(str(getattr(signal, "reason", ""))))


def _undecodable(event: Event[Any]) -> bool:
    try:
        _ = event.data
    except Exception:  # noqa: BLE001 - a decoder of the user's
        return True
    return False


def _log(options: dict[str, str]) -> None:
    from veltrix.logs.setup import install  # noqa: PLC0415 - only workers that log need it
    from veltrix.pipeline.model import LoggingModel  # noqa: PLC0415

    install(LoggingModel.model_validate(options))


def _watch(socket: int) -> None:
    """Ends the process when its parent is gone, even while a handler computes."""
    poller = select.poll()
    poller.register(socket, 0)  # nothing but the other side's end
    poller.poll()
    threading.Event().wait(LINGER_SECONDS)  # an idle worker ends by itself, and leaves in order
    os._exit(1)
