"""What the stories are measured and told with."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from rich.console import Console

import veltrix as vx
from veltrix.stories import find
from veltrix.stories.measure import RunFailedError, measure
from veltrix.stories.meter import Meter
from veltrix.stories.report import BAR, bars, print_report
from veltrix.stories.story import Claim, Outcome, Part, Run, Story, Target


def claim(target: Target | None, **options: Any) -> Claim:
    return Claim("events/s", lambda run: run.rate, lambda rate: f"{rate:.0f}/s", target, **options)


def told(*claims: Claim, **outcomes: Outcome) -> str:
    runs = tuple(Run(name, name) for name in outcomes)
    story = Story("s9", "a title", "a setting", {}, runs, {}, {}, claims)
    console = Console(file=io.StringIO(), width=120)
    print_report(console, story, outcomes)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("target", "before", "after", "met"),
    [
        (Target.change(-0.7), 10.0, 3.0, True),
        (Target.change(-0.7), 10.0, 3.1, False),
        (Target.change(3.0), 10.0, 40.0, True),
        (Target.change(3.0), 10.0, 39.0, False),
        (Target.at_most(0, "0"), 5.0, 0.0, True),
        (Target.at_most(0, "0"), 0.0, 1.0, False),
        (Target.at_least(5, "5"), 0.0, 5.0, True),
        (Target.at_least(5, "5"), 9.0, 4.9, False),
        (Target.later_by_less_than(2, "< +2"), 5.0, 6.9, True),
        (Target.later_by_less_than(2, "< +2"), 5.0, 7.0, False),
    ],
)
def test_target_is_met_when_the_rule_holds(
    target: Target, before: float, after: float, met: bool
) -> None:
    assert target.met(before, after) is met


@pytest.mark.parametrize(("handled", "verdict"), [(400, "met"), (399, "missed")])
def test_report_says_met_or_missed_when_there_is_a_target(handled: int, verdict: str) -> None:
    before, after = Outcome(handled=100, seconds=1), Outcome(handled=handled, seconds=1)
    shown = told(claim(Target.change(3.0)), before=before, veltrix=after)
    cells = shown.splitlines()[-1].split()
    assert cells[:3] == ["events/s", "100/s", f"{handled}/s"]
    assert cells[-3:] == ["+300", "%", verdict]


def test_report_draws_a_bar_for_every_run_when_the_claim_has_bars() -> None:
    runs = {"before": Outcome(handled=10, seconds=1), "veltrix": Outcome(handled=40, seconds=1)}
    assert "#" not in told(claim(None), **runs)
    lines = told(claim(None, bar=True), **runs).splitlines()[-2:]
    assert [line.count("#") for line in lines] == [BAR // 4, BAR]


@pytest.mark.parametrize(("value", "length"), [(0.0, 0), (0.001, 1), (50.0, 20), (100.0, 40)])
def test_bar_is_as_long_as_its_share_when_drawn(value: float, length: int) -> None:
    line = next(bars({"a": value, "b": 100.0}, claim(None)))
    assert line.count("#") == length


@pytest.mark.parametrize("count", [1, 2, 100, 101])
def test_part_counts_what_is_missing_when_fewer_waits_came(count: int) -> None:
    part = Part.of(200, [float(wait) for wait in reversed(range(count))])
    assert (part.sent, part.lost) == (200, 200 - count)
    assert part.p50 <= part.p99 <= part.max == count - 1


def test_outcome_is_equal_when_it_went_through_json() -> None:
    outcome = Outcome(sent=2, handled=1, lost=1, parts={"a": Part.of(2, [0.5])}, ledger="1 = 1")
    assert Outcome.of(json.loads(json.dumps(outcome.as_json()))) == outcome


@pytest.mark.parametrize(("filtered", "rate", "shown"), [(None, 10, False), (30, 40, True)])
def test_report_counts_what_was_turned_away_when_not_all_is_wanted(
    filtered: int | None, rate: int, shown: bool
) -> None:
    outcome = Outcome(handled=10, filtered=filtered, in_vain=5, seconds=1, cpu_seconds=rate / 10)
    assert (outcome.rate, outcome.cpu_per_event) == (rate, 0.1)
    rows = [line.split()[-4:] for line in told(before=outcome).splitlines()]
    assert (["Python", "calls", "15"] in rows) is shown


def _python_thread(ended: threading.Event) -> Callable[[], object]:
    thread = threading.Thread(target=ended.wait)
    thread.start()
    return thread.join


def _native_threads(_ended: threading.Event) -> Callable[[], object]:
    app = vx.Pipeline("threads")
    app.handler("any")(_ignore)
    return vx.Engine(app).start().stop


def _ignore(_event: vx.Event) -> None: ...


@pytest.mark.parametrize("start", [_python_thread, _native_threads])
def test_meter_sees_new_threads_when_python_or_the_core_starts_them(
    start: Callable[[threading.Event], Callable[[], object]],
) -> None:
    meter, ended, outcome = Meter(), threading.Event(), Outcome()
    stop = start(ended)
    meter.read(outcome)
    ended.set()
    stop()
    assert outcome.new_threads >= 1
    meter.read(outcome)
    assert outcome.new_threads == 0


@pytest.mark.slow
def test_run_has_its_own_options_when_others_are_given_too() -> None:
    story = find("s4")
    assert story is not None
    outcome = measure(story, Run("small", "before", {"events": 100}), {"events": 200, "threads": 1})
    assert (outcome.sent, outcome.handled) == (100, 100)
    assert outcome.peak_rss > outcome.own_rss


@pytest.mark.slow
def test_run_tells_why_when_its_process_fails() -> None:
    story = find("s4")
    assert story is not None
    with pytest.raises(RunFailedError, match=r"s4 odd ended with 1: (.|\n)*KeyError: 'sideways'"):
        measure(story, Run("odd", "sideways"), {})
