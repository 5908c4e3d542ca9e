"""A story's outcomes and its claims, side by side: to read, and as bars to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from veltrix.stats_table import seconds

from .story import Claim, Outcome, Part, Story

BAR = 40  # columns of the longest one

_NOTES = (
    "switches: context switches of all threads. new threads: at the end, those that were not there "
    "at the start. own RSS: without imports. machine late: longest time for which a process beside "
    "the run was kept waiting for its turn; every wait of that run may hold as much."
)

_WHOLE: Mapping[str, Callable[[Outcome], str | None]] = {
    "sent": lambda run: f"{run.sent:,}",
    "handled": lambda run: f"{run.handled:,}",
    "filtered": lambda run: None if run.filtered is None else f"{run.filtered:,}",
    "Python calls": lambda run: None if run.filtered is None else f"{run.handled + run.in_vain:,}",
    "handled twice": lambda run: f"{run.duplicates:,}",
    "out of order": lambda run: None if run.out_of_order is None else f"{run.out_of_order:,}",
    "lost": lambda run: f"{run.lost:,}",
    "events/s": lambda run: f"{run.rate:,.0f}",
    "time": lambda run: seconds(run.seconds),
    "CPU seconds": lambda run: f"{run.cpu_seconds:.2f}",
    "CPU per event": lambda run: seconds(run.cpu_per_event),
    "switches": lambda run: f"{run.switches:,}",
    "new threads": lambda run: f"{run.new_threads:,}",
    "peak RSS": lambda run: f"{run.peak_rss / 2**20:.0f} MiB",
    "own RSS": lambda run: f"{run.own_rss / 2**20:.0f} MiB",
    "machine late": lambda run: seconds(run.machine_late),
}
_PART: Mapping[str, Callable[[Part], str]] = {
    "p50": lambda part: seconds(part.p50),
    "p99": lambda part: seconds(part.p99),
    "lost": lambda part: f"{part.lost / part.sent:.1%}" if part.lost else "0",
}


def print_setting(console: Console, story: Story) -> None:
    """Print what is going to be measured.

    Args:
        console: Where to.
        story: The story.
    """
    console.print(f"[bold]{story.name}[/bold]  {story.title}", highlight=False)
    console.print(story.setting, highlight=False)


def print_report(console: Console, story: Story, outcomes: Mapping[str, Outcome]) -> None:
    """Print what every run made of the load, and what the story claims.

    Args:
        console: Where to.
        story: The story.
        outcomes: By name of the run, in order.
    """
    console.print()
    console.print(_figures(outcomes))
    console.print(_NOTES, highlight=False)
    for name, outcome in outcomes.items():
        if outcome.ledger:
            console.print(f"ledger of {name}: {outcome.ledger}", highlight=False)
    console.print()
    console.print(_claims(story, outcomes))
    for claim in story.claims:
        if claim.bar:
            console.print(f"\n{claim.what}", highlight=False)
            values = {name: claim.value(run) for name, run in outcomes.items()}
            for line in bars(values, claim):
                console.print(escape(line), highlight=False, soft_wrap=True)


def bars(values: Mapping[str, float], claim: Claim) -> Iterator[str]:
    """Draw values as lines of text, the largest :data:`BAR` columns long.

    Args:
        values: By name; 0 or more.
        claim: How to write them.

    Yields:
        A line for each.
    """
    longest, width = max(values.values()), max(map(len, values))
    for name, value in values.items():
        length = round(BAR * value / longest) if longest else 0
        yield f"  {name:{width}}  {'#' * max(length, value > 0):{BAR}}  {claim.show(value)}"


def _figures(outcomes: Mapping[str, Outcome]) -> Table:
    table = _table("", "", *outcomes)
    for row, whole in _WHOLE.items():
        cells = [whole(outcome) for outcome in outcomes.values()]
        if None not in cells:
            table.add_row("all" if row == "sent" else "", row, *cells)
    for name in next(iter(outcomes.values())).parts:
        for row, part in _PART.items():
            cells = [part(outcome.parts[name]) for outcome in outcomes.values()]
            table.add_row(name if row == "p50" else "", row, *cells)
    return table


def _claims(story: Story, outcomes: Mapping[str, Outcome]) -> Table:
    table = _table("what the story claims", "before", "after", "change", "target", "")
    for claim in story.claims:
        before, after = (claim.value(outcomes[name]) for name in claim.runs)
        change = f"{after / before - 1:+.0%}".replace("%", " %") if before else ""
        promise = ("", "")
        if claim.target is not None:
            met = claim.target.met(before, after)
            promise = (claim.target.text, "met" if met else "[bold]missed[/bold]")
        table.add_row(claim.what, claim.show(before), claim.show(after), change, *promise)
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        figure = number > 0 and column != ""
        table.add_column(column, justify="right" if figure else "left", no_wrap=True)
    return table
