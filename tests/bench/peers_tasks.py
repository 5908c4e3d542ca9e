"""Task queues of ``peers.py``, each with what it has instead of a broker. Their arguments are text:
several carry JSON."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import threading
import time
from typing import Any

from python_dispatch import PAYLOAD, TYPE, Message, read_fields

TEXT = PAYLOAD.decode()
_running = contextlib.ExitStack()


def read_parts(kind: str, priority: int, data: str) -> None:
    """The handler of those that carry arguments."""
    read_fields(Message(kind, data, priority))  # type: ignore[arg-type]


def huey(count: int) -> float:
    """Its queue in memory, and one thread that takes and runs."""
    from huey import MemoryHuey  # noqa: PLC0415

    broker = MemoryHuey("bench", immediate=False, results=False)
    task = broker.task()(read_parts)

    def work() -> None:
        for _ in range(count):
            while (found := broker.dequeue()) is None:
                pass
            broker.execute(found)

    worker = threading.Thread(target=work)
    worker.start()
    begin = time.perf_counter()
    for _ in range(count):
        task(TYPE, 4, TEXT)
    worker.join()
    return count / (time.perf_counter() - begin)


def dramatiq(count: int) -> float:
    """Its stub broker and a worker with one thread."""
    from dramatiq import Worker, actor  # noqa: PLC0415
    from dramatiq.brokers.stub import StubBroker  # noqa: PLC0415

    broker = StubBroker()
    task = actor(read_parts, broker=broker, actor_name="bench")
    worker = Worker(broker, worker_threads=1)
    worker.start()
    begin = time.perf_counter()
    for _ in range(count):
        task.send(TYPE, 4, TEXT)
    broker.join(task.queue_name)
    seconds = time.perf_counter() - begin
    worker.stop()
    return count / seconds


def taskiq(count: int) -> float:
    """Its broker in memory, which runs the handler in the publisher's loop."""
    from taskiq import InMemoryBroker  # noqa: PLC0415

    async def run() -> float:
        broker = InMemoryBroker(await_inplace=True)

        @broker.task
        async def task(kind: str, priority: int, data: str) -> None:
            read_parts(kind, priority, data)

        begin = time.perf_counter()
        for _ in range(count):
            await task.kiq(TYPE, 4, TEXT)
        seconds = time.perf_counter() - begin
        await broker.shutdown()
        return seconds

    return count / asyncio.run(run())


@functools.cache
def _celery() -> tuple[Any, Any, threading.Event]:
    """Two tasks, and what the second one sets. The worker ends with the process: another one on
    the same transport, later, would get nothing."""
    from celery import Celery  # noqa: PLC0415
    from celery.contrib.testing.worker import start_worker  # noqa: PLC0415

    app = Celery("bench", broker="memory://")
    # By default a worker that finds nothing looks again after a second.
    app.conf.update(
        task_ignore_result=True,
        worker_hijack_root_logger=False,
        broker_transport_options={"polling_interval": 0.001},
    )
    done = threading.Event()

    @app.task(name="last")
    def last() -> None:
        done.set()

    task = app.task(name="read")(read_parts)
    worker = start_worker(app, pool="solo", perform_ping_check=False, loglevel="CRITICAL")
    _running.enter_context(worker)
    return task, last, done


def celery(count: int) -> float:
    """Its transport in memory, and a worker in a thread of this process; results are ignored."""
    task, last, done = _celery()
    done.clear()
    begin = time.perf_counter()
    for _ in range(count):
        task.delay(TYPE, 4, TEXT)
    last.delay()
    done.wait()
    return count / (time.perf_counter() - begin)
