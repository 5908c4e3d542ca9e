"""Events that no route takes: dead, dropped, rejected, or a queue's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import veltrix as vx
from system.pipelines import LONG, Recorder, balanced, handle
from veltrix import testing


def unmatched(policy: str) -> tuple[vx.Pipeline, Recorder]:
    app, seen = vx.Pipeline("unmatched", unmatched=policy), Recorder()
    handle(app, "known", Recorder())
    handle(app, "rest", seen)
    return app, seen


def test_event_is_a_dead_letter_when_no_route_takes_it() -> None:
    with vx.Engine(unmatched("dead")[0]) as engine:
        receipt = engine.publish("unknown", 1, id="x")
        assert receipt.settled(timeout=LONG) == {}
        assert engine.drain(timeout=LONG)
        (letter,) = engine.dead_letters.list()
    assert (letter.code, letter.queue, letter.event.id, letter.attempts) == (
        "unmatched",
        "",
        "x",
        0,
    )
    assert receipt.state == "unmatched"
    assert engine.stats().totals.unmatched == 1
    assert balanced(engine.stats())


def test_event_is_counted_and_gone_when_unmatched_ones_are_dropped() -> None:
    with vx.Engine(unmatched("drop")[0]) as engine:
        receipt = engine.publish("unknown")
        assert (receipt.state, receipt.id, receipt.sequence) == ("unmatched", None, None)
        assert receipt.accepted(timeout=0).settled(timeout=0) == {}
        assert repr(receipt)
    assert engine.stats().totals.unmatched == 1
    assert engine.dead_letters.list() == []
    assert balanced(engine.stats())


def test_publish_raises_when_unmatched_ones_are_rejected() -> None:
    with vx.Engine(unmatched("reject")[0]) as engine:
        with pytest.raises(vx.UnmatchedError, match="no route takes type 'unknown'") as caught:
            engine.publish("unknown")
        assert caught.value.code == "unmatched"
        assert engine.publish("known").settled(timeout=LONG)
    assert engine.stats().totals.rejected == 1
    assert balanced(engine.stats())


def test_queue_takes_what_no_route_takes() -> None:
    app, seen = unmatched("rest")
    with vx.Engine(app) as engine:
        assert engine.publish("unknown", 7).settled(timeout=LONG) == {"rest": "done"}
    assert seen.events == [7]
    assert engine.stats().totals.unmatched == 0


@pytest.mark.parametrize(
    ("policy", "rejected", "gone", "letters"),
    [("dead", 0, 1, 1), ("drop", 0, 1, 0), ("reject", 1, 0, 0), ("rest", 0, 0, 0)],
)
def test_unmatched_follow_up_never_fails_its_parent(
    policy: str, rejected: int, gone: int, letters: int
) -> None:
    app, seen = unmatched(policy)

    @app.handler("parent")
    def parent(event: vx.Event) -> Iterator[vx.Event]:
        yield vx.Event("unknown")

    with testing.Simulation(app) as simulation:
        simulation.publish("parent")
        simulation.run()
        stats = simulation.stats()
    assert stats.queues["parent"].done == 1
    assert (stats.totals.rejected, stats.totals.unmatched) == (rejected, gone)
    assert (stats.dead_letters, len(seen.events)) == (letters, policy == "rest")
    assert balanced(stats)
