"""Sends itself SIGINT in the middle of a blocking call. Arguments: the call, how often, a seed.

Prints, a line each: how long each KeyboardInterrupt took, and what the engine could still do
afterwards.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable

import veltrix as vx
from veltrix import testing
from veltrix.cli.run import RunOptions, run_pipeline

CALL, TIMES = sys.argv[1], int(sys.argv[2])
chance = random.Random(sys.argv[3])
SETTLE = 0.05  # at most so long until the signal: sometimes before the call blocks
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
        threading.Event().wait(chance.random() * SETTLE)
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=send, daemon=True).start()


def measured(call: Callable[[], object]) -> float:
    try:
        interrupt_soon()
        call()
    except KeyboardInterrupt:
        return time.monotonic() - sent.pop()
    raise AssertionError("no KeyboardInterrupt")


def simulate() -> None:
    with testing.Simulation(app) as simulation:
        simulation.publish("endless")
        simulation.run()


def accept_for_ever() -> None:
    while True:
        engine.publish("free").accepted()


def run_a_file() -> None:
    with tempfile.TemporaryDirectory() as folder:
        fifo = f"{folder}/endless.jsonl"
        os.mkfifo(fifo)
        writer = os.open(fifo, os.O_RDWR)
        running = vx.Pipeline("run")
        running.source("in", fifo)
        running.handler("*", queue="all")(free)
        result = run_pipeline(running, RunOptions(quiet=True))
        os.close(writer)
    if result.exit_code == 128 + signal.SIGINT:
        raise KeyboardInterrupt


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
    "accepted": accept_for_ever,
    "settled": receipt.settled,
    "run": run_a_file,
    "stop": engine.stop,
    "stop at once": lambda: engine.stop(0),
    "exit": leave_context,
    "simulation": simulate,
}
print(*(measured(calls[CALL]) for _ in range(TIMES)))
if not CALL.startswith("stop"):
    print(engine.publish("free").settled(timeout=10))
gate.set()
print(engine.stop(timeout=10))
print(receipt.settled(timeout=10), engine.stats().totals.balanced)
