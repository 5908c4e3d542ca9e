"""The end of a run: lines from outside are shown short and harmless."""

from __future__ import annotations

import io
import json

from rich.console import Console

from veltrix.cli.run import RunResult
from veltrix.cli.summary import WIDEST, as_json, print_summary
from veltrix.reports import DrainReport
from veltrix.stats import SourceStats, Stats, Totals


def result(rejects: tuple[str, ...] = (), error: str = "", evicted: int = 0) -> RunResult:
    source = SourceStats("in", 10, len(rejects), error=error, first_rejects=rejects)
    stats = Stats("hunt", False, 1.0, Totals(), {}, {"in": source}, 2, evicted)
    report = DrainReport(False, {"q": 1}, 2.0)
    dead = ("a 1 (queue q, ValueError): no",)
    return RunResult(1, stats, report, {"out": "out.jsonl"}, {"in": "bad.jsonl"}, dead)


def printed(shown: RunResult) -> list[str]:
    out = io.StringIO()
    print_summary(Console(file=out, width=100, color_system=None), shown)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_summary_names_failures_and_outputs() -> None:
    lines = printed(result(("in.jsonl:3: error[invalid_json]: no",), "disk gone", evicted=3))
    assert "not finished: 1 delivery left after 2.0 s: q 1" in lines
    assert "source in failed: disk gone" in lines
    assert "rejects: 1 of 10 records, kept in bad.jsonl" in lines
    assert "  in.jsonl:3: error[invalid_json]: no" in lines
    assert "dead letters: 5 (3 of them forgotten)" in lines
    assert "  a 1 (queue q, ValueError): no" in lines
    assert lines[-1] == "output: out.jsonl (sink out)"


def test_summary_shows_few_rejects_cut_and_without_control_characters() -> None:
    lines = printed(result(("\x1b[31mred", "x" * 1000, "[bold]third[/bold]", "fourth")))
    assert "  ?[31mred" in lines
    assert "  [bold]third[/bold]" in lines
    assert max(map(len, lines)) == WIDEST + 2
    assert "  fourth" not in lines


def test_json_holds_everything() -> None:
    found = json.loads(as_json(result()))
    assert (found["drained"], found["left"], found["exit_code"]) == (False, {"q": 1}, 1)
    assert (found["outputs"], found["rejects"]) == ({"out": "out.jsonl"}, {"in": "bad.jsonl"})
    assert found["sources"]["in"]["records"] == 10
    assert found["cost"]["native_cpu_per_million"] is None
