"""The collector: every number equals the one in ``stats()``, off one picture of each engine."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry
from prometheus_client.samples import Sample

import veltrix as vx
from veltrix.metrics.catalogue import METRICS
from veltrix.stats import BOUNDS, Stats
from veltrix.testing import Simulation


def hunt(name: str = "hunt") -> vx.Pipeline:
    app = vx.Pipeline(name)

    @app.handler("clue", queue="clues", retry={"max_attempts": 1})
    def clue(event: vx.Event) -> Any:
        if event.data % 4 == 0:
            raise KeyError(event.data)
        return [None, None, vx.Drop("odd"), vx.Retry(after="1s")][event.data % 4]

    @app.handler("quiet", queue="quiet", capacity={"events": 5, "bytes": "1MiB"})
    def quiet(event: vx.Event) -> None: ...

    return app


def simulated(name: str = "hunt") -> Simulation:
    """After four clues of each kind and one event that nobody wants."""
    sim = Simulation(hunt(name))
    for number in range(16):
        sim.publish("clue", number, priority=number % 3)
    sim.publish("clue", 1, id="twice")
    sim.publish("clue", 1, id="twice")
    sim.publish("nobody")
    sim.publish("quiet", after="1h")
    sim.run(until="1m")
    return sim


def scraped(engines: Any) -> dict[str, list[Sample]]:
    registry = CollectorRegistry()
    registry.register(vx.metrics.collector(engines))
    found: dict[str, list[Sample]] = {}
    for family in registry.collect():
        for sample in family.samples:
            assert sample.labels.pop("engine")
            found.setdefault(sample.name, []).append(sample)
    return found


def values(samples: list[Sample]) -> dict[tuple[str, ...], float]:
    found = {tuple(sample.labels.values()): sample.value for sample in samples}
    assert len(found) == len(samples), "a series came twice"
    return found


def test_counters_equal_the_ledgers() -> None:
    sim = simulated()
    found, stats = scraped(sim), sim.stats()
    clues = stats.queues["clues"]
    outcomes = values(found["veltrix_deliveries_total"])
    assert [outcomes["clues", name] for name in ("done", "dead", "dropped", "retry")] == [
        5,
        8,
        4,
        0,
    ]
    assert (clues.done, clues.dead, sum(clues.dropped.values()), clues.retried) == (5, 8, 4, 0)
    assert values(found["veltrix_deliveries_dropped_total"]) == {("clues", "odd"): 4}
    dead = values(found["veltrix_deliveries_dead_total"])
    assert dead == {("clues", "KeyError"): 4, ("clues", "retry"): 4}
    assert values(found["veltrix_deliveries_accepted_total"]) == {("clues",): 17, ("quiet",): 1}
    events = values(found["veltrix_events_total"])
    assert (events["received",], events["duplicate",], events["unmatched",]) == (20, 1, 1)
    assert sum(events.values()) == 2 * events["received",]
    assert values(found["veltrix_dead_letters"]) == {(): 9}


def test_conflicts_and_redriven_letters_are_counted() -> None:
    sim = simulated()
    sim.publish("clue", 2, id="twice")  # was 1
    sim.run(until="2m")
    assert sim.dead_letters.redrive(queue="clues").redriven == 8
    found = scraped(sim)
    assert values(found["veltrix_conflicts_total"]) == {(): 1}
    assert values(found["veltrix_redriven_total"]) == {(): 8}
    assert values(found["veltrix_events_total"])["rejected",] == 1


def test_gauges_show_what_a_queue_holds() -> None:
    found = scraped(simulated())
    shown = {name: values(samples).get(("quiet",)) for name, samples in found.items()}
    assert shown["veltrix_in_flight"] == shown["veltrix_delayed"] == 1
    assert shown["veltrix_running"] == shown["veltrix_queue_depth"] == 0
    assert shown["veltrix_queue_capacity_events"] == 5
    assert shown["veltrix_queue_capacity_bytes"] == 1 << 20
    assert shown["veltrix_in_flight_bytes"] == 256


def test_scrape_takes_one_picture_of_each_engine() -> None:
    class Counting:
        def __init__(self, name: str) -> None:
            self.name, self.asked, self._sim = name, 0, simulated(name)

        def stats(self) -> Stats:
            self.asked += 1
            return self._sim.stats()

    engines = [Counting("red"), Counting("blue")]
    scraped(engines)
    assert [engine.asked for engine in engines] == [1, 1]


def test_engines_share_a_registry_when_their_names_differ() -> None:
    registry = CollectorRegistry(auto_describe=True)
    registry.register(vx.metrics.collector([simulated("red"), Simulation(hunt("blue"))]))
    families = list(registry.collect())
    assert Counter(family.name for family in families).most_common(1)[0][1] == 1
    (family,) = (one for one in families if one.name == "veltrix_deliveries_accepted")
    engines = {(s.labels["engine"], s.labels["queue"]): s.value for s in family.samples}
    assert engines[("red", "clues")] == 17
    assert engines[("blue", "clues")] == 0


def test_engines_of_one_name_are_refused() -> None:
    with pytest.raises(vx.OptionError, match="two engines are named 'hunt'"):
        vx.metrics.collector([simulated(), simulated()])


def test_second_collector_of_a_registry_is_refused() -> None:
    registry = CollectorRegistry()
    registry.register(vx.metrics.collector(simulated("red")))
    with pytest.raises(ValueError, match="Duplicated timeseries"):
        registry.register(vx.metrics.collector(simulated("blue")))


def test_names_are_unique_and_counters_end_in_total() -> None:
    names = [metric.name for metric in METRICS]
    assert len(set(names)) == len(names)
    for metric in METRICS:
        counter = metric.family.__name__.startswith("Counter")
        assert metric.name.endswith("_total") == counter, metric.name


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from([bound * factor for bound in BOUNDS for factor in (0.999, 1.0, 1.001)]),
            st.floats(0, 400),
        ),
        max_size=20,
    )
)
def test_buckets_are_the_counts_of_waits_not_above_their_bounds(pauses: list[float]) -> None:
    """Events of one key: each waits for the retry of the one before it."""
    app = vx.Pipeline("hunt")

    @app.handler("pause", key="data.k", queue="q", retry={"max_attempts": 2})
    def pause(event: vx.Event, ctx: vx.Context) -> Any:
        return vx.Retry(after=event.data["pause"]) if ctx.attempt == 1 else None

    with Simulation(app) as sim:
        for seconds in pauses:
            sim.publish("pause", {"k": "one", "pause": seconds})
        sim.run()
        waits = [row.started for row in sim.attempts("q") if row.attempt == 1]
        found = scraped(sim)
    assert len(waits) == len(pauses)
    buckets = {s.labels["le"]: s.value for s in found.get("veltrix_wait_seconds_bucket", ())}
    expected = {bound: sum(wait <= float(bound) for wait in waits) for bound in buckets}
    assert buckets == expected
    assert len(buckets) == (len(BOUNDS) + 1 if pauses else 0)
    for sample in found.get("veltrix_wait_seconds_sum", ()):
        assert sample.value == pytest.approx(sum(waits))
