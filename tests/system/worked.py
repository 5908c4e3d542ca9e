"""Handlers that tests run in worker processes."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

import msgspec

import veltrix as vx

closed = "lifespan closed"


class Found(msgspec.Struct):
    team: str


class BrokenError(ConnectionError):
    """With a constructor that the other side cannot call."""

    def __init__(self, a: int, b: int) -> None:
        super().__init__(f"broken {a} {b}")


def resources(state: Any) -> Iterator[None]:
    state.opened = os.getpid()
    yield
    os.write(2, closed.encode())


def work(event: vx.Event, ctx: vx.Context) -> Any:
    """Does what the event says."""
    what, data = event.data["do"], event.data
    if what == "exit":
        os._exit(7)
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "raise":
        raise BrokenError(1, 2)
    if what == "leave":
        sys.exit("enough")
    if what == "spin":
        while True:
            pass
    if what == "interrupt":
        os.kill(os.getpid(), signal.SIGINT)
    if what == "signal":
        return vx.Drop("unwanted") if data.get("drop") else vx.Retry(after="1h")
    if what == "log":
        logging.getLogger("worked").warning("from the worker")
    return None


def tell(event: vx.Event, ctx: vx.Context) -> Iterator[Any]:
    """Yields what it knows of its attempt, and events of all kinds."""
    known = {
        "pid": os.getpid(),
        "opened": ctx.state.opened if ctx.state else None,
        "queue": ctx.queue,
        "attempt": ctx.attempt,
        "sequence": ctx.sequence,
        "deadline": ctx.deadline is not None,
        "key": ctx.idempotency_key,
        "trace": event.traceparent,
        "group": os.getpgid(0) == os.getpid(),
    }
    yield vx.Event("told", known)
    yield Found("red")
    yield vx.Event("told", {"own": True}, id="own-id", after="1ms", priority=9)


def many(event: vx.Event) -> Iterator[vx.Event]:
    while True:
        yield vx.Event("told", {})


def typed(found: Found) -> None:
    if found.team != "red":
        raise ValueError(found.team)


def odd(event: vx.Event) -> Iterator[Any]:
    yield object()
