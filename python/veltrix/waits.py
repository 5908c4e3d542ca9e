"""Waiting for the engine on an event loop: each loop watches a descriptor, no thread sleeps."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from veltrix.durations import parse_duration
from veltrix.errors import WaitTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import timedelta

    from veltrix import _core
    from veltrix.events import Receipt

_LOOPS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Hashable, _Waits]] = WeakKeyDictionary()


async def accepted(receipt: Receipt, timeout: float | str | timedelta | None) -> Receipt:
    """Waits until an event is accepted; behind ``await receipt``."""
    owner, watch = receipt._owner, receipt._watch  # noqa: SLF001
    found: Receipt = await _until(owner, watch, _peek_at(receipt, outcomes=False), timeout)
    return found


async def settled(receipt: Receipt, timeout: float | str | timedelta | None) -> dict[str, str]:
    """Waits until all deliveries of an event are over."""
    owner, watch = receipt._owner, receipt._watch  # noqa: SLF001
    found: dict[str, str] = await _until(owner, watch, _peek_at(receipt, outcomes=True), timeout)
    return found


def _peek_at(receipt: Receipt, *, outcomes: bool) -> Callable[[], Any]:
    return lambda: receipt._peek(outcomes)  # noqa: SLF001


async def room(
    owner: Hashable, watch: Callable[[], _core.Watch], look: Callable[[], Any], limit: int
) -> Any:
    """Waits for room in a queue.

    Args:
        owner: Names what is watched.
        watch: Begins to watch it.
        look: Gives the result, or None while there is none.
        limit: Longest wait in nanoseconds.

    Returns:
        What ``look`` gives; None at the end of the wait.
    """
    try:
        return await _until(owner, watch, look, limit / 1e9)
    except WaitTimeoutError:
        return None


async def _until(
    owner: Hashable,
    watch: Callable[[], _core.Watch],
    look: Callable[[], Any],
    timeout: float | str | timedelta | None,
) -> Any:
    found = look()
    if found is not None:
        return found
    seconds = None if timeout is None else parse_duration(timeout) / 1e9
    all_waits = _LOOPS.setdefault(asyncio.get_running_loop(), {})
    waits = all_waits.get(owner)
    if waits is None:
        waits = all_waits[owner] = _Waits(asyncio.get_running_loop(), watch())
    waits.waiters += 1
    try:
        async with asyncio.timeout(seconds):
            return await waits.until(look)
    except TimeoutError:
        raise WaitTimeoutError("not known within the timeout; the event itself goes on") from None
    finally:
        waits.waiters -= 1
        if waits.waiters == 0:
            waits.close()
            del all_waits[owner]


class _Waits:
    """Everything that one loop waits for at one engine."""

    def __init__(self, loop: asyncio.AbstractEventLoop, watch: _core.Watch) -> None:
        self.waiters = 0
        self._pending: dict[asyncio.Future[Any], Callable[[], Any]] = {}
        self._loop = loop
        self._watch = watch
        loop.add_reader(watch.fileno(), self._look)

    async def until(self, look: Callable[[], Any]) -> Any:
        future = self._loop.create_future()
        self._pending[future] = look
        try:
            self._try(future, look)  # what came before the watch began
            return await future
        finally:
            del self._pending[future]

    def _look(self) -> None:
        self._watch.clear()
        for future, look in list(self._pending.items()):
            self._try(future, look)

    def _try(self, future: asyncio.Future[Any], look: Callable[[], Any]) -> None:
        if future.done():
            return
        try:
            found = look()
        except Exception as error:  # noqa: BLE001 - whoever waits gets it
            future.set_exception(error)
        else:
            if found is not None:
                future.set_result(found)

    def close(self) -> None:
        self._loop.remove_reader(self._watch.fileno())
        self._watch.close()
