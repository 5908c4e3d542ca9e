"""Lifespans of plain handlers: what a thread or a worker process opens once, and closes at its end.

Those of ``async def`` handlers are entered and left by their event loop; see ``veltrix.loops``.
"""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LEFT_BADLY = "the lifespan failed while it was left"
_OVER = object()
_log = logging.getLogger("veltrix.lifespans")


def enter(lifespan: Callable[[Any], Iterator[Any]]) -> tuple[Iterator[Any], SimpleNamespace]:
    """Runs a lifespan to its yield.

    Args:
        lifespan: The generator function.

    Returns:
        The generator, to be left at the end, and the namespace that it has filled.

    Raises:
        Exception: Whatever the lifespan raises; ``RuntimeError`` if it does not yield.

    Example:
        >>> def open_client(state):
        ...     state.client = "connected"
        ...     yield
        >>> resources, state = enter(open_client)
        >>> state.client
        'connected'
    """
    state = SimpleNamespace()
    resources = lifespan(state)
    for _ in resources:
        return resources, state
    raise RuntimeError("the lifespan did not yield")


def leave(resources: Iterator[Any]) -> None:
    """Runs a lifespan from its yield to its end; what it raises is logged, since nobody waits.

    Args:
        resources: What ``enter`` gave.

    Example:
        >>> def open_client(state):
        ...     yield
        ...     print("closed")
        >>> leave(enter(open_client)[0])
        closed
    """
    try:
        over = next(resources, _OVER) is _OVER
    except Exception:  # noqa: BLE001 - a lifespan of the user's
        _log.exception(LEFT_BADLY)
        return
    if not over:
        _log.error("%s: it yielded a second time", LEFT_BADLY)
