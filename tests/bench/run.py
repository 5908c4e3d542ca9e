"""``make bench``: every figure beside its baseline of the same run.

One JSON document goes to standard output, a table to standard error. Each group of figures runs
in a process of its own, so that none inherits another's threads, garbage or memory. Times are
shown, never asserted: the exit code only says whether everything could be measured.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

GROUPS = (
    "python_dispatch",
    "python_boundary",
    "urgent_python",
    "native_dispatch",
    "dedup",
    "budget",
    "wake_up",
    "slow_key",
    "poisoned_key",
    "fairness",
    "json_lines",
    "json_filter",
    "json_peers",
    "expressions",
    "route_conditions",
    "cel_eval",
    "urgent_wait",
    "isolation",
    "per_key",
)
# Only when asked for: make bench-peers.
BY_NAME = ("peers", "peers_streams", "isolation_peers", "per_key_peers")
MARK = "@@figures "  # before a group's result, behind whatever else it printed


def main() -> int:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only",
        nargs="+",
        choices=GROUPS + BY_NAME,
        default=GROUPS,
        metavar="NAME",
        help=", ".join(GROUPS + BY_NAME),
    )
    parser.add_argument("--quick", action="store_true", help="small counts: does it run at all?")
    parser.add_argument("--child", choices=GROUPS + BY_NAME, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        return _child(arguments.child, quick=arguments.quick)
    results = [_measure(name, quick=arguments.quick) for name in arguments.only]
    document = {"machine": _machine(), "quick": arguments.quick, "groups": results}
    json.dump(document, sys.stdout, indent=1)
    print(flush=True)
    print(importlib.import_module("table").text(results), file=sys.stderr)
    return 1 if any(group["error"] for group in results) else 0


def _child(name: str, *, quick: bool) -> int:
    figures = importlib.import_module(name).figures(quick=quick)
    missing = importlib.import_module("measure").missing
    document = {"figures": [figure.document() for figure in figures], "left_out": missing}
    print(MARK + json.dumps(document), flush=True)
    return 0


def _measure(name: str, *, quick: bool) -> dict[str, Any]:
    print(f"measuring {name} …", file=sys.stderr, flush=True)
    command = [sys.executable, str(Path(__file__).resolve()), "--child", name]
    if quick:
        command.append("--quick")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        if line.startswith(MARK) and done.returncode == 0:
            return {"group": name, "error": None, **json.loads(line[len(MARK) :])}
    said = done.stderr.strip().splitlines() or ["no output"]
    error = f"exit {done.returncode}: {said[-1]}"
    return {"group": name, "error": error, "figures": [], "left_out": []}


def _machine() -> dict[str, Any]:
    return {
        "cpus": os.cpu_count(),
        "machine": platform.machine(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


if __name__ == "__main__":
    sys.exit(main())
