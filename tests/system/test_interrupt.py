"""Ctrl-C in the middle of every call that waits: soon, and the engine goes on or can be stopped."""

from __future__ import annotations

import pytest

from system.child import run_script

SECONDS = 0.2  # the median: a loaded machine may be late once
CALLS = [
    "publish",
    "accepted",
    "settled",
    "drain",
    "stop",
    "stop at once",
    "exit",
    "run",
    "simulation",
]


def check(call: str, times: int, seed: int) -> None:
    ended = run_script("interrupted_call.py", call, str(times), str(seed), limit=60)
    assert (ended.code, ended.err) == (0, ""), ended
    first, *after = ended.out.splitlines()
    seconds = sorted(map(float, first.split()))
    print(f"{call}: {', '.join(f'{each * 1e3:.1f} ms' for each in seconds)}")
    assert len(seconds) == times
    assert seconds[times // 2] < SECONDS
    usable = [] if call.startswith("stop") else ["{'free': 'done'}"]
    assert after[:-2] == usable
    assert after[-2].startswith("drained in"), after
    assert after[-1] == "{'held': 'done'} True"


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS)
def test_call_is_interrupted_soon_when_ctrl_c_comes(call: str) -> None:
    check(call, 3, seed=1)


@pytest.mark.ci
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("seed", [2, 3])
def test_call_is_interrupted_soon_at_many_more_points(call: str, seed: int) -> None:
    check(call, 7, seed)
