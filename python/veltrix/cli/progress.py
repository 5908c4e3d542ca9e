"""Live progress of a run: a small table on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

from rich.console import Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from veltrix.stats import Stats

PLAIN_SECONDS = 5.0


class Progress:
    """Shows how a run goes on; a context manager, with ``show`` called several times a second."""

    def __init__(self, console: Console, *, quiet: bool = False) -> None:
        self._console = console
        self._quiet = quiet
        self._next_line = time.monotonic() + PLAIN_SECONDS
        self._seen = (0.0, 0)  # uptime, done: for the rate between two pictures
        self._live: Live | None = None
        if console.is_terminal and not quiet:
            # What handlers print goes above the table, unless it is meant for a file.
            redirect = sys.stdout.isatty()
            self._live = Live(
                console=console, auto_refresh=False, transient=True, redirect_stdout=redirect
            )

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def show(self, stats: Stats) -> None:
        """Shows the numbers of this moment.

        Args:
            stats: The engine's numbers.
        """
        if self._quiet:
            return
        if self._live:
            self._live.update(_picture(stats, self._rate(stats)), refresh=True)
        elif time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + PLAIN_SECONDS
            line = _line(stats, self._rate(stats))
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def _rate(self, stats: Stats) -> float:
        done = sum(queue.done for queue in stats.queues.values())
        (since, before), self._seen = self._seen, (stats.uptime, done)
        return (done - before) / (stats.uptime - since) if stats.uptime > since else 0.0


def _line(stats: Stats, rate: float) -> str:
    queues = ", ".join(
        f"{queue.name} {queue.done:,} done {queue.in_flight:,} in flight"
        for queue in stats.queues.values()
    )
    share = _share(stats)
    read = "" if share is None else f"{share:.0%} read, "
    return f"{stats.uptime:6.0f} s: {read}{rate:,.0f} deliveries/s; {queues}"


def _picture(stats: Stats, rate: float) -> Group:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("queue", "done", "in flight", "retried", "dead"):
        table.add_column(title, justify="left" if title == "queue" else "right", min_width=9)
    for queue in stats.queues.values():
        numbers = (queue.done, queue.in_flight, queue.retried, queue.dead)
        table.add_row(queue.name, *(f"{number:,}" for number in numbers))
    records = sum(source.records for source in stats.sources.values())
    text = f"{stats.name}  {stats.uptime:.1f} s  {records:,} records  {rate:,.0f} deliveries/s"
    share = _share(stats)
    if share is None:
        return Group(Text(text, no_wrap=True), table)
    return Group(Text(text, no_wrap=True), ProgressBar(total=1.0, completed=share, width=60), table)


def _share(stats: Stats) -> float | None:
    """Read part of the input; None when its size is not known (standard input)."""
    sources = stats.sources.values()
    total = sum(source.total_bytes for source in sources)
    if not total or any(not source.total_bytes and not source.done for source in sources):
        return None
    return min(1.0, sum(source.bytes for source in sources) / total)
