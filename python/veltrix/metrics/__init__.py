"""Metrics for Prometheus: ``vx.metrics.serve(engine)``, or a collector for your own registry.

``docs/metrics.md`` lists them all.
"""

from veltrix.metrics.engine_collector import EngineCollector, collector
from veltrix.metrics.server import MetricsServer, serve

__all__ = ["EngineCollector", "MetricsServer", "collector", "serve"]
