"""How a figure is taken: baseline and candidate take turns in one process, the first turn is
dropped. What counts is the median of the others, and for the ratio the median of the rounds' own
ratios: both sides of a round ran one after the other, so a slow stretch of the machine hits both.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROUNDS = 5
missing: list[str] = []  # sides of this process's group that were not measured, and why


@dataclass
class Figure:
    """One line of the table: a candidate beside its baseline of the same run."""

    name: str
    unit: str
    candidate: float
    baseline: float
    against: str  # what the baseline is
    # Either of the two will do; without both the figure is only shown.
    target: float | None = None  # wanted ratio of candidate to baseline; "equal": how far from 1
    absolute: float | None = None  # wanted candidate, whatever the ratio
    better: Literal["higher", "lower", "equal"] = "higher"
    runs: dict[str, list[float]] = field(default_factory=dict)
    ratios: list[float] = field(default_factory=list)  # of the rounds, where they are paired
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """Candidate by baseline; of paired rounds the median."""
        if self.ratios:
            return statistics.median(self.ratios)
        return self.candidate / self.baseline if self.baseline else math.inf

    @property
    def met(self) -> bool | None:
        """Whether what is wanted is reached; None where nothing is."""
        pairs = ((self.ratio, self.target), (self.candidate, self.absolute))
        wanted = [(value, bound) for value, bound in pairs if bound is not None]
        return any(self._reaches(value, bound) for value, bound in wanted) if wanted else None

    def _reaches(self, value: float, bound: float) -> bool:
        if self.better == "equal":
            return abs(value - 1) <= bound
        return value <= bound if self.better == "lower" else value >= bound

    def document(self) -> dict[str, Any]:
        """The figure as JSON."""
        return {**asdict(self), "ratio": self.ratio, "met": self.met}


def alternate(
    sides: Mapping[str, Callable[[], float]], rounds: int = ROUNDS
) -> dict[str, list[float]]:
    """Run the sides in turn.

    Args:
        sides: Name to a function that runs once and gives its figure.
        rounds: Rounds that count; one more comes before as warm-up.

    Returns:
        The figures of each side, without the warm-up.
    """
    runs: dict[str, list[float]] = {name: [] for name in sides}
    order = list(sides)
    for turn in range(rounds + 1):
        for name in order:
            figure = sides[name]()
            if turn:
                runs[name].append(figure)
        order.reverse()  # so that no side always runs behind the same other
    return runs


def compare(candidate: str, baseline: str, runs: Mapping[str, list[float]], **rest: Any) -> Figure:
    """Make a figure of two sides' runs."""
    return Figure(
        candidate=statistics.median(runs[candidate]),
        baseline=statistics.median(runs[baseline]),
        against=baseline,
        runs={name: runs[name] for name in (candidate, baseline)},
        ratios=[mine / other for mine, other in zip(runs[candidate], runs[baseline], strict=True)],
        **rest,
    )


def left_out(name: str, why: str) -> None:
    """Say that a side is not measured: the group's result names it."""
    missing.append(f"{name}: {why}")


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of the values lies (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(math.ceil(share * len(ranked)) - 1, 0)]
