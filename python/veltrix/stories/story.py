"""What a story consists of: two sides that take the same load, and what it claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

SIDES: Final = ("before", "veltrix")


@dataclass
class Outcome:
    """What one side made of the load.

    ``sent = handled - duplicates + lost``, where second deliveries are not part of ``sent``.
    """

    sent: int = 0  # distinct events offered
    handled: int = 0  # handler calls that ended well
    lost: int = 0  # distinct events that no handler saw
    duplicates: int = 0  # handler calls with an event that was handled before
    out_of_order: int = 0  # handler calls behind a later event of the same type and key
    seconds: float = 0.0  # from the first send to the last handler's end
    latency: dict[str, dict[str, float]] = field(default_factory=dict)  # type -> p50, p99, max (s)
    cpu_seconds: float = 0.0  # of the whole process meanwhile: sender, queue and handlers
    peak_rss: int = 0  # bytes
    own_rss: int = 0  # bytes of it that came after the imports

    @property
    def loss(self) -> float:
        """Share of the events that was lost."""
        return self.lost / self.sent if self.sent else 0.0

    @property
    def rate(self) -> float:
        """Handled events per second."""
        return self.handled / self.seconds if self.seconds else 0.0

    @property
    def cpu_per_event(self) -> float:
        """CPU seconds per handled event."""
        return self.cpu_seconds / self.handled if self.handled else 0.0


@dataclass(frozen=True)
class Claim:
    """One sentence of the story and how this run bears it out."""

    what: str
    claimed: str
    measured: Callable[[Outcome, Outcome], str]
    met: Callable[[Outcome, Outcome], bool]


@dataclass(frozen=True)
class Story:
    """A load, told twice.

    Args:
        name: ``s0`` to ``s4``.
        title: One line.
        setting: What the load is and what the *before* side looks like; a few sentences.
        sides: ``before`` and ``veltrix``; each takes the options and runs the whole load.
        options: Options of the load with their defaults; must be JSON.
        quick: Options for a first look.
        claims: What the story says.
    """

    name: str
    title: str
    setting: str
    sides: Mapping[str, Callable[[Mapping[str, Any]], Outcome]]
    options: Mapping[str, Any]
    quick: Mapping[str, Any]
    claims: tuple[Claim, ...]
