"""What a metric is, and how its values become a family that ``prometheus_client`` can write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.utils import floatToGoString

from veltrix.stats import BOUNDS, Times

if TYPE_CHECKING:
    from veltrix.stats import Stats

Family: TypeAlias = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily
Labels: TypeAlias = tuple[str, ...]
Value: TypeAlias = float | Times | Mapping[str, float]

_EDGES = (*map(floatToGoString, BOUNDS), "+Inf")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a metric is about: the labels that tell one from another, and where they stand."""

    labels: Labels
    rows: Callable[[Stats], Iterable[tuple[Labels, Any]]]


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric, of any number of engines.

    Attributes:
        name: With its ending.
        family: Counter, gauge or histogram.
        scope: What it is about.
        read: Its value there: the path of an attribute, or a function.
        help: One sentence.
        by: One more label, where the value is a mapping.
    """

    name: str
    family: type[Family]
    scope: Scope
    read: str | Callable[[Any], Value]
    help: str
    by: str = ""

    @property
    def labels(self) -> Labels:
        """The names of its labels, in their order."""
        return ("engine", *self.scope.labels, *([self.by] if self.by else []))

    def collect(self, engines: Sequence[Stats]) -> Family:
        """Reads its values.

        Args:
            engines: The numbers of each engine.

        Returns:
            The values, for ``prometheus_client`` to write.
        """
        read = attrgetter(self.read) if isinstance(self.read, str) else self.read
        family = self.family(self.name, self.help, labels=self.labels)
        for stats in engines:
            for labels, row in self.scope.rows(stats):
                _add(family, (stats.name, *labels), read(row))
        return family


def _add(family: Family, labels: Labels, value: Value) -> None:
    if isinstance(value, Mapping):
        for name, one in value.items():
            _add(family, (*labels, name), one)
    elif isinstance(family, HistogramMetricFamily):
        assert isinstance(value, Times)
        counts = (*value.buckets, value.count)
        family.add_metric(labels, list(zip(_EDGES, counts, strict=True)), value.sum)
    else:
        assert not isinstance(value, Times)
        family.add_metric(labels, value)
