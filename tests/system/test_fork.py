"""fork() while an engine runs: the child is told so, may exit, may make its own engine."""

from __future__ import annotations

import pytest

from system.child import run_script, run_scripts

LASTS = ["exit", "leave", "new", "handler"]


def check(last: str, forks: int, limit: float) -> None:
    ended = run_script("fork_and_use.py", last, str(forks), limit=limit)
    assert (ended.code, ended.out, ended.err) == (0, "parent unaffected\n", ""), ended


@pytest.mark.slow
@pytest.mark.parametrize("last", LASTS)
def test_child_is_told_and_parent_goes_on_when_an_engine_is_forked(last: str) -> None:
    check(last, 3, limit=60)


@pytest.mark.ci
@pytest.mark.timeout(300)
@pytest.mark.parametrize("last", LASTS)
def test_children_are_told_at_many_more_points(last: str) -> None:
    check(last, 25, limit=250)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_workers_run_their_own_engines_when_multiprocessing_starts_them(method: str) -> None:
    ended = run_script("fork_in_multiprocessing.py", method, limit=60)
    assert (ended.code, ended.out, ended.err) == (0, "15\n", ""), ended


@pytest.mark.slow
def test_subinterpreters_are_told_that_veltrix_is_not_for_them() -> None:
    ended = run_script("in_a_subinterpreter.py")
    assert ended.code == 0, ended
    assert "veltrix runs in the main interpreter of a process" in ended.out


CODES = {"return": 0, "exit": 3, "raise": 1}
KINDS = ["each", "rows", "generated", "awaited", "iterated", "opened", "processes"]


@pytest.mark.slow
@pytest.mark.parametrize("back", CODES)
def test_a_child_that_a_handler_forked_ends_when_it_comes_back(back: str) -> None:
    for ended in run_scripts("fork_in_handler.py", [(kind, back) for kind in KINDS]):
        first = 0 if ended.arguments[0] == "opened" else 1
        each_once = [((number, CODES[back]), 1) for number in range(first, 6)]
        assert (ended.code, ended.out) == (0, f"{each_once}\n"), ended
        traces = ended.err.count("LookupError: of the child")
        assert traces == (0 if back != "raise" else 1 if first == 0 else 5), ended
