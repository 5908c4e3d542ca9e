"""The table of an engine's queues: per queue and priority the ledger, rates and times.

One list of rows; text for terminals, HTML for notebooks and the data frame are drawn from it.
"""

from __future__ import annotations

import html
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from veltrix.priorities import format_priority

if TYPE_CHECKING:
    from veltrix.stats import PriorityStats, QueueStats, Stats, Times

ALL = "all"
WIDE = 120  # columns that the whole table needs
LEDGER = ("accepted", "done", "dead", "dropped", "retried", "in_flight")
TIMES = ("wait_p50", "wait_p99", "wait_max", "handler_p50", "handler_p99", "handler_max")
COLUMNS = (*LEDGER, "per_second", *TIMES)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    queue: str
    priority: str
    values: list[float]


def rows(stats: Stats) -> list[Row]:
    """Makes the lines of the table.

    Args:
        stats: The numbers.

    Returns:
        For each queue its own line, then one for each priority that was seen, urgent first.
    """
    found = []
    for queue in stats.queues.values():
        found.append(Row(queue.name, ALL, _queue_values(queue, stats.uptime)))
        found += [
            Row(queue.name, str(format_priority(row.priority)), _values(row, stats.uptime))
            for row in queue.priorities.values()
        ]
    return found


def as_tables(stats: Stats, width: int) -> list[Table]:
    """Draws the table for a terminal.

    Args:
        stats: The numbers.
        width: Columns of the terminal; on a narrow one the times get a table of their own.

    Returns:
        One or two tables for ``rich``.
    """
    if width >= WIDE:
        return [_table(stats, COLUMNS)]
    return [_table(stats, (*LEDGER, "per_second")), _table(stats, TIMES)]


def _table(stats: Stats, columns: tuple[str, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("queue", "priority"):
        table.add_column(title, no_wrap=True)
    for title in columns:
        table.add_column(title.replace("_", "\n", 1), justify="right", no_wrap=True)
    for row in rows(stats):
        style = "bold" if row.priority == ALL else "dim"
        name = row.queue if row.priority == ALL else ""
        cells = dict(zip(COLUMNS, _cells(row), strict=True))
        table.add_row(name, row.priority, *(cells[title] for title in columns), style=style)
    return table


def as_text(stats: Stats) -> str:
    """Draws the table as plain text.

    Args:
        stats: The numbers.

    Returns:
        Lines without colours, as wide as they need to be.
    """
    out = io.StringIO()
    console = Console(file=out, width=200, no_color=True, highlight=False)
    console.print(summary(stats), markup=False)
    console.print(*as_tables(stats, console.width))
    if stats.cost:
        console.print(f"cost: {stats.cost}", markup=False)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def as_html(stats: Stats) -> str:
    """Draws the table for a notebook; all text is escaped, colours follow the page.

    Args:
        stats: The numbers.

    Returns:
        An HTML fragment.
    """
    titles = ("queue", "priority", *COLUMNS)
    head = "".join(f"<th>{title.replace('_', ' ')}</th>" for title in titles)
    body = "".join(
        f"<tr><td>{html.escape(row.queue)}</td><td>{html.escape(row.priority)}</td>"
        + "".join(f'<td style="text-align:right">{cell}</td>' for cell in _cells(row))
        + "</tr>"
        for row in rows(stats)
    )
    caption = html.escape(summary(stats)) + (f"<div>cost: {stats.cost}</div>" if stats.cost else "")
    return (
        f'<table class="veltrix-stats"><caption style="text-align:left">{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def summary(stats: Stats) -> str:
    """Says the engine's ledger in one line.

    Args:
        stats: The numbers.

    Returns:
        Such as ``hunt: received 10 = admitted 9 + duplicate 1; ledger balances``.
    """
    totals = stats.totals
    parts = [f"admitted {totals.admitted:,}"]
    for name in ("duplicate", "rejected", "filtered", "unmatched", "in_door"):
        count = getattr(totals, name)
        if count:
            parts.append(f"{name.replace('_', ' ')} {count:,}")
    verdict = "ledger balances" if stats.balanced else "ledger does not balance yet"
    return f"{stats.name}: received {totals.received:,} = {' + '.join(parts)}; {verdict}"


def seconds(value: float) -> str:
    """Writes a time with three digits and a unit.

    Args:
        value: Seconds, 0 or more.

    Returns:
        Such as ``1.24ms``.

    Example:
        >>> seconds(0.00124), seconds(75), seconds(0)
        ('1.24ms', '75.0s', '0')
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9)):
        if value >= size:
            scaled = value / size
            digits = 0 if unit == "ns" or scaled >= 100 else 1 if scaled >= 10 else 2
            return f"{scaled:.{digits}f}{unit}"
    return "0"


def _queue_values(queue: QueueStats, uptime: float) -> list[float]:
    return _numbers(queue, sum(queue.dropped.values()), uptime)


def _values(row: PriorityStats, uptime: float) -> list[float]:
    return _numbers(row, row.dropped, uptime)


def _numbers(row: QueueStats | PriorityStats, dropped: int, uptime: float) -> list[float]:
    ledger = [row.accepted, row.done, row.dead, dropped, row.retried, row.in_flight]
    times = [*_quantiles(row.wait), *_quantiles(row.handler_time)]
    return [*ledger, _rate(row.done, uptime), *times]


def _quantiles(times: Times) -> list[float]:
    return [times.p50, times.p99, times.max]


def _rate(done: int, uptime: float) -> float:
    return done / uptime if uptime > 0 else 0.0


def _cells(row: Row) -> list[str]:
    return [
        seconds(value) if title in TIMES else f"{value:,.0f}"
        for title, value in zip(COLUMNS, row.values, strict=True)
    ]
