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


@dataclass
class Figure:
    """One line of the table: a candidate beside its baseline of the same run."""

    name: str
    unit: str
    candidate: float
    baseline: float
    against: str  # what the baseline is
    target: float | None = None  # wanted ratio of candidate to baseline; None = only shown
    better: Literal["higher", "lower"] = "higher"
    absolute: float | None = None  # a candidate this good has met the target whatever the ratio
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
        """Whether the target is reached; None without a target."""
        if self.target is None:
            return None
        if self.better == "lower":
            return self.ratio <= self.target
        enough = self.absolute is not None and self.candidate >= self.absolute
        return enough or self.ratio >= self.target

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


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of the values lies (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(math.ceil(share * len(ranked)) - 1, 0)]
