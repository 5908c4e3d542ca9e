"""The benchmarks run and find the right results. With tiny counts: no figure means anything here,
and none is asserted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.measure import Figure, alternate, compare
from bench.run import BY_NAME, GROUPS
from bench.table import markdown

HERE = Path(__file__).resolve().parent
# What every machine has, by group: the standard library, and what veltrix itself needs.
ALWAYS_THERE = {
    "peers": {
        "queue.SimpleQueue",
        "queue.PriorityQueue, priorities",
        "asyncio.PriorityQueue, priorities, 1 thread",
        "ThreadPoolExecutor(1)",
        "call_soon_threadsafe",
        "direct call, no queue",
    },
}
PROGRAMS = HERE.parents[1] / "build" / "dev" / "tests" / "bench"


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_group_gives_its_figures(group: str) -> None:
    if not PROGRAMS.exists():
        pytest.skip("the native programs are not built: cmake --build --preset dev")
    result, table = _run(group)
    assert result["figures"]
    assert result["left_out"] == []
    for figure in result["figures"]:
        assert figure["candidate"] > 0 or figure["name"].startswith("dedup")  # a difference
        assert figure["baseline"] > 0
        wanted = figure["target"] is not None or figure["absolute"] is not None
        assert (figure["met"] is not None) == wanted
        assert figure["name"] in table
    assert markdown([result]).count("\n|") == len(result["figures"]) + 2


@pytest.mark.slow
@pytest.mark.parametrize("group", BY_NAME)
def test_group_of_peers_names_those_that_are_not_installed(group: str) -> None:
    result, table = _run(group, isolated=True)
    assert result["left_out"]
    for missing in result["left_out"]:
        assert "not installed" in missing
        assert missing in table
    against = {figure["against"] for figure in result["figures"]}
    assert against == ALWAYS_THERE.get(group, set())


def _run(group: str, *, isolated: bool = False) -> tuple[dict[str, Any], str]:
    """The group's result and the table."""
    command = [sys.executable, str(HERE / "run.py"), "--quick", "--only", group]
    environment = {**os.environ, "VELTRIX_BENCH_BUILD": str(PROGRAMS)}
    if isolated:
        environment.pop("PYTHONPATH", None)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)["groups"]
    assert result["group"] == group
    return result, done.stderr


@pytest.mark.parametrize(
    ("candidate", "wanted", "met"),
    [
        (5.0, {}, None),
        (5.0, {"target": 0.5}, True),
        (4.9, {"target": 0.5}, False),
        (4.9, {"target": 0.5, "absolute": 4.8}, True),
        (4.9, {"absolute": 5.0}, False),
        (15.0, {"better": "lower", "target": 1.5}, True),
        (15.1, {"better": "lower", "target": 1.5}, False),
        (15.1, {"better": "lower", "absolute": 15.2}, True),
        (10.4, {"better": "equal", "target": 0.05}, True),
        (10.6, {"better": "equal", "target": 0.05}, False),
        (9.4, {"better": "equal", "target": 0.05}, False),
    ],
)
def test_figure_says_whether_it_met_what_is_wanted(
    candidate: float, wanted: dict[str, object], met: bool | None
) -> None:
    figure = Figure("name", "unit", candidate, 10.0, "other", **wanted)  # type: ignore[arg-type]
    assert figure.met is met


def test_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    runs = {"engine": [10.0, 2.0, 30.0], "other": [100.0, 1.0, 100.0]}
    figure = compare("engine", "other", runs, name="name", unit="unit")
    assert (figure.candidate, figure.baseline, figure.ratio) == (10.0, 100.0, 0.3)


def test_sides_take_turns_and_the_first_one_does_not_count() -> None:
    calls: list[str] = []

    def side(name: str) -> float:
        calls.append(name)
        return float(len(calls))

    runs = alternate({"a": lambda: side("a"), "b": lambda: side("b")}, rounds=2)
    assert calls == ["a", "b", "b", "a", "a", "b"]
    assert runs == {"a": [4.0, 5.0], "b": [3.0, 6.0]}
