"""A gate for coroutines of tests."""

from __future__ import annotations

import asyncio
import threading

WAIT = 20  # seconds after which a wait has failed


class Gate:
    """Holds coroutines of any loop up until it is opened."""

    def __init__(self, expected: int = 1) -> None:
        self.inside = 0
        self.full = threading.Event()
        self._expected = expected
        self._opened = False
        self._held: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def hold(self) -> None:
        event = asyncio.Event()
        self._held.append((asyncio.get_running_loop(), event))
        self.inside += 1
        if self.inside == self._expected:
            self.full.set()
        if not self._opened:
            await event.wait()

    def open(self) -> None:
        self._opened = True
        for loop, event in self._held:
            loop.call_soon_threadsafe(event.set)
