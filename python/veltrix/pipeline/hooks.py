"""A handler with its pipeline's middleware around it, as one function of (event, ctx).

Made only where a pipeline has middleware: a handler without any is called natively as it is.
"""

from __future__ import annotations

import contextlib
import inspect
import logging
import threading
from contextvars import Context as Variables
from contextvars import copy_context
from dataclasses import replace
from types import GeneratorType
from typing import TYPE_CHECKING, Any

from veltrix.logs.repeats import Repeats

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator, Sequence

    from veltrix.events import Context
    from veltrix.middleware import Middleware
    from veltrix.pipeline.signature import Shape

    Call = Callable[[Any, Context], Any]

_log = logging.getLogger("veltrix.middleware")
_repeats = Repeats()
_counting = threading.Lock()


def with_middleware(
    function: Callable[..., Any], shape: Shape, middleware: Sequence[Middleware]
) -> tuple[Call, Shape]:
    """Puts middleware around a handler.

    Args:
        function: A plain, generator, coroutine or asynchronous generator function.
        shape: How it wants to be called.
        middleware: At least one, outermost first.

    Returns:
        A function of the same kind, and how that wants to be called.
    """
    chain, call = tuple(middleware), _call_of(function, shape)

    def plain(event: Any, ctx: Context) -> Any:
        attempt, variables = _Attempt(chain, event, ctx), copy_context()
        result = variables.run(_run, attempt, call)
        if type(result) is GeneratorType:
            return _consume(attempt, variables, result)
        return result

    async def awaited(event: Any, ctx: Context) -> Any:  # in the context of its task
        attempt = _Attempt(chain, event, ctx)
        try:
            attempt.begin()
            result = await call(event, ctx)
        except BaseException as error:
            attempt.failed(error)
            raise
        attempt.after(result)
        return result

    async def iterated(event: Any, ctx: Context) -> AsyncIterator[Any]:
        attempt = _Attempt(chain, event, ctx)
        try:
            attempt.begin()
            async for emitted in call(event, ctx):
                yield emitted
        except BaseException as error:
            attempt.failed(error)
            raise
        attempt.after(None)

    wrapped: Call = plain
    if inspect.iscoroutinefunction(function):
        wrapped = awaited
    elif inspect.isasyncgenfunction(function):
        wrapped = iterated
    argument = "event" if shape.argument == "data" else shape.argument
    return wrapped, replace(shape, wants_context=True, argument=argument)


def _call_of(function: Callable[..., Any], shape: Shape) -> Call:
    """The function as one of (event, ctx), without a test per call."""
    if shape.argument == "data":
        if shape.wants_context:
            return lambda event, ctx: function(event.data, ctx)
        return lambda event, _: function(event.data)
    return function if shape.wants_context else lambda event, _: function(event)


class _Attempt:
    """How far one attempt has come on its way through the middleware."""

    __slots__ = ("_chain", "_entered", "ctx", "event")

    def __init__(self, chain: tuple[Middleware, ...], event: Any, ctx: Context) -> None:
        self._chain, self.event, self.ctx, self._entered = chain, event, ctx, 0

    def begin(self) -> None:
        for middleware in self._chain:
            middleware.before(self.event, self.ctx)
            self._entered += 1

    def after(self, result: Any) -> None:
        for middleware in reversed(self._chain):
            self._tell(middleware, "after", result)

    def failed(self, reason: BaseException) -> None:
        for middleware in reversed(self._chain[: self._entered]):
            self._tell(middleware, "failed", reason)

    def _tell(self, middleware: Middleware, hook: str, outcome: Any) -> None:
        try:
            getattr(middleware, hook)(self.event, self.ctx, outcome)
        except BaseException as error:
            _report(middleware, hook, error)
            if isinstance(error, KeyboardInterrupt) and _is_main_thread():
                raise  # somebody pressed Ctrl-C, in a simulation or beside a loop of the caller's


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _run(attempt: _Attempt, call: Call) -> Any:
    try:
        attempt.begin()
        result = call(attempt.event, attempt.ctx)
    except BaseException as error:
        attempt.failed(error)
        raise
    if type(result) is not GeneratorType:
        attempt.after(result)
    return result


def _consume(
    attempt: _Attempt, variables: Variables, generator: Generator[Any, None, Any]
) -> Generator[Any, None, Any]:
    """A generator has no context of its own: each step is run in that of the attempt."""
    try:
        while True:
            try:
                emitted = variables.run(next, generator)
            except StopIteration as end:
                result = end.value
                break
            yield emitted
    except BaseException as error:
        variables.run(generator.close)
        variables.run(attempt.failed, error)
        raise
    variables.run(attempt.after, result)
    return result


def _report(middleware: Middleware, hook: str, error: BaseException) -> None:
    with _counting:
        middleware.errors += 1
    name = f"{type(middleware).__qualname__}.{hook}()"
    left_out = _repeats.admit((name, type(error)))
    if left_out is None:
        return
    more = f" ({left_out:,} more of these were left out)" if left_out else ""
    with contextlib.suppress(Exception):  # a logging handler that raises is no part of the attempt
        _log.error("%s raised; the outcome stays as it is%s", name, more, exc_info=error)
