"""Ends the interpreter at a random point of an engine's life.

Arguments: STATE (new, idle, saturated, blocked, draining, stopping), ENDING (normal, exception,
thread, sigterm, killed), SEED.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import threading
import warnings

import veltrix as vx

STATE, ENDING, SEED = sys.argv[1], sys.argv[2], int(sys.argv[3])
chance = random.Random(SEED)
app = vx.Pipeline("exit")
going = threading.Event()
numbers = iter(range(10**9))


@app.handler("work.*", capacity={"events": 50 if STATE == "blocked" else 100_000})
def work(event: vx.Event) -> object:
    if STATE == "blocked":
        going.wait(0.001)
    return sum(range(chance.randrange(300)))  # a result that is ignored: warns, once


@app.handler("slow.*", priority="bulk")
def slow(event: vx.Event) -> None:
    going.wait(0.002)


def publish_for_ever() -> None:
    while True:
        engine.publish("work.a", next(numbers), key=str(chance.randrange(5)))
        if chance.random() < 0.01:
            engine.publish("slow.a")
        going.set()


def ask_for_ever() -> None:
    ask = chance.choice([engine.stats, engine.drain, engine.dead_letters.list, engine.stop])
    while True:
        going.set()
        ask()


def wait_for_ever() -> None:
    while True:
        receipt = engine.publish("slow.a")
        going.set()
        receipt.settled()


def in_daemon(function: object) -> None:
    def run() -> None:
        with contextlib.suppress(vx.EngineStoppedError):  # a publisher is told that the engine goes
            function()

    threading.Thread(target=run, daemon=True).start()


def leave() -> None:
    if ENDING == "exception":
        raise RuntimeError("the end")
    if ENDING == "thread":
        leaver = threading.Thread(target=sys.exit, args=(3,))
        leaver.start()
        leaver.join()
        sys.exit(4)
    if ENDING == "sigterm":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if ENDING in ("sigterm", "killed"):
        os.kill(os.getpid(), signal.SIGTERM)


warnings.simplefilter("ignore")
engine = vx.Engine(app)
if STATE != "new":
    engine.start()
if STATE in ("draining", "stopping"):
    for _ in range(chance.randrange(1, 400)):
        engine.publish("slow.a")
    in_daemon(lambda: going.set() or (engine.drain if STATE == "draining" else engine.stop)())
    going.wait()
    threading.Event().wait(chance.random() * 0.02)  # somewhere in the middle of it
if STATE in ("saturated", "blocked"):
    for doing in (publish_for_ever, publish_for_ever, chance.choice([ask_for_ever, wait_for_ever])):
        in_daemon(doing)
    going.wait()
    for _ in range(chance.randrange(400)):
        try:
            engine.publish("work.b", None, key="main")
        except vx.EngineStoppedError:
            break
leave()
