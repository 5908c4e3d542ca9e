"""Ctrl-C in the middle of every call that waits: soon, and the engine goes on or can be stopped."""

from __future__ import annotations

import pytest

from system.child import run_script

SECONDS = 0.2


@pytest.mark.slow
@pytest.mark.parametrize(
    "call", ["publish", "drain", "settled", "stop", "stop at once", "exit", "simulation"]
)
def test_call_is_interrupted_soon_when_ctrl_c_comes(call: str) -> None:
    ended = run_script("interrupted_call.py", call)
    assert (ended.code, ended.err) == (0, ""), ended
    seconds, *after = ended.out.splitlines()
    assert float(seconds) < SECONDS
    usable = [] if call.startswith("stop") else ["{'free': 'done'}"]
    assert after[:-2] == usable
    assert after[-2].startswith("drained in"), after
    assert after[-1] == "{'held': 'done'} True"
