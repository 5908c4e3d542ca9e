"""Every metric: its name, what it counts, and where in ``Stats`` its values stand.

A new one is an entry in ``METRICS``; ``make docs`` brings it to ``docs/metrics.md``. Seconds and
bytes only; counters end in ``_total``; otherwise as ``promtool check metrics`` wants it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily as Counter
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.core import HistogramMetricFamily as Histogram

from veltrix.metrics.metric import Metric, Scope

if TYPE_CHECKING:
    from veltrix.stats import QueueStats, RouteStats, Stats

ENGINE = Scope((), lambda stats: [((), stats)])
SOURCE = Scope(("source",), lambda stats: (((row.name,), row) for row in stats.sources.values()))
ROUTE = Scope(("route",), lambda stats: (((row.name,), row) for row in stats.routes.values()))
QUEUE = Scope(("queue",), lambda stats: (((row.name,), row) for row in stats.queues.values()))
PRIORITY = Scope(
    ("queue", "priority"),
    lambda stats: (
        ((queue.name, str(row.priority)), row)
        for queue in stats.queues.values()
        for row in queue.priorities.values()
    ),
)


def _results(stats: Stats) -> dict[str, float]:
    results = ("received", "admitted", "duplicate", "rejected", "filtered", "unmatched")
    return {result: getattr(stats.totals, result) for result in results}


def _answers(route: RouteStats) -> dict[str, float]:
    answers = ("matched", "filtered", "filter_missing", "filter_error")
    return {answer: getattr(route, answer) for answer in answers}


def _fallbacks(route: RouteStats) -> dict[str, float]:
    return {"key": route.key_missing, "priority": route.priority_missing}


def _outcomes(queue: QueueStats) -> dict[str, float]:
    dropped = sum(queue.dropped.values())
    return {"done": queue.done, "dead": queue.dead, "dropped": dropped, "retry": queue.retried}


def _cpu(stats: Stats) -> dict[str, float]:
    return {"native": stats.cost.native_cpu, "python": stats.cost.python_cpu}


_OF_QUEUES = (
    Metric(
        "veltrix_deliveries_accepted_total",
        Counter,
        QUEUE,
        "accepted",
        "Deliveries that a queue took in; each is done, dead, dropped or in flight.",
    ),
    Metric(
        "veltrix_deliveries_total",
        Counter,
        QUEUE,
        _outcomes,
        "Deliveries that ended: done, dead, dropped; and attempts that ended in a retry.",
        by="outcome",
    ),
    Metric(
        "veltrix_deliveries_dropped_total",
        Counter,
        QUEUE,
        "dropped",
        "Dropped deliveries by reason; after a hundred reasons of a queue, new ones are other.",
        by="reason",
    ),
    Metric(
        "veltrix_deliveries_dead_total",
        Counter,
        QUEUE,
        "dead_by_reason",
        "Deliveries that became dead letters, by reason; counted like those dropped.",
        by="reason",
    ),
    Metric(
        "veltrix_late_outcomes_total",
        Counter,
        QUEUE,
        "late",
        "Outcomes that came for an attempt that was over; they change nothing.",
    ),
    Metric(
        "veltrix_reordered_late_total",
        Counter,
        QUEUE,
        "reordered_late",
        "Events that came too late to be put in order of time.",
    ),
    Metric(
        "veltrix_gil_wait_seconds_total",
        Counter,
        QUEUE,
        "gil_wait",
        "How long batches of Python handlers waited for the GIL.",
    ),
    Metric(
        "veltrix_gil_hold_seconds_total",
        Counter,
        QUEUE,
        "gil_hold",
        "How long Python handlers computed with the GIL.",
    ),
    Metric(
        "veltrix_wait_seconds",
        Histogram,
        PRIORITY,
        "wait",
        "From publication, or the time it was due, to the start of the first attempt.",
    ),
    Metric(
        "veltrix_handler_seconds",
        Histogram,
        PRIORITY,
        "handler_time",
        "How long attempts took in their handler or sink.",
    ),
    Metric(
        "veltrix_in_flight",
        Gauge,
        QUEUE,
        "in_flight",
        "Deliveries that are accepted and have not ended: running, delayed, held or waiting.",
    ),
    Metric(
        "veltrix_running",
        Gauge,
        QUEUE,
        "running",
        "Deliveries that are with a handler or sink now.",
    ),
    Metric(
        "veltrix_delayed",
        Gauge,
        QUEUE,
        "delayed",
        "Deliveries that wait for their time, or for a retry.",
    ),
    Metric(
        "veltrix_held",
        Gauge,
        QUEUE,
        "held",
        "Deliveries that are held until their key is in order of time.",
    ),
    Metric(
        "veltrix_queue_depth",
        Gauge,
        QUEUE,
        "depth",
        "Deliveries that wait for a handler, or for others of their key.",
    ),
    Metric(
        "veltrix_oldest_ready_age_seconds",
        Gauge,
        QUEUE,
        "oldest_ready_age",
        "For how long the oldest work that could run has been ready; 0 when there is none.",
    ),
    Metric(
        "veltrix_in_flight_bytes",
        Gauge,
        QUEUE,
        "in_flight_bytes",
        "Memory of what is in flight, as charged against the capacity.",
    ),
    Metric(
        "veltrix_queue_capacity_events",
        Gauge,
        QUEUE,
        "capacity_events",
        "How many deliveries may be in flight.",
    ),
    Metric(
        "veltrix_queue_capacity_bytes",
        Gauge,
        QUEUE,
        "capacity_bytes",
        "How much memory may be in flight.",
    ),
)

_OF_ENGINES = (
    Metric(
        "veltrix_events_total",
        Counter,
        ENGINE,
        _results,
        "Events by result; received ones are the sum of all others and of those pending.",
        by="result",
    ),
    Metric(
        "veltrix_events_pending",
        Gauge,
        ENGINE,
        "totals.in_door",
        "Events that are received and neither admitted nor turned away yet.",
    ),
    Metric(
        "veltrix_follow_ups_total",
        Counter,
        ENGINE,
        "totals.follow_ups",
        "Of the received events: those that handlers emitted.",
    ),
    Metric(
        "veltrix_keys_missing_total",
        Counter,
        ENGINE,
        "totals.key_missing",
        "Times that an event lacked the key that its route names.",
    ),
    Metric(
        "veltrix_route_events_total",
        Counter,
        ROUTE,
        _answers,
        "Events that a route took; and those of its types that its condition kept away, and why.",
        by="answer",
    ),
    Metric(
        "veltrix_route_fallbacks_total",
        Counter,
        ROUTE,
        _fallbacks,
        "Events that a route took without the key or priority that it wanted to compute.",
        by="option",
    ),
    Metric(
        "veltrix_conflicts_total",
        Counter,
        ENGINE,
        "totals.conflict",
        "Of the rejected events: those whose id was accepted with another payload.",
    ),
    Metric(
        "veltrix_redriven_total",
        Counter,
        ENGINE,
        "totals.redriven",
        "Dead letters that their queues accepted anew.",
    ),
    Metric("veltrix_dead_letters", Gauge, ENGINE, "dead_letters", "Dead letters that are kept."),
    Metric(
        "veltrix_dead_letters_evicted_total",
        Counter,
        ENGINE,
        "dead_letters_evicted",
        "Dead letters that were forgotten because too many came.",
    ),
    Metric(
        "veltrix_cpu_seconds_total",
        Counter,
        ENGINE,
        _cpu,
        "CPU time of the engine's threads: native (sources, sinks, housekeeping) or python.",
        by="runtime",
    ),
    Metric(
        "veltrix_source_records_total",
        Counter,
        SOURCE,
        "records",
        "Records that a source has read, rejected ones included.",
    ),
    Metric(
        "veltrix_source_filtered_total",
        Counter,
        SOURCE,
        "filtered",
        "Records that the source's own condition has left out.",
    ),
    Metric(
        "veltrix_source_rejected_total",
        Counter,
        SOURCE,
        "rejected",
        "Records that were malformed or refused.",
    ),
)

METRICS = (*_OF_QUEUES, *_OF_ENGINES)
