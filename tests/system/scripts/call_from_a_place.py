"""Makes public calls in one of the places where users' code runs.

Arguments: PLACE (or several, with commas), then the names of calls, or ``half`` for every other
one, or ``SEED COUNT`` for random pairs of them. Each trial has 5 s; the process ends with the
stacks of all threads where one takes longer. Prints what became of each call, a line each: place,
calls, what they said, seconds.
"""

from __future__ import annotations

import atexit
import contextlib
import faulthandler
import random
import sys
import threading
import time
from pathlib import Path

import veltrix as vx
from system.scripts.calls import CALLS, World
from system.scripts.places_around import places

SECONDS = 5.0
# A log handler may take 5 s to return after a stop, and the loop here waits for the stop.
LEFT_OUT = {("log handler", "astop")}


def trial(place: str, names: tuple[str, ...]) -> str:
    """Makes the calls, one after the other; the engine must still stop and balance."""
    world = World()
    said: list[str] = []
    called = threading.Lock()  # the first visit to the place counts

    def call() -> None:
        if called.acquire(blocking=False):
            said.extend(outcome(world, place, name) for name in names)

    world.call = call
    places[place](world)
    world.gate.set()
    world.engine.stop()
    assert called.locked(), "the call was not made"
    assert len(said) == len(names), "the call did not come back"
    assert world.engine.stats().balanced
    return "; ".join(said)


def outcome(world: World, place: str, name: str) -> str:
    """Returned, or the error's code; anything that is not an error of ours is a failure."""
    if (place, name) in LEFT_OUT:
        return "left_out"
    try:
        CALLS[name](world)
    except vx.VeltrixError as error:
        return error.code
    except RuntimeError as error:  # asyncio needs a thread, and the interpreter starts none
        if place != "end of the interpreter" or "shutdown" not in str(error):
            raise
        return "too_late"
    return "returned"


def watched(place: str, names: tuple[str, ...]) -> None:
    """One trial under the watchdog."""
    faulthandler.dump_traceback_later(SECONDS, exit=True)
    begun = time.monotonic()
    print(f"{place}: {' + '.join(names)}:", flush=True, end=" ")
    said = trial(place, names)
    faulthandler.cancel_dump_traceback_later()
    print(f"{said} ({time.monotonic() - begun:.3f} s)", flush=True)


def trials_in(place: str, rest: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The calls of each trial."""
    if rest == ("half",):  # the odd ones in one place, the even ones in the next
        return [(name,) for name in list(CALLS)[list(places).index(place) % 2 :: 2]]
    if not rest or not rest[0].isdigit():
        return [(name,) for name in rest or CALLS]
    chance = random.Random(f"{rest[0]} {place}")
    return [tuple(chance.choices(list(CALLS), k=2)) for _ in range(int(rest[1]))]


def main(where: str, *rest: str) -> None:
    """Runs the trials; no thread is left."""
    for place in where.split(","):
        for names in trials_in(place, rest):
            watched(place, names)
    native = [name for name in thread_names() if name.startswith("vx")]
    assert not native, native


def thread_names() -> list[str]:
    """Of all threads of this process; one may end meanwhile."""
    names = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):
            names.append((task / "comm").read_text().strip())
    return names


if sys.argv[1] == "end of the interpreter":
    atexit.register(main, *sys.argv[1:])
else:
    main(*sys.argv[1:])
