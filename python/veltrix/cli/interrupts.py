"""SIGTERM as an exception, so that it ends a run by the same path as Ctrl-C."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING, Never

if TYPE_CHECKING:
    from collections.abc import Iterator


class Terminated(BaseException):
    """SIGTERM arrived."""


def _raise(*_: object) -> Never:
    raise Terminated


@contextlib.contextmanager
def sigterm_raises() -> Iterator[None]:
    """Lets SIGTERM raise ``Terminated`` in the main thread; elsewhere it does nothing.

    Example:
        >>> with sigterm_raises():
        ...     pass
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _raise)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
