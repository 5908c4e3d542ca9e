"""Progress: a table on a terminal, lines elsewhere."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from veltrix.cli import progress
from veltrix.stats import QueueStats, SourceStats, Stats, Totals


def stats(uptime: float = 10.0, done: int = 1000, total: int = 100) -> Stats:
    queue = QueueStats("scores", accepted=done + 5, done=done, in_flight=5)
    source = SourceStats("in", records=done, bytes=50, total_bytes=total)
    return Stats("hunt", True, uptime, Totals(), {"scores": queue}, {"in": source})


def shown(pictures: list[Stats], *, terminal: bool, quiet: bool = False) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100, color_system=None)
    with progress.Progress(console, quiet=quiet) as live:
        for picture in pictures:
            live.show(picture)
    return out.getvalue()


def test_progress_is_a_line_when_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PLAIN_SECONDS", 0.0)
    text = shown([stats(10, 1000), stats(11, 1500)], terminal=False)
    first, second = text.splitlines()
    assert first == "    10 s: 50% read, 100 deliveries/s; scores 1,000 done 5 in flight"
    assert "500 deliveries/s" in second


def test_progress_waits_between_two_lines() -> None:
    assert shown([stats(), stats()], terminal=False) == ""


def test_progress_is_a_table_on_a_terminal() -> None:
    text = shown([stats()], terminal=True)
    assert "hunt  10.0 s  1,000 records  100 deliveries/s" in text
    assert "scores" in text


def test_progress_shows_nothing_when_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PLAIN_SECONDS", 0.0)
    for terminal in (True, False):
        assert shown([stats()], terminal=terminal, quiet=True) == ""


def test_progress_says_no_share_when_the_size_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PLAIN_SECONDS", 0.0)
    assert "read" not in shown([stats(total=0)], terminal=False)
    assert "read" not in shown([replace(stats(), sources={})], terminal=False)
