"""The driver of test_exits.py: forks one child per seed, which ends its interpreter anywhere.

Prints one line per child that did not end as it should. The parent imports veltrix and starts
nothing, so that a child is a fresh process in all that matters, at a tenth of the cost.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading

import veltrix as vx

HANG = 30  # seconds until SIGALRM ends a child that does not end itself


def pipeline(choice: random.Random) -> vx.Pipeline:
    app = vx.Pipeline("exits")
    gate = threading.Event()
    width = choice.choice([1, 1, 4])

    @app.lifespan
    def state_of(state):
        state.ready = True
        yield
        gate.set()

    @app.handler("quick.**", concurrency=width)
    def quick(event):
        if event.data % 7 == 3:
            raise ValueError("an attempt fails")

    @app.handler("chain.**", order="none")
    def chain(event, ctx: vx.Context):
        if event.data:
            yield vx.Event("chain.next", event.data - 1)

    @app.handler("blocked.**")
    def blocked(event):
        gate.wait(0.002 * event.data)

    return app


def publish(engine: vx.Engine, choice: random.Random) -> None:
    for _ in range(choice.choice([0, 1, 30, 1000])):
        kind = choice.choice(["quick.a", "quick.b", "chain.a", "blocked.a"])
        try:
            engine.publish(kind, choice.randrange(5), key=str(choice.randrange(9)))
        except vx.EngineStoppedError:
            return


def background(engine: vx.Engine, seed: int) -> None:
    choice = random.Random(seed)
    while True:
        try:
            engine.publish("quick.c", choice.randrange(5))
        except vx.VeltrixError:
            return


def play(seed: int) -> int:
    """Starts an engine, works it, and leaves it as it is; returns the exit code to expect."""
    choice = random.Random(seed)
    engine = vx.Engine(pipeline(choice))
    engine.start()
    if choice.random() < 0.3:
        threading.Thread(target=background, args=(engine, seed), daemon=True).start()
    publish(engine, choice)
    if choice.random() < 0.2:
        engine.drain(timeout=0.01)
    if choice.random() < 0.2:
        engine.stop()
    if choice.random() < 0.3:
        globals()["kept"] = engine  # else the last reference goes here
    return code_of(seed)


def code_of(seed: int) -> int:
    return (0, 3, 1)[seed % 3]


def leave(seed: int) -> None:
    if seed % 3 == 1:
        sys.exit(3)
    if seed % 3 == 2:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 - the traceback is wanted there
        raise RuntimeError("an exception nobody takes")


def main() -> int | None:
    """In the parent: how many children ended wrongly. In a child: None, and the script goes on."""
    wrong = 0
    first, count = int(sys.argv[1]), int(sys.argv[2])
    for seed in range(first, first + count):
        if os.fork() == 0:
            signal.alarm(HANG)
            play(seed)
            leave(seed)
            return None
        _, status = os.wait()
        code = os.waitstatus_to_exitcode(status)
        if code != code_of(seed):
            wrong += 1
            sys.stdout.write(f"seed {seed} ended with {code} instead of {code_of(seed)}\n")
            sys.stdout.flush()
    return min(wrong, 1)


if __name__ == "__main__":
    answer = main()
    if answer is not None:
        sys.exit(answer)
