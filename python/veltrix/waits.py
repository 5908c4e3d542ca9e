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

Limit = float | str | timedelta | None if TYPE_CHECKING else object

_LOOPS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Hashable, _Waits]] = WeakKeyDictionary()


async def accepted(receipt: Receipt, timeout: Limit) -> Receipt:
    """Waits until an event is accepted; behind ``await receipt``."""
    return await _until(receipt._owner, receipt._watch, lambda: receipt._peek(False), timeout)


async def settled(receipt: Receipt, timeout: Limit) -> dict[str, str]:
    """Waits until all deliveries of an event are over."""
    return await _until(receipt._owner, receipt._watch, lambda: receipt._peek(True), timeout)


async def room(owner: Hashable, watch: Callable[[], _core.Watch], look: Callable[[], Any]) -> Any:
    """Waits for room in a queue.

    Args:
        owner: Names what is watched.
        watch: Begins to watch it.
        look: Gives the result, or None while there is none.

    Returns:
        What ``look`` gives.
    """
    return await _until(owner, watch, look, None)


async def _until(
    owner: Hashable, watch: Callable[[], _core.Watch], look: Callable[[], Any], timeout: Limit
) -> Any:
    found = look()
    if found is not None:
        return found
    seconds = None if timeout is None else parse_duration(timeout) / 1e9
    loop = asyncio.get_running_loop()
    waits = _LOOPS.setdefault(loop, {}).get(owner)
    if waits is None:
        waits = _LOOPS[loop][owner] = _Waits(loop, watch())
    try:
        async with asyncio.timeout(seconds):
            return await waits.until(look)
    except TimeoutError:
        raise WaitTimeoutError("not known within the timeout; the event itself goes on") from None
    finally:
        if not waits.pending and _LOOPS[loop].get(owner) is waits:
            waits.close()
            del _LOOPS[loop][owner]


class _Waits:
    """Everything that one loop waits for at one engine."""

    def __init__(self, loop: asyncio.AbstractEventLoop, watch: _core.Watch) -> None:
        self.pending: dict[asyncio.Future[Any], Callable[[], Any]] = {}
        self._loop = loop
        self._watch = watch
        loop.add_reader(watch.fileno(), self._look)

    async def until(self, look: Callable[[], Any]) -> Any:
        future = self._loop.create_future()
        self.pending[future] = look
        try:
            self._try(future, look)  # what came before the watch began
            return await future
        finally:
            del self.pending[future]

    def _look(self) -> None:
        self._watch.clear()
        for future, look in self.pending.items():
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
