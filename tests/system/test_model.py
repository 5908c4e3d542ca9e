"""The public API against a model of plain dictionaries: whatever is published, cancelled and
redriven in whatever order, ledgers, outcomes and order are those that the model says."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

import veltrix as vx
from veltrix import testing

ROOM = 4
QUEUES = ("keyed", "small")
OUTCOMES = {"ok": "done", "fail once": "done", "fail": "dead", "dead": "dead", "drop": "drop"}

keys = st.sampled_from(["red", "green", "blue"])
actions = st.sampled_from(sorted(OUTCOMES))
ids = st.integers(0, 12).map(str)
priorities = st.integers(0, 9)


def pipeline() -> vx.Pipeline:
    app = vx.Pipeline("model", dispatch={"min_share": 0})

    def act(event: vx.Event, ctx: vx.Context) -> object:
        action = event.data["do"]
        if action == "fail" or (action == "fail once" and ctx.attempt == 1):
            raise ConnectionError(action)
        return {"dead": vx.DeadLetter("refused"), "drop": vx.Drop("unwanted")}.get(action)

    app.handler("work", queue="keyed", key="data.key", retry={"max_attempts": 2})(act)
    overflow = {"policy": "drop_newest"}
    app.handler("work", queue="small", order="none", capacity={"events": ROOM}, overflow=overflow)(
        _quiet
    )
    return app


def _quiet(_event: vx.Event) -> None: ...


class Model(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.sim = testing.Simulation(pipeline())
        self.known: dict[str, dict[str, Any]] = {}  # id: the payload that was accepted
        self.waiting: dict[str, dict[str, Any]] = {}  # the same, of what has not run
        self.turned_away: set[str] = set()  # of waiting: from the small queue
        self.letters: dict[str, dict[str, Any]] = {}
        self.redriven: list[str] = []
        self.totals: Counter[str] = Counter()
        self.ledger: dict[str, Counter[str]] = {queue: Counter() for queue in QUEUES}
        self.runs: list[str] = []  # ids in the order of their first attempts

    def teardown(self) -> None:
        self.sim.__exit__()

    @rule(id=ids, key=keys, action=actions, priority=priorities)
    def publish(self, id: str, key: str, action: str, priority: int) -> None:  # noqa: A002
        data = {"key": key, "do": action}
        receipt = self.sim.publish("work", data, id=id, priority=priority)
        self.totals["received"] += 1
        first = self.known.setdefault(id, data)
        small = len(self.waiting) - len(self.turned_away)
        if first is data:
            self.totals["admitted"] += 1
            self.waiting[id] = data
            if small >= ROOM:
                self.turned_away.add(id)
        elif first == data:
            self.totals["duplicate"] += 1
        else:
            self.totals["rejected"] += 1
        # A duplicate holds its room until it is taken in; the model has no door.
        self.sim.cancel("nobody")
        state = "accepted" if first is data else "duplicate" if first == data else "conflict"
        assert receipt.state == state

    @rule(id=ids)
    def cancel(self, id: str) -> None:  # noqa: A002
        queues = self.sim.cancel(id)
        if id in self.redriven:
            assert queues == ["keyed"]
            self.redriven.remove(id)
            del self.letters[id]
            self.ledger["keyed"].update(("accepted", "cancelled"))
            return
        if id not in self.waiting:
            assert queues == []
            return
        turned_away = id in self.turned_away
        assert sorted(queues) == (["keyed"] if turned_away else ["keyed", "small"])
        del self.waiting[id]
        self.turned_away.discard(id)
        for queue in QUEUES:
            self.ledger[queue]["accepted"] += 1
            newest = turned_away and queue == "small"
            self.ledger[queue]["newest" if newest else "cancelled"] += 1

    @rule()
    def run(self) -> None:
        self.sim.run()
        for id_, data in self.waiting.items():
            self._count(id_, data)
            newest = id_ in self.turned_away
            self.ledger["small"]["accepted"] += 1
            self.ledger["small"]["newest" if newest else "done"] += 1
        for id_ in self.redriven:
            self._count(id_, self.letters.pop(id_) | {"do": "ok"})
        self.waiting.clear()
        self.turned_away.clear()
        self.redriven.clear()

    def _count(self, id_: str, data: dict[str, Any]) -> None:
        counts = self.ledger["keyed"]
        outcome = OUTCOMES[data["do"]]
        counts["accepted"] += 1
        counts["unwanted" if outcome == "drop" else outcome] += 1
        counts["retried"] += data["do"].startswith("fail")
        if outcome == "dead":
            self.letters[id_] = data

    @rule(key=keys)
    def redrive(self, key: str) -> None:
        def mended(event: vx.Event) -> vx.Event:
            return vx.Event("work", event.data | {"do": "ok"})

        report = self.sim.dead_letters.redrive(queue="keyed", key=key, edit=mended)
        expected = [
            id_
            for id_, data in self.letters.items()
            if data["key"] == key and id_ not in self.redriven
        ]
        assert sorted(letter.event.id for letter in report.letters) == sorted(expected)
        assert report.redriven == len(expected)
        self.redriven += expected

    @invariant()
    def the_ledgers_are_those_of_the_model(self) -> None:
        stats = self.sim.stats()
        assert stats.balanced
        for name in ("received", "admitted", "duplicate", "rejected"):
            assert getattr(stats.totals, name) == self.totals[name], name
        if self.waiting or self.redriven:
            return
        for name in QUEUES:
            queue, counts = stats.queues[name], self.ledger[name]
            seen = {"accepted": queue.accepted, "done": queue.done, "dead": queue.dead}
            seen |= {"retried": queue.retried, **queue.dropped}
            assert +Counter(seen) == +counts, name

    @invariant()
    def keys_keep_their_order(self) -> None:
        begun: dict[str, list[str]] = {}
        for attempt in self.sim.attempts("keyed"):
            ids_of_key = begun.setdefault(attempt.event.data["key"], [])
            if attempt.attempt == 1 and attempt.event.id not in ids_of_key:
                ids_of_key.append(attempt.event.id)
        published = list(self.known)
        for ids_of_key in begun.values():
            places = [published.index(id_) for id_ in ids_of_key]
            assert places == sorted(places)


@pytest.mark.slow
def test_the_simulation_is_the_model() -> None:
    run_state_machine_as_test(
        Model, settings=settings(max_examples=60, stateful_step_count=30, deadline=None)
    )


@pytest.mark.ci
@pytest.mark.timeout(900)
def test_the_simulation_is_the_model_at_length() -> None:
    run_state_machine_as_test(
        Model, settings=settings(max_examples=300, stateful_step_count=40, deadline=None)
    )
