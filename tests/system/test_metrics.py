"""A scrape of a running engine over HTTP, judged by promtool and compared with its ledger."""

from __future__ import annotations

import threading
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

import veltrix as vx
from system.pipelines import LONG, Gate, Recorder, handle
from system.promtool import complaints


def page_of(address: str) -> bytes:
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=LONG) as page:
        assert page.status == 200
        return bytes(page.read())


def samples_of(page: bytes) -> list[Sample]:
    families = text_string_to_metric_families(page.decode())
    return [sample for family in families for sample in family.samples]


def value(samples: list[Sample], name: str, **labels: str) -> float:
    wanted = labels.items()
    (found,) = (s for s in samples if s.name == f"veltrix_{name}" and wanted <= s.labels.items())
    return float(found.value)


def check_histograms(samples: list[Sample], name: str) -> int:
    """Buckets grow, the last is the count, and what was counted has a sum; returns all counts."""
    total = 0
    for count in (s for s in samples if s.name == f"veltrix_{name}_count"):
        series = count.labels.items()
        rows = [s for s in samples if s.name == f"veltrix_{name}_bucket"]
        rows = [row for row in rows if series <= row.labels.items()]
        edges = [float(row.labels["le"]) for row in rows]
        counts = [row.value for row in rows]
        assert edges == sorted(edges)
        assert counts == sorted(counts)
        assert (edges[-1], counts[-1]) == (float("inf"), count.value)
        assert (value(samples, f"{name}_sum", **count.labels) > 0) == (count.value > 0)
        total += int(count.value)
    return total


def test_promtool_complains_of_what_is_wrong() -> None:
    assert "counter metrics should have" in complaints(b"# HELP a b\n# TYPE a counter\na 1\n")
    assert "no help text" in complaints(b"# TYPE a gauge\na 1\n")
    assert "second TYPE line" in complaints(b"# TYPE a gauge\na 1\n# TYPE a gauge\na 1\n")


def several() -> tuple[vx.Pipeline, Gate]:
    app, gate = vx.Pipeline("several"), Gate()
    handle(app, "gate", gate, order="none", concurrency=1)
    handle(app, "done", Recorder())
    handle(app, "drop", lambda event: vx.Drop(f"reason {event.data} é\\"), priority="urgent")
    handle(app, "dead", lambda event: 1 // event.data, retry={"max_attempts": 1})
    return app, gate


@pytest.mark.slow
def test_scrape_of_a_running_engine_passes_promtool_and_equals_its_ledger() -> None:
    app, gate = several()
    name = 'quo"te\n'
    with vx.Engine(app, name=name) as engine, vx.metrics.serve(engine, 0) as server:
        gates = [engine.publish("gate") for _ in range(3)]
        gate.wait_begun()
        for number in range(120):
            engine.publish("done", number, priority=number % 10)
            engine.publish("drop", number)
            engine.publish("dead", 0).settled(LONG)
        for queue in ("done", "drop"):
            engine.publish(queue, 0).settled(LONG)
        page = page_of(server.address)  # a handler stands still meanwhile
        stats = engine.stats()
        gate.open()
        assert [receipt.settled(LONG) for receipt in gates] == [{"gate": "done"}] * 3
    assert complaints(page) == ""
    samples = samples_of(page)
    assert {s.labels["engine"] for s in samples if s.name.startswith("veltrix_")} == {name}
    assert value(samples, "running", queue="gate") == 1
    assert value(samples, "queue_depth", queue="gate") == 2
    assert value(samples, "oldest_ready_age_seconds", queue="gate") > 0
    assert value(samples, "oldest_ready_age_seconds", queue="done") == 0
    assert value(samples, "deliveries_dropped_total", reason="other") == 20
    assert value(samples, "deliveries_dead_total", reason="ZeroDivisionError") == 120
    assert value(samples, "cpu_seconds_total", runtime="python") > 0
    for name, queue in stats.queues.items():
        assert value(samples, "deliveries_total", queue=name, outcome="done") == queue.done
        assert value(samples, "in_flight", queue=name) == queue.in_flight
    handled = sum(queue.handled for queue in stats.queues.values())
    assert check_histograms(samples, "handler_seconds") == handled
    assert check_histograms(samples, "wait_seconds") == handled + 1


@pytest.mark.slow
def test_every_scrape_balances_while_events_pour_in() -> None:
    app, pages = vx.Pipeline("pour"), list[bytes]()
    handle(app, "even", Recorder(), order="none")
    handle(app, "odd", lambda event: vx.Drop("odd"))
    pouring = threading.Event()
    pouring.set()

    def pour(engine: vx.Engine) -> None:
        while pouring.is_set():
            engine.publish("even", 1)
            engine.publish("odd", 1, priority="urgent")

    def scrape(address: str) -> None:
        pages.extend(page_of(address) for _ in range(25))

    with vx.Engine(app) as engine, vx.metrics.serve(engine, 0) as server:
        pourer = threading.Thread(target=pour, args=(engine,))
        scrapers = [threading.Thread(target=scrape, args=(server.address,)) for _ in range(2)]
        for thread in (pourer, *scrapers):
            thread.start()
        for scraper in scrapers:
            scraper.join()
        pouring.clear()
        pourer.join()
        assert engine.drain(LONG)
    assert len(pages) == 50
    assert engine.stats().balanced
    for page in pages:
        samples = samples_of(page)
        ended = 0.0
        for queue in ("even", "odd"):
            rows = [s for s in samples if s.name == "veltrix_deliveries_total"]
            outcomes = sum(s.value for s in rows if s.labels["queue"] == queue)
            accepted = value(samples, "deliveries_accepted_total", queue=queue)
            assert accepted == outcomes + value(samples, "in_flight", queue=queue)
            ended += outcomes
        assert check_histograms(samples, "handler_seconds") == ended
