"""Statistics: ledgers that balance, and the table in its three forms."""

from __future__ import annotations

import html.parser
import sys

import pytest

import veltrix as vx
from veltrix import stats_table
from veltrix.stats import QueueStats, Stats, Totals


@pytest.fixture(scope="module")
def stats() -> Stats:
    app = vx.Pipeline("hunt")

    @app.handler("a", queue="q", priority="urgent")
    def first(event: vx.Event) -> object:
        return vx.Drop("odd") if event.data % 2 else None

    @app.handler("b", queue="empty")
    def second(event: vx.Event) -> None: ...

    with vx.Engine(app, name="<hunt & co>") as engine:
        for number in range(10):
            engine.publish("a", number)
        engine.publish("a", 0, id="1")
        engine.publish("a", 0, id="1")
    return engine.stats()


def test_stats_count_what_happened(stats: Stats) -> None:
    queue = stats.queues["q"]
    assert (queue.accepted, queue.done, dict(queue.dropped)) == (11, 6, {"odd": 5})
    assert (stats.totals.received, stats.totals.duplicate) == (12, 1)
    assert queue.handler_time.count == 11
    assert 0 < queue.wait.p50 <= queue.wait.p99 <= queue.wait.max
    assert list(queue.priorities) == [9]
    assert stats.uptime > 0
    assert not stats.running


def test_ledgers_balance_only_when_everything_is_accounted_for(stats: Stats) -> None:
    assert stats.balanced
    assert Totals(received=3, admitted=1, duplicate=1, in_door=1).balanced
    assert not Totals(received=3, admitted=1).balanced
    assert QueueStats("q", accepted=4, done=1, dead=1, dropped={"x": 1}, in_flight=1).balanced
    assert not QueueStats("q", accepted=4, done=1).balanced


def test_text_has_a_line_for_every_queue_and_priority(stats: Stats) -> None:
    lines = str(stats).splitlines()
    assert lines[0] == "<hunt & co>: received 12 = admitted 11 + duplicate 1; ledger balances"
    cells = [line.split() for line in lines]
    assert ["q", "all", "11", "6", "0", "5", "0", "0"] in [row[:8] for row in cells]
    assert any(row[0] == "urgent" for row in cells)


class _Tags(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, _: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_closed_and_escaped(stats: Stats) -> None:
    text = stats._repr_html_()
    tags = _Tags()
    tags.feed(text)
    assert tags.open == []
    assert "&lt;hunt &amp; co&gt;" in text
    assert "<hunt" not in text


def test_to_pandas_has_a_row_for_every_queue_and_priority(stats: Stats) -> None:
    frame = stats.to_pandas()
    assert tuple(frame.columns) == stats_table.COLUMNS
    assert list(frame.index) == [("q", "all"), ("q", "urgent"), ("empty", "all")]
    assert frame.loc[("q", "all"), "done"] == 6


def test_to_pandas_names_the_extra_when_pandas_is_missing(
    stats: Stats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"veltrix\[notebook\]"):
        stats.to_pandas()


@pytest.mark.parametrize("width", [80, 119, 120, 200])
def test_tables_fit_the_terminal(stats: Stats, width: int) -> None:
    tables = stats_table.as_tables(stats, width)
    assert len(tables) == (1 if width >= stats_table.WIDE else 2)
    assert all(table.row_count == 3 for table in tables)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1e-10, "0"),
        (5e-9, "5ns"),
        (1.234e-6, "1.23us"),
        (0.0123, "12.3ms"),
        (0.5, "500ms"),
        (75, "75.0s"),
        (12345, "12345s"),
    ],
)
def test_seconds_have_three_digits_and_a_unit(value: float, text: str) -> None:
    assert stats_table.seconds(value) == text
