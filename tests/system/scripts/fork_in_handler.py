"""Handlers that fork, and let their child come back. Arguments: kind of handler, way back."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any

import veltrix as vx

EVENTS = 5


def fork() -> int | None:
    """Gives the parent the exit code of its child; the child comes back."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    back = os.environ["BACK"]
    if back == "exit":
        sys.exit(3)
    if back == "raise":
        raise LookupError("of the child")
    return None


def told(event: vx.Event) -> vx.Event:
    return vx.Event("told", [event.data, fork()])


def each(event: vx.Event) -> None:
    note(event.data, fork())


def rows(events: list[vx.Event]) -> None:
    for event in events:
        note(event.data, fork())


def generated(event: vx.Event) -> Iterator[vx.Event]:
    yield told(event)


async def awaited(event: vx.Event) -> None:
    note(event.data, fork())


async def iterated(event: vx.Event) -> AsyncIterator[vx.Event]:
    yield told(event)


def open_resources(state: Any) -> Iterator[None]:
    state.code = fork()
    yield
    note(0, state.code)


def opened(event: vx.Event, ctx: vx.Context) -> None:
    note(event.data, ctx.state.code)


seen: Counter[tuple[int, int | None]] = Counter()


def note(number: int, code: int | None) -> None:
    seen[number, code] += 1


def main(kind: str, back: str) -> None:
    os.environ["BACK"] = back  # for worker processes
    app = vx.Pipeline("forks")
    options: dict[str, Any] = {}
    if kind == "rows":
        options = {"batch": vx.Batch(max_events=2)}
    if kind == "processes":
        from system.scripts import fork_in_handler as importable  # noqa: PLC0415

        handler: Any = importable.generated
        options = {"pool": "processes"}
    else:
        handler = globals()[kind]
    app.handler("work", queue="work", retry={"max_attempts": 1}, **options)(handler)
    if kind == "opened":
        app.lifespan(open_resources)

    @app.handler("told", queue="told")
    def hear(event: vx.Event) -> None:
        note(*event.data)

    with vx.Engine(app) as engine:
        engine.publish_many(range(1, EVENTS + 1), type="work").settled(timeout=25)
        engine.drain("25s")
    letters = [letter.error for letter in engine.dead_letters]
    assert not letters, letters
    print(sorted(seen.items()))


if __name__ == "__main__":
    main(*sys.argv[1:])
