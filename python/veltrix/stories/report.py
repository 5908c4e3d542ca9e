"""A story's two outcomes and its claims, side by side."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from .story import Outcome, Story


def print_report(console: Console, story: Story, before: Outcome, after: Outcome) -> None:
    """Print what both sides made of the load, and what the story claims.

    Args:
        console: Where to.
        story: The story.
        before: Its first side.
        after: Its second side.
    """
    console.print(f"[bold]{story.name}[/bold]  {story.title}")
    console.print(story.setting, highlight=False)
    console.print(_figures(before, after))
    console.print(_claims(story, before, after))


def _figures(before: Outcome, after: Outcome) -> Table:
    table = Table(title="the same load, twice", title_justify="left")
    table.add_column("")
    table.add_column("before", justify="right")
    table.add_column("veltrix", justify="right")
    rows: tuple[tuple[str, Callable[[Outcome], str]], ...] = (
        ("events sent", lambda side: f"{side.sent:,}"),
        ("handled", lambda side: f"{side.handled:,}"),
        ("lost", lambda side: f"{side.lost:,} ({side.loss:.1%})"),
        ("duplicates handled", lambda side: f"{side.duplicates:,}"),
        ("out of order", lambda side: f"{side.out_of_order:,}"),
        ("events/s", lambda side: f"{side.rate:,.0f}"),
        ("CPU seconds", lambda side: f"{side.cpu_seconds:.2f}"),
        ("CPU per event", lambda side: f"{side.cpu_per_event * 1e6:.1f} µs"),
        ("peak RSS", lambda side: f"{side.peak_rss / 2**20:.0f} MiB"),
        ("without imports", lambda side: f"{side.own_rss / 2**20:.0f} MiB"),
    )
    for label, text in rows:
        table.add_row(label, text(before), text(after))
    for name in before.latency:
        table.add_row(f"{name} p50 / p99", _waits(before, name), _waits(after, name))
    return table


def _waits(side: Outcome, name: str) -> str:
    figures = side.latency.get(name)
    if figures is None:
        return "none handled"
    return f"{figures['p50'] * 1e3:,.2f} / {figures['p99'] * 1e3:,.2f} ms"


def _claims(story: Story, before: Outcome, after: Outcome) -> Table:
    table = Table(title="what the story claims", title_justify="left")
    for column in ("", "claimed", "this run", "met"):
        table.add_column(column)
    for claim in story.claims:
        met = "yes" if claim.met(before, after) else "no"
        table.add_row(claim.what, claim.claimed, claim.measured(before, after), met)
    return table
