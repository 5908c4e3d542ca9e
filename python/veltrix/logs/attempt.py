"""Which attempt a log record was written in."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from contextvars import ContextVar
from typing import Any, TypeAlias

from veltrix import _core

Attempt: TypeAlias = "tuple[str, str, int]"
"""Event id, queue, number of the attempt."""

ATTEMPT: ContextVar[Attempt | None] = ContextVar("veltrix_attempt", default=None)
"""Set where an attempt does not run on a thread of the engine: in a worker process, in a task."""


def current_attempt() -> Attempt | None:
    """Tells which attempt is at work here.

    Returns:
        Event id, queue and number of the attempt; None outside handlers.

    Example:
        >>> current_attempt() is None
        True
    """
    return _core.current_attempt() or ATTEMPT.get()


def task_of_attempt(
    loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any
) -> asyncio.Task[Any]:
    """Makes the task that a handler starts: an event loop's task factory.

    What the task logs belongs to the attempt, though it runs beside the handler.

    Args:
        loop: The loop.
        coroutine: What to run.
        options: What else the loop says of the task.

    Returns:
        The task.
    """
    attempt = _core.current_attempt()
    if attempt is not None and options.get("context") is None:
        options["context"] = contextvars.copy_context()
        options["context"].run(ATTEMPT.set, attempt)
    return asyncio.Task(coroutine, loop=loop, **options)


class AttemptFilter(logging.Filter):
    """Gives every record ``event_id``, ``queue`` and ``attempt``; None outside handlers.

    For handlers of your own; those that ``logging:`` of a pipeline installs have it. Looks at the
    attempt only when a record is written.

    Example:
        >>> import sys
        >>> handler = logging.StreamHandler(sys.stdout)
        >>> handler.addFilter(AttemptFilter())
        >>> handler.setFormatter(logging.Formatter("%(queue)s: %(message)s"))
        >>> handler.handle(logging.makeLogRecord({"msg": "outside"})) is not None
        None: outside
        True
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Adds the attributes, unless the record has them already.

        Args:
            record: The record.

        Returns:
            True: no record is left out.
        """
        if not hasattr(record, "event_id"):
            found = current_attempt() or (None, None, None)
            record.event_id, record.queue, record.attempt = found
        return True
