"""``cancel`` and ``timeline``; duplicates and conflicts as receipts tell them."""

from __future__ import annotations

import threading

import pytest

import veltrix as vx
from veltrix import testing
from veltrix.timelines import Timeline


def hunt(**options: object) -> vx.Pipeline:
    app = vx.Pipeline("hunt")

    @app.handler("clue.*", queue="scores", key="data.team", **options)
    def score(event: vx.Event) -> object:
        return vx.Drop("unwanted") if event.data.get("drop") else None

    return app


def test_cancel_drops_what_waits() -> None:
    with testing.Simulation(hunt()) as sim:
        first = sim.publish("clue.found", {"team": "red"}, id="a")
        sim.publish("clue.found", {"team": "red"}, id="b", after="1h")
        sim.publish("clue.found", {"team": "red"}, id="c")
        assert sim.cancel("c") == ["scores"]
        sim.run(until="1s")
        assert first.settled() == {"scores": "done"}
        assert sim.cancel("a") == []
        assert sim.cancel("b", source="elsewhere") == []
        assert sim.cancel("b") == ["scores"]
        assert sim.cancel("b") == []
        sim.run()
        assert sim.stats().queues["scores"].dropped == {"cancelled": 2}
        assert sim.stats().balanced


def names(timeline: Timeline) -> list[str]:
    return [station.name for station in timeline.stations]


def test_timeline_tells_failed_events_in_full() -> None:
    with testing.Simulation(hunt()) as sim:
        sim.fail("scores", ConnectionError("down"), times=2)
        sim.publish("clue.found", {"team": "red"}, id="a")
        sim.run()
        (timeline,) = sim.timeline("a")
    assert timeline.full
    assert timeline.type == "clue.found"
    assert [n for n in names(timeline) if n not in ("ready", "started")] == [
        "published",
        "retry",
        "retry",
        "done",
    ]
    codes = [station.code for station in timeline.stations if station.name == "retry"]
    assert codes == ["ConnectionError", "ConnectionError"]
    assert "attempt 2" in str(timeline)


def test_timeline_tells_recent_events_by_their_stamps() -> None:
    with vx.Engine(hunt()) as engine:
        receipt = engine.publish("clue.found", {"team": "red"})
        receipt.settled(timeout=5)
        (timeline,) = engine.timeline(receipt.id)
    assert not timeline.full
    assert names(timeline) == ["published", "ready", "started", "done"]
    for wait in (timeline.key_wait, timeline.queue_wait, timeline.handler_time):
        seconds = wait("scores")
        assert seconds is not None
        assert 0 <= seconds < 5
    assert timeline.handler_time("elsewhere") is None


def test_timeline_tells_where_an_event_waits() -> None:
    with testing.Simulation(hunt()) as sim:
        sim.publish("clue.found", {"team": "red"}, id="a", after="1h")
        sim.run(until="1s")
        (timeline,) = sim.timeline("a")
        assert names(timeline)[-1] == "waiting"
        assert timeline.stations[-1].queue == "scores"
        assert sim.timeline("unknown") == []


def test_a_duplicate_reports_the_fate_of_the_first() -> None:
    with testing.Simulation(hunt()) as sim:
        for number, drop in enumerate((False, True)):
            data = {"team": "red", "drop": drop}
            first = sim.publish("clue.found", data, id=str(number))
            again = sim.publish("clue.found", data, id=str(number))
            sim.run()
            assert again.duplicate_of == first.sequence
            assert again.settled() == first.settled() == {"scores": "drop" if drop else "done"}


def test_a_duplicate_waits_for_the_first() -> None:
    app = vx.Pipeline("hunt")
    entered, go_on = threading.Event(), threading.Event()

    @app.handler("clue.*", queue="scores")
    def score(_event: vx.Event) -> None:
        entered.set()
        go_on.wait(5)

    with vx.Engine(app) as engine:
        engine.publish("clue.found", {}, id="a")
        again = engine.publish("clue.found", {}, id="a")
        assert entered.wait(5)
        assert again.accepted(timeout=5).state == "duplicate"
        with pytest.raises(TimeoutError):
            again.settled(timeout=0)
        go_on.set()
        assert again.settled(timeout=5) == {"scores": "done"}


def test_another_payload_under_the_same_id_is_a_conflict() -> None:
    with vx.Engine(hunt()) as engine:
        engine.publish("clue.found", {"team": "red"}, id="a").accepted(timeout=5)
        receipt = engine.publish("clue.found", {"team": "blue"}, id="a")
        with pytest.raises(vx.ConflictError, match="another payload"):
            receipt.accepted(timeout=5)
        assert receipt.state == "conflict"
        engine.publish("clue.found", {"team": "blue"}, id="a", source="elsewhere").accepted(5)
        engine.drain(timeout=5)
        assert engine.stats().totals.rejected == 1
        assert engine.stats().balanced
        (letter,) = engine.dead_letters
        assert (letter.code, letter.event.data) == ("conflict", {"team": "blue"})
