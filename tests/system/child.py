"""Scripts in processes of their own, for what ends a process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).with_name("scripts")
TESTS = Path(__file__).parents[1]  # scripts find each other as tests do
AT_ONCE = 2  # processes side by side; more of them push each other aside on two cores


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    arguments: tuple[str, ...]
    code: int
    out: str
    err: str
    seconds: float


def run_script(name: str, *arguments: str, limit: float = 30.0) -> Ended:
    """Runs one of the scripts to its end; one that does not end fails the test."""
    command = [sys.executable, "-X", "faulthandler", str(SCRIPTS / name), *arguments]
    begun = time.monotonic()
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=limit,
        env=os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": str(TESTS)},
    )
    seconds = time.monotonic() - begun
    return Ended(arguments, done.returncode, done.stdout, done.stderr, seconds)


def run_scripts(name: str, runs: Iterable[tuple[str, ...]], limit: float = 30.0) -> list[Ended]:
    """Runs a script once for each tuple of arguments, a few at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda arguments: run_script(name, *arguments, limit=limit), runs))
