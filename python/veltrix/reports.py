"""What ends a wait for the engine: whether it is empty, and if not, what is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class DrainReport:
    """The result of ``drain`` and ``stop``; true when nothing is left.

    Attributes:
        drained: Whether everything was done, dead or dropped.
        left: Deliveries that are left, by queue.
        elapsed: Seconds that it took.

    Example:
        >>> str(DrainReport(False, {"scores": 3}, 5.0))
        '3 deliveries left after 5.0 s: scores 3'
    """

    drained: bool
    left: Mapping[str, int] = field(default_factory=dict)
    elapsed: float = 0.0

    @classmethod
    def of(cls, native: Mapping[str, Any]) -> DrainReport:
        """Takes the native report."""
        left = {queue or "(not yet routed)": count for queue, count in native["left"].items()}
        return cls(bool(native["drained"]), left, native["elapsed"] / 1e9)

    def __bool__(self) -> bool:
        return self.drained

    def __str__(self) -> str:
        if self.drained:
            return f"drained in {self.elapsed:.1f} s"
        total = sum(self.left.values())
        each = ", ".join(f"{queue} {count:,}" for queue, count in self.left.items() if count)
        noun = "delivery" if total == 1 else "deliveries"
        return f"{total:,} {noun} left after {self.elapsed:.1f} s" + (f": {each}" if each else "")
