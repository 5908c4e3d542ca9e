"""The interpreter may end at any point while an engine runs: right code, no signal, no hang."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

DRIVER = Path(__file__).with_name("exits.py")
EXITS = int(os.environ.get("VX_EXITS", "100"))
SCRIPT = """
import veltrix as vx
app = vx.Pipeline("whole")
@app.handler("a")
def handle(event):
    pass
engine = vx.Engine(app)
engine.start()
for number in range({events}):
    engine.publish("a", number)
raise SystemExit({code})
"""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, check=False, timeout=900
    )


@pytest.mark.slow
@pytest.mark.timeout(960)
def test_interpreter_ends_as_it_should_when_it_ends_at_a_random_point() -> None:
    done = run(str(DRIVER), "1", str(EXITS))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("events", "code"), [(0, 0), (1, 0), (5000, 7)])
def test_process_ends_with_its_code_when_the_engine_still_runs(events: int, code: int) -> None:
    done = run("-W", "error", "-c", SCRIPT.format(events=events, code=code))
    assert (done.returncode, done.stderr) == (code, "")
