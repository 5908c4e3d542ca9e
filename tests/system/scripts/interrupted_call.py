"""Sends itself SIGINT in the middle of a blocking call. Argument: the call.

Prints, a line each: how long the KeyboardInterrupt took (the shortest of three), and what the
engine could still do afterwards.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable

import veltrix as vx
from veltrix import testing

CALL = sys.argv[1]
SETTLE = 0.05  # time for the call to block; an earlier signal has to work too
app = vx.Pipeline("interrupted")
begun, gate, sent = threading.Event(), threading.Event(), []


@app.handler("held", capacity={"events": 1}, overflow={"timeout": "1m"})
def held(event: vx.Event) -> None:
    begun.set()
    gate.wait()


@app.handler("free")
def free(event: vx.Event) -> None:
    pass


@app.handler("endless")
def endless(event: vx.Event) -> None:
    while True:
        pass


def interrupt_soon() -> None:
    def send() -> None:
        threading.Event().wait(SETTLE)
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=send, daemon=True).start()


def measured(call: Callable[[], object]) -> float:
    interrupt_soon()
    try:
        call()
    except KeyboardInterrupt:
        return time.monotonic() - sent.pop()
    raise AssertionError("no KeyboardInterrupt")


def simulate() -> None:
    with testing.Simulation(app) as simulation:
        simulation.publish("endless")
        simulation.run()


def leave_context() -> None:
    with vx.Engine(app) as other:
        begun.clear()
        other.publish("held")
        begun.wait()


engine = vx.Engine(app).start()
receipt = engine.publish("held")
begun.wait()
calls: dict[str, Callable[[], object]] = {
    "publish": lambda: engine.publish("held"),
    "drain": engine.drain,
    "settled": receipt.settled,
    "stop": engine.stop,
    "stop at once": lambda: engine.stop(0),
    "exit": leave_context,
    "simulation": simulate,
}
print(min(measured(calls[CALL]) for _ in range(3)))
if not CALL.startswith("stop"):
    print(engine.publish("free").settled(timeout=10))
gate.set()
print(engine.stop(timeout=10))
print(receipt.settled(timeout=10), engine.stats().totals.balanced)
