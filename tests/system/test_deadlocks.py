"""Every public call from every place where users' code runs: it comes back, or says why not.

A place is a handler, a finaliser, a signal's handler inside another call, and so on; the table is
in ``scripts/places.py`` and ``scripts/places_around.py``, the calls stand in ``scripts/calls.py``.
No call may take 5 s.
"""

from __future__ import annotations

import re

import pytest

from system.child import AT_ONCE, Ended, run_scripts
from system.scripts.calls import CALLS
from system.scripts.places_around import places

SEED = 20  # of the pairs
PAIRS = 40  # in each place
AT_ITS_END = "end of the interpreter"  # a process of its own
SAID = re.compile(r".+: [a-z_]+(; [a-z_]+)? \(\d\.\d+ s\)")


def in_few_processes() -> list[str]:
    """All places, so dealt out that each process takes as long."""
    others = [place for place in places if place != AT_ITS_END]
    return [AT_ITS_END, *(",".join(others[first::AT_ONCE]) for first in range(AT_ONCE))]


def check(ended: Ended, calls: int) -> None:
    what = (ended.arguments, ended.code, ended.out[-500:], ended.err[-5_000:])
    assert (ended.code, ended.err) == (0, ""), what
    lines = ended.out.splitlines()
    assert len(lines) == calls * len(ended.arguments[0].split(",")), what
    assert all(map(SAID.fullmatch, lines)), what


@pytest.mark.slow
def test_every_other_call_comes_back_when_it_is_made_in_any_place() -> None:
    assert len(CALLS) % 2 == 0
    runs = ((where, "half") for where in in_few_processes())
    for ended in run_scripts("call_from_a_place.py", runs, limit=110):
        check(ended, len(CALLS) // 2)


@pytest.mark.ci
@pytest.mark.timeout(600)
def test_every_call_comes_back_when_it_is_made_in_any_place() -> None:
    runs = ((where,) for where in in_few_processes())
    for ended in run_scripts("call_from_a_place.py", runs, limit=300):
        check(ended, len(CALLS))


@pytest.mark.ci
@pytest.mark.timeout(600)
def test_calls_come_back_when_one_follows_another_in_any_place() -> None:
    runs = [(where, str(SEED), str(PAIRS)) for where in in_few_processes()]
    for ended in run_scripts("call_from_a_place.py", runs, limit=300):
        check(ended, PAIRS)


@pytest.mark.slow
def test_call_is_refused_when_it_would_wait_for_its_own_thread() -> None:
    waiting = ("drain", "stop", "adrain", "astop")
    inside = ("handler", "generator handler", "end of a handler", "end of a lifespan")
    inside += ("coroutine handler", "batch handler", "hook of middleware", "handler on threads")
    runs = [(",".join(inside), *waiting), ("end of an async lifespan", "astop")]
    for ended in run_scripts("call_from_a_place.py", runs):
        said = [line.split(": ")[2].split(" ")[0] for line in ended.out.splitlines()]
        assert set(said) == {"deadlock"}, ended
