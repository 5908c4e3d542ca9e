"""Peers of ``peers.py`` without a broker: the standard library, and blinker."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time

from python_dispatch import PAYLOAD, PRIORITIES, TYPE, Message, read_fields


def direct(count: int) -> float:
    """The floor: the publisher calls the handler itself."""
    begin = time.perf_counter()
    for _ in range(count):
        read_fields(Message(TYPE, PAYLOAD, 4))  # type: ignore[arg-type]
    return count / (time.perf_counter() - begin)


def call_soon_threadsafe(count: int) -> float:
    """An event loop on a thread of its own runs the handler."""
    loop = asyncio.new_event_loop()
    worker = threading.Thread(target=loop.run_forever)
    worker.start()
    call = loop.call_soon_threadsafe
    begin = time.perf_counter()
    for _ in range(count):
        call(read_fields, Message(TYPE, PAYLOAD, 4))
    call(loop.stop)
    worker.join()
    seconds = time.perf_counter() - begin
    loop.close()
    return count / seconds


def asyncio_priority_queue(count: int) -> float:
    """One thread, ten priorities; the publisher lets the worker run after 250 events."""

    async def run() -> float:
        events: asyncio.PriorityQueue[tuple[int, int, Message | None]] = asyncio.PriorityQueue()
        number = itertools.count().__next__

        async def work() -> None:
            while (event := (await events.get())[2]) is not None:
                read_fields(event)  # type: ignore[arg-type]

        worker = asyncio.create_task(work())
        begin = time.perf_counter()
        for turn in range(count // 10):
            for priority in PRIORITIES:
                message = Message(TYPE, PAYLOAD, priority)
                events.put_nowait((9 - priority, number(), message))
            if turn % 25 == 0:
                await asyncio.sleep(0)
        events.put_nowait((10, number(), None))
        await worker
        return time.perf_counter() - begin

    return count / asyncio.run(run())


def blinker(count: int) -> float:
    """A call inside the publisher's: there is no queue."""
    import blinker  # noqa: PLC0415

    signal = blinker.signal("bench")
    signal.connect(read_fields, weak=False)
    begin = time.perf_counter()
    for _ in range(count):
        signal.send(Message(TYPE, PAYLOAD, 4))
    seconds = time.perf_counter() - begin
    signal.disconnect(read_fields)
    return count / seconds
