"""The last part of docs/metrics.md: the table of the catalogue, and the bounds of histograms."""

from __future__ import annotations

from prometheus_client.utils import floatToGoString

from veltrix.metrics.catalogue import METRICS
from veltrix.metrics.metric import Metric
from veltrix.stats import BOUNDS

_TITLE = "\n## All of them\n"
_TABLE = """
Written by `make docs` from `python/veltrix/metrics/catalogue.py`; do not edit.

| metric | kind | labels after `engine` | meaning |
|---|---|---|---|
"""


def fresh(page: str) -> str:
    """The page with its last part written anew; what stands before is prose, and kept."""
    prose, title, _ = page.partition(_TITLE)
    edges = ", ".join(f"`{floatToGoString(bound)}`" for bound in BOUNDS)
    buckets = f"\nBuckets of both histograms, by `le` in seconds, each count exact: {edges}.\n"
    return prose + title + _TABLE + "".join(map(_row, METRICS)) + buckets


def _row(metric: Metric) -> str:
    kind = metric.family.__name__.removesuffix("MetricFamily").lower()
    labels = ", ".join(f"`{label}`" for label in metric.labels[1:])
    return f"| `{metric.name}` | {kind} | {labels} | {metric.help} |\n"
