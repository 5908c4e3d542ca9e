"""Installs what ``logging:`` of a pipeline asks for, and takes it away again."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING

from veltrix.logs.attempt import AttemptFilter
from veltrix.logs.formats import ConsoleFormatter, JsonFormatter, StderrHandler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from veltrix.pipeline.model import LoggingModel

_handlers: list[logging.Handler] = []  # of all engines, the newest last: that one writes
_levels: list[int] = []  # of the root logger, before the first of them
_lock = threading.Lock()


def install(options: LoggingModel) -> Callable[[], None]:
    """Lets the records of all loggers go to standard error.

    The root logger gets one handler, whose level is that of the options; with several engines the
    one that was started last decides. Handlers that a program installed itself stay.

    Args:
        options: Format and level.

    Returns:
        A function that takes it away again; calling it twice does no harm.
    """
    level = logging.getLevelNamesMapping()[options.level.upper()]
    handler = StderrHandler(level)
    handler.setFormatter(JsonFormatter() if options.format == "json" else _console())
    handler.addFilter(AttemptFilter())
    with _lock:
        if not _handlers:
            _levels.append(logging.root.level)
        _handlers.append(handler)
        _activate()

    def remove() -> None:
        with _lock:
            if handler not in _handlers:
                return
            logging.root.removeHandler(handler)
            _handlers.remove(handler)
            _activate()

    return remove


@contextlib.contextmanager
def installed(options: LoggingModel | None) -> Iterator[None]:
    """Installs it for the length of a block.

    Args:
        options: Format and level; None: nothing is installed.
    """
    remove = install(options) if options else None
    try:
        yield
    finally:
        if remove:
            remove()


def _activate() -> None:
    for handler in _handlers[:-1]:
        logging.root.removeHandler(handler)
    if not _handlers:
        logging.root.setLevel(_levels.pop())
        return
    logging.root.addHandler(_handlers[-1])
    logging.root.setLevel(min(_levels[0], _handlers[-1].level))


def _console() -> logging.Formatter:
    tty = sys.stderr is not None and sys.stderr.isatty()
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    return ConsoleFormatter(colour=tty and not plain)
