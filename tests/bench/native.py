"""The native benchmark programs: ``make bench`` builds them with the release preset. Each makes its
candidates and baselines take turns in one process; ``report.hpp`` says what it prints."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from measure import ROUNDS

_BUILT = Path(__file__).resolve().parents[2] / "build" / "release"


class NotBuiltError(Exception):
    """A native program is missing."""


class WrongResultError(Exception):
    """A native program gave up: what it measured did not come out right."""


def program(name: str) -> Path:
    """Find ``vx_bench_NAME`` below the release build, or below ``VELTRIX_BENCH_BUILD``.

    Raises:
        NotBuiltError: It has not been built.
    """
    root = Path(os.environ.get("VELTRIX_BENCH_BUILD", _BUILT))
    file_name = f"vx_bench_{name}"
    found = next((path for path in root.rglob(file_name) if path.is_file()), None)
    if found is None:
        raise NotBuiltError(f"{file_name} is not below {root}; build it: make bench")
    return found


def run(name: str, size: int, rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Run a program and give its series: the figure of each round by name.

    Raises:
        NotBuiltError: It has not been built.
        WrongResultError: It found a wrong result, or ended otherwise.
    """
    command = [program(name), str(size), str(rounds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise WrongResultError(f"{name}: exit {done.returncode}: {done.stderr.strip()}")
    series: dict[str, list[float]] = json.loads(done.stdout)
    return series
