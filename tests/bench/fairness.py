"""Who gets an executor's time when more work waits than it can do: real threads, and the state
machine alone under virtual time, which no machine disturbs."""

from __future__ import annotations

from statistics import median

from measure import Figure
from native import run

WEIGHTS = (1, 2, 4)
MIN_SHARE = 1.0  # % of what the others use


def figures(*, quick: bool) -> list[Figure]:
    """Run the programs. The costs of the queues change places from round to round."""
    threads = run("fairness_threads", 200 if quick else 2_000)
    virtual = run("fairness_virtual", 200 if quick else 10_000)
    late = run("late_urgent", 1_000 if quick else 100_000)
    return [
        *_table("threads", threads),
        *_table("virtual time", virtual),
        _position("behind low ones", late),
        _position("behind low ones still at the door", late),
    ]


def _position(where: str, series: dict[str, list[float]]) -> Figure:
    return Figure(
        name=f"position of a high event {where}",
        unit="",
        candidate=max(series[where]),
        baseline=1,
        against="next",
        better="lower",
        target=1.0,
        runs={"positions": series[where]},
    )


def _table(world: str, series: dict[str, list[float]]) -> list[Figure]:
    low = Figure(
        name=f"lowest priority under endless high load, {world}",
        unit="% of the others' time",
        candidate=median(series["lowest"]),
        baseline=MIN_SHARE,
        against="min_share",
        target=0.95,
        runs={"lowest": series["lowest"]},
    )
    wait = Figure(
        name=f"its longest wait when it comes one at a time, {world}",
        unit="% of max_wait",
        candidate=median(series["longest wait"]),
        baseline=100.0,
        against="max_wait",
        better="lower",
        target=1.05,
        runs={"longest wait": series["longest wait"]},
    )
    return [*(_share(world, series, queue) for queue in range(len(WEIGHTS))), low, wait]


def _share(world: str, series: dict[str, list[float]], queue: int) -> Figure:
    by_weight = 100 * WEIGHTS[queue] / sum(WEIGHTS)
    shares = series[f"share {queue}"]
    return Figure(
        name=f"weight {WEIGHTS[queue]} of 7, handlers of 10 us and 1 ms, {world}",
        unit="% of the time",
        candidate=median(shares),
        baseline=by_weight,
        against="share by weight",
        better="equal",
        target=0.05,
        runs={"shares": shares},
        notes={"worst_round_error": max(abs(share / by_weight - 1) for share in shares)},
    )
