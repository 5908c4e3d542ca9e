"""Forks while an engine runs and is flooded; the child tries everything.

Arguments: what the child does at last (exit, leave, new, handler), how many children.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading

import veltrix as vx

LAST, FORKS = sys.argv[1], int(sys.argv[2])
app = vx.Pipeline("parent")
flooding = threading.Event()
forked = threading.Event()


@app.handler("flood.*", capacity={"events": 100}, overflow={"policy": "reject"})
def flood(event: vx.Event) -> None:
    pass


@app.handler("fork")
def fork_here(event: vx.Event) -> None:
    fork()
    forked.set()


def try_everything() -> dict[str, str]:
    calls = {
        "publish": lambda: engine.publish("flood.a"),
        "start": engine.start,
        "stop": engine.stop,
        "drain": engine.drain,
        "stats": engine.stats,
        "publish an event": lambda: engine.publish(vx.Event("flood.a")),
        "dead letters": engine.dead_letters.list,
        "redrive": engine.dead_letters.redrive,
        "cancel": lambda: engine.cancel(receipt.id),
        "timeline": lambda: engine.timeline(receipt.id),
        "enter": engine.__enter__,
        "accepted": receipt.accepted,
        "settled": receipt.settled,
    }
    said = {}
    for name, call in calls.items():
        try:
            said[name] = f"returned {call()!r}"
        except vx.VeltrixError as error:
            said[name] = error.code
    return said


def run_another() -> None:
    seen: list[object] = []
    another = vx.Pipeline("child")

    @another.handler("a")
    def take(event: vx.Event) -> None:
        seen.append(event.data)

    with vx.Engine(another) as own:
        for number in range(1_000):
            own.publish("a", number, key="k")
        assert own.drain(timeout=10)
    assert seen == list(range(1_000))


def fork() -> None:
    child = os.fork()
    if child == 0:
        signal.alarm(20)  # a child that hangs dies of a signal, and the parent tells
        said = try_everything()
        assert set(said.values()) == {"forked"}, said
        assert "forked" in repr(engine)
        families = vx.metrics.collector(engine).collect()
        assert not [sample for family in families for sample in family.samples]
        if LAST in ("new", "handler"):
            run_another()
        if LAST != "exit":
            os._exit(7)
        sys.exit(7)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 7, status


def publish_for_ever() -> None:
    while flooding.is_set():
        with contextlib.suppress(vx.QueueFullError):
            engine.publish("flood.a", {"n": 1})


with vx.Engine(app) as engine:
    receipt = engine.publish("flood.a")
    flooding.set()
    threads = [threading.Thread(target=publish_for_ever) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(FORKS):
        if LAST == "handler":
            engine.publish("fork").settled(timeout=20)
        else:
            fork()
    flooding.clear()
    for thread in threads:
        thread.join()
    assert engine.drain(timeout=10)
stats = engine.stats()
assert stats.totals.balanced
assert stats.queues["flood"].balanced
print("parent unaffected")
