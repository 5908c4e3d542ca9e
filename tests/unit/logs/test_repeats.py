"""Repeats of a line: the first ones at once, then one a second, with an exact count."""

from __future__ import annotations

from veltrix.logs.repeats import BURST, MAX_KINDS, Repeats


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_first_lines_come_at_once_then_one_a_second_with_the_exact_rest() -> None:
    clock = Clock()
    repeats = Repeats(clock)
    said = [repeats.admit("a") for _ in range(BURST + 7)]
    assert said == [0] * BURST + [None] * 7
    clock.now += 1.0
    assert [repeats.admit("a") for _ in range(3)] == [7, None, None]
    clock.now += 0.5
    assert repeats.admit("a") is None
    clock.now += 0.5
    assert repeats.admit("a") == 3


def test_kinds_are_counted_apart_and_a_pause_is_a_new_start() -> None:
    clock = Clock()
    repeats = Repeats(clock)
    for _ in range(BURST + 1):
        repeats.admit("a")
    assert repeats.admit("b") == 0
    clock.now += 60.0
    assert [repeats.admit("a") for _ in range(BURST + 1)] == [1] + [0] * (BURST - 1) + [None]


def test_kinds_are_bounded_and_the_rest_shares_a_count() -> None:
    repeats = Repeats(Clock())
    for number in range(MAX_KINDS):
        assert repeats.admit(number) == 0
    said = [repeats.admit(f"new {number}") for number in range(BURST + 1)]
    assert said == [0] * BURST + [None]
    assert repeats.admit(5) == 0
