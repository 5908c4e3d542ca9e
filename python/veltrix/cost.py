"""What an engine costs: CPU time of its threads, and the memory of its process."""

from __future__ import annotations

import resource
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from veltrix.stats_table import seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

WORTH_SCALING = 10_000  # deliveries; what fewer of them cost says little about a million


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU time of the engine's own threads, and the memory of its process.

    Threads that publish are the program's: they are not counted. A simulation has no threads, so
    its CPU times are 0, and so are those of an engine that has not started: false as a whole.

    Attributes:
        native_cpu: CPU seconds without Python: sources, sinks, housekeeping.
        python_cpu: CPU seconds of the threads that run Python handlers.
        peak_rss: Most bytes of memory that the process has held, everything in it together.
        handled: Deliveries that have ended: done, dead or dropped.
        native_cpu_per_million: ``native_cpu`` for a million of them; None while there are none.
        python_cpu_per_million: ``python_cpu`` for a million of them; None while there are none.
        peak_rss_per_million: ``peak_rss`` for a million of them; None while there are none. It
            falls as long as the engine runs, and says most where runs of one length are compared.

    Example:
        >>> str(Cost(0.5, 1.5, 64 << 20, 1_000_000, 0.5, 1.5))
        'CPU 500ms native + 1.50s Python (per million 500ms + 1.50s), peak memory 64 MiB'
    """

    native_cpu: float = 0.0
    python_cpu: float = 0.0
    peak_rss: int = 0
    handled: int = 0
    native_cpu_per_million: float | None = None
    python_cpu_per_million: float | None = None
    peak_rss_per_million: float | None = None

    @classmethod
    def of(cls, native: Mapping[str, Any], handled: int) -> Self:
        """Takes the native numbers of an engine that has handled so many deliveries."""
        cpu = (native["native_cpu"], native["python_cpu"])
        peak_rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # Linux: KiB
        spent = (*cpu, peak_rss)
        per_million = [each / handled * 1e6 if handled else None for each in spent]
        return cls(*cpu, peak_rss, handled, *per_million)

    def __bool__(self) -> bool:
        """Whether any of its threads has run."""
        return self.native_cpu + self.python_cpu > 0

    def __str__(self) -> str:
        shown = f"CPU {seconds(self.native_cpu)} native + {seconds(self.python_cpu)} Python"
        native, python = self.native_cpu_per_million, self.python_cpu_per_million
        if native is not None and python is not None and self.handled >= WORTH_SCALING:
            shown += f" (per million {seconds(native)} + {seconds(python)})"
        return f"{shown}, peak memory {self.peak_rss / 2**20:,.0f} MiB"
