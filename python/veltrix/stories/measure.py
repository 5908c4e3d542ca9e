"""Makes the runs of a story, each in a process of its own, so that CPU and memory are its own.

This module is also that process: ``python -m veltrix.stories.measure STORY SIDE OPTIONS`` prints
the outcome as one JSON line.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import find
from .meter import Lateness
from .story import Outcome, Run, Story


class RunFailedError(Exception):
    """A run's process ended without an outcome."""


def measure(story: Story, run: Run, options: Mapping[str, Any]) -> Outcome:
    """Make one run in a fresh process.

    Args:
        story: The story.
        run: One of its runs.
        options: Overrides of the story's options; the run's own go before.

    Returns:
        What came of the load.

    Raises:
        RunFailedError: The process failed; the message has the end of its errors.
    """
    wanted = json.dumps({**story.options, **options, **run.options})
    command = [sys.executable, "-m", __name__, story.name, run.side, wanted]
    with Lateness() as lateness:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise RunFailedError(
            f"{story.name} {run.name} ended with {done.returncode}: {done.stderr.strip()[-2000:]}"
        )
    outcome = Outcome.of(json.loads(done.stdout.splitlines()[-1]))
    outcome.machine_late = lateness.longest
    return outcome


def peak_rss() -> int:
    """Largest resident size of this process in bytes.

    ``ru_maxrss`` would do elsewhere; on Linux it starts with the size of the parent process.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return size if sys.platform == "darwin" else size << 10


def main(name: str, side: str, options: str) -> None:
    """Run one side in this process and print its outcome."""
    story = find(name)
    assert story is not None
    imported = peak_rss()
    outcome = story.sides[side](json.loads(options))
    outcome.peak_rss = peak_rss()
    outcome.own_rss = outcome.peak_rss - imported
    print(json.dumps(outcome.as_json()), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:4])
