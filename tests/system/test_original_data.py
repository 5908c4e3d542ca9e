"""Nobody sees what a handler does to an event's data: no retry, no other queue, no redrive."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import msgspec
import pytest

import veltrix as vx
from system.pipelines import LONG

ORIGINAL = {"team": "red", "clues": [1, 2]}


class Found(msgspec.Struct):
    team: str
    clues: list[int]


class Seen:
    """What each attempt found, before it spoilt it."""

    def __init__(self) -> None:
        self.data: list[Any] = []

    def spoil(self, data: dict[str, Any]) -> None:
        self.data.append({**data, "clues": list(data["clues"])})
        data["clues"].append(99)
        data["team"] = "spoilt"
        raise ValueError("again")


def plain(seen: Seen) -> Callable[..., Any]:
    def handler(event: vx.Event) -> None:
        seen.spoil(event.data)

    return handler


def payload(seen: Seen) -> Callable[..., Any]:
    def handler(found: Found) -> None:
        as_dict = {"team": found.team, "clues": found.clues}
        found.team = "spoilt"
        seen.spoil(as_dict)

    return handler


def generator(seen: Seen) -> Callable[..., Any]:
    def handler(event: vx.Event) -> Iterator[vx.Event]:
        seen.spoil(event.data)
        yield vx.Event("nobody.takes.it")

    return handler


def coroutine(seen: Seen) -> Callable[..., Any]:
    async def handler(event: vx.Event) -> None:
        seen.spoil(event.data)

    return handler


def emitting(seen: Seen) -> Callable[..., Any]:
    async def handler(event: vx.Event) -> AsyncIterator[vx.Event]:
        seen.spoil(event.data)
        yield vx.Event("nobody.takes.it")

    return handler


def batch(seen: Seen) -> Callable[..., Any]:
    def handler(events: list[vx.Event]) -> None:
        for event in events:
            seen.spoil(event.data)

    return handler


KINDS: dict[str, tuple[Callable[[Seen], Callable[..., Any]], dict[str, Any]]] = {
    "plain": (plain, {}),
    "payload": (payload, {}),
    "generator": (generator, {}),
    "coroutine": (coroutine, {}),
    "emitting": (emitting, {}),
    "batch": (batch, {"batch": vx.Batch(max_events=4)}),
    "threads": (plain, {"pool": "threads"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_retries_other_queues_and_redrives_see_the_original_data(kind: str) -> None:
    make, options = KINDS[kind]
    first, second = Seen(), Seen()
    app = vx.Pipeline("original", unmatched="drop")
    retry = {"max_attempts": 2, "backoff": "1ms"}
    for queue, seen in (("first", first), ("second", second)):
        handler = make(seen)
        handler.__qualname__ = queue  # else it would be the same one, defined again
        app.handler("found", queue=queue, retry=retry, **options)(handler)
    with vx.Engine(app) as engine:
        mine = {"team": "red", "clues": [1, 2]}
        receipt = engine.publish("found", mine)
        mine["clues"].clear()  # the publisher's own object is none of theirs
        assert receipt.settled(timeout=LONG) == {"first": "dead", "second": "dead"}
        letter, _ = engine.dead_letters.list()
        assert letter.event.data == ORIGINAL
        letter.event.data["clues"].append(99)
        engine.dead_letters.redrive()
        assert engine.drain(timeout=LONG)
    assert first.data == second.data == [ORIGINAL] * 4
