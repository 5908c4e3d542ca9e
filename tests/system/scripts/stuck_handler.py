"""Ends the interpreter while a handler does not return. Argument: how it is stuck."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator

import veltrix as vx

HOW = sys.argv[1]
app = vx.Pipeline("stuck")
begun = threading.Event()


def hang() -> None:
    begun.set()
    if HOW == "sleep":
        time.sleep(1_000)  # hangs on purpose
    if HOW == "lock":
        threading.Lock().acquire() and threading.Event().wait()
    while True:
        pass


@app.handler("plain")
def plain(event: vx.Event) -> None:
    hang()


@app.handler("generator")
def generator(event: vx.Event) -> Iterator[vx.Event]:
    hang()
    yield vx.Event("never")


engine = vx.Engine(app).start()
engine.publish("generator" if HOW == "generator" else "plain")
begun.wait()
sys.exit(3)
