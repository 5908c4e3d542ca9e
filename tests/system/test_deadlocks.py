"""Every public call from every place where users' code runs: it comes back, or says why not.

A place is a handler, a finaliser, a signal's handler inside another call, and so on; the table is
``scripts/places.py``, the calls stand in ``scripts/calls.py``. No call may take 5 s.
"""

from __future__ import annotations

import random
import re

import pytest

from system.child import Ended, run_scripts
from system.scripts.calls import CALLS
from system.scripts.places import places

SEED = 20  # of the pairs
PAIRS = 40  # in each place
SAID = re.compile(r".+: [a-z_]+(; [a-z_]+)? \(\d\.\d+ s\)")


def check(ended: Ended, calls: int) -> None:
    what = (ended.arguments, ended.code, ended.out[-500:], ended.err[-5_000:])
    assert (ended.code, ended.err) == (0, ""), what
    lines = ended.out.splitlines()
    assert len(lines) == calls, what
    assert all(map(SAID.fullmatch, lines)), what


@pytest.mark.slow
def test_every_call_comes_back_when_it_is_made_in_any_place() -> None:
    for ended in run_scripts("call_from_a_place.py", ((place,) for place in places), limit=110):
        check(ended, len(CALLS))


@pytest.mark.ci
@pytest.mark.timeout(600)
def test_calls_come_back_when_one_follows_another_in_any_place() -> None:
    chance = random.Random(SEED)
    runs = [(place, str(chance.randrange(10**6)), str(PAIRS)) for place in places]
    for ended in run_scripts("call_from_a_place.py", runs, limit=300):
        check(ended, PAIRS)


@pytest.mark.slow
def test_call_is_refused_when_it_would_wait_for_its_own_thread() -> None:
    waiting = ("drain", "stop")
    inside = ("handler", "generator handler", "end of a handler", "end of a lifespan")
    for ended in run_scripts("call_from_a_place.py", ((place, *waiting) for place in inside)):
        said = [line.split(": ")[2].split(" ")[0] for line in ended.out.splitlines()]
        assert said == ["deadlock", "deadlock"], ended
