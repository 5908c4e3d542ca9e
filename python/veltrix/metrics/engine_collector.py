"""The bridge to ``prometheus_client``: a collector that reads each engine once for a scrape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

from prometheus_client.registry import Collector

from veltrix.errors import ForkedError, InvalidOptionError
from veltrix.metrics.catalogue import METRICS

if TYPE_CHECKING:
    from veltrix.metrics.metric import Family
    from veltrix.stats import Stats


class Counted(Protocol):
    """What has numbers to show: an ``Engine``, or a ``Simulation``."""

    name: str

    def stats(self) -> Stats:
        """Counts everything at this moment."""


class EngineCollector(Collector):
    """Reads the numbers of engines when a registry is scraped; see ``collector``."""

    def __init__(self, engines: Counted | Iterable[Counted]) -> None:
        self._engines = tuple(engines) if isinstance(engines, Iterable) else (engines,)
        names = [engine.name for engine in self._engines]
        for name in names:
            if names.count(name) > 1:
                raise InvalidOptionError(
                    f"two engines are named {name!r}: their metrics could not be told apart; "
                    "give each a name of its own: vx.Engine(..., name=...)"
                )

    def collect(self) -> Iterator[Family]:
        """Takes one picture of each engine and reads all metrics off it."""
        pictures = [stats for engine in self._engines if (stats := _picture(engine))]
        for metric in METRICS:
            yield metric.collect(pictures)

    def describe(self) -> Iterator[Family]:
        """Tells the names, so that a registry refuses a second collector of the same ones."""
        return (metric.collect([]) for metric in METRICS)


def collector(engines: Counted | Iterable[Counted]) -> EngineCollector:
    """Makes a collector for a ``prometheus_client`` registry of your own.

    A scrape takes one consistent picture of an engine: it holds the engine's lock once, for about a
    microsecond per queue and priority. A stopped engine still tells its last numbers.

    Args:
        engines: An engine, or several with different names: the label ``engine`` tells them apart.
            A registry takes one collector, so name all of its engines here.

    Returns:
        The collector, to be passed to ``registry.register``.

    Raises:
        OptionError: Two engines have the same name.

    Example:
        >>> import prometheus_client
        >>> import veltrix as vx
        >>> app = vx.Pipeline("hunt")
        >>> @app.handler("clue.found")
        ... def score(event): ...
        >>> registry = prometheus_client.CollectorRegistry()
        >>> with vx.Engine(app) as engine:
        ...     registry.register(vx.metrics.collector(engine))
        ...     _ = engine.publish("clue.found", {"team": "red"})
        >>> labels = {"engine": "hunt", "queue": "score", "outcome": "done"}
        >>> registry.get_sample_value("veltrix_deliveries_total", labels)
        1
    """
    return EngineCollector(engines)


def _picture(engine: Counted) -> Stats | None:
    try:
        return engine.stats()
    except ForkedError:
        return None  # of the process that this one was forked from: its numbers are told there
