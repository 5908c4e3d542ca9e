"""The interpreter ends while an engine runs: right exit code, in time, without a word."""

from __future__ import annotations

import os
import signal

import pytest

from system.child import Ended, run_script, run_scripts

STATES = ("new", "idle", "saturated", "blocked", "draining", "stopping")
CODES = {"normal": 0, "exception": 1, "thread": 4, "sigterm": 143, "killed": -signal.SIGTERM}
LAST_LINE = {"exception": "RuntimeError: the end"}
# A sanitizer makes more of a second; it is still far below "never".
SECONDS = 20.0 if "ASAN_OPTIONS" in os.environ else 6.0


def check(ended: Ended, ending: str) -> None:
    what = (ended.arguments, ended.code, ended.err)
    assert ended.code == CODES[ending], what
    lines = ended.err.strip().splitlines()
    assert (lines[-1] if lines else None) == LAST_LINE.get(ending), what
    assert ended.err.count("Traceback") == (ending == "exception"), what
    assert ended.seconds < SECONDS, what


@pytest.mark.slow
@pytest.mark.parametrize("ending", CODES)
@pytest.mark.parametrize("state", STATES)
def test_exit_is_clean_when_an_engine_runs(state: str, ending: str) -> None:
    for ended in run_scripts("exit_at_a_point.py", ((state, ending, str(n)) for n in range(2))):
        check(ended, ending)


@pytest.mark.ci
@pytest.mark.timeout(600)
@pytest.mark.parametrize("ending", CODES)
@pytest.mark.parametrize("state", STATES)
def test_exit_is_clean_at_many_more_points(state: str, ending: str) -> None:
    seeds = range(100, 115)
    for ended in run_scripts("exit_at_a_point.py", ((state, ending, str(n)) for n in seeds)):
        check(ended, ending)


@pytest.mark.slow
def test_exit_comes_in_time_when_a_handler_does_not_return() -> None:
    for ended in run_scripts(
        "stuck_handler.py", [("sleep",), ("lock",), ("spin",), ("generator",)]
    ):
        assert (ended.code, ended.err) == (3, ""), ended
        assert ended.seconds < SECONDS, ended


@pytest.mark.slow
def test_engine_works_on_when_nobody_holds_it_any_more() -> None:
    ended = run_script("dropped_engine.py")
    assert (ended.code, ended.out, ended.err) == (0, "still here\n", "")
