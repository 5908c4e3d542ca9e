"""Native publish -> native handler, against moodycamel's queue alone. The work is in
``native_dispatch.cpp``; it alternates both sides and prints what each round gave."""

from __future__ import annotations

import json
import subprocess

from measure import ROUNDS, Figure, compare
from native import program


def figures(*, quick: bool) -> list[Figure]:
    """Run the program and compare."""
    count = 200_000 if quick else 10_000_000
    command = [program("native_dispatch"), str(count), str(ROUNDS)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    runs = json.loads(done.stdout)
    rest = {"name": "native publish -> native handler", "unit": "events/s"}
    return [compare("engine", "moodycamel", runs, target=0.07, absolute=20e6, **rest)]
