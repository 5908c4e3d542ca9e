"""For tests of pipelines: the engine without threads, on a virtual clock."""

from veltrix.testing.simulation import Attempt, Simulation

__all__ = ["Attempt", "Simulation"]
