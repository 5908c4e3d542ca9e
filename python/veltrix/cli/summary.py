"""What a run says at its end: the table, what failed, and where the outputs are."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from veltrix import stats_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from veltrix.cli.run import RunResult

SHOWN = 3  # rejects and dead letters that are shown; all of them stand in files or in the journal
WIDEST = 120  # columns of a line from outside


def print_summary(console: Console, result: RunResult) -> None:
    """Prints the table and everything that a person must know.

    Args:
        console: Where to.
        result: The run.
    """
    console.print(stats_table.summary(result.stats), markup=False, highlight=False)
    for table in stats_table.as_tables(result.stats, console.width):
        console.print(table)
    cost = [f"cost: {result.stats.cost}"] if result.stats.cost else []
    for line in [*cost, *_failures(result), *_outputs(result)]:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def as_json(result: RunResult) -> str:
    """Gives the same as one JSON object, for programs.

    Args:
        result: The run.

    Returns:
        One line.
    """
    report = result.report
    run: dict[str, Any] = {
        "exit_code": result.exit_code,
        "drained": report.drained,
        "left": dict(report.left),
        "outputs": result.outputs,
        "rejects": result.rejects,
    }
    stats = asdict(result.stats, dict_factory=_without_buckets)
    return json.dumps({**run, **stats, "balanced": result.stats.balanced})


def _without_buckets(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """Quantiles say the same in less room; `veltrix run --metrics` has the buckets."""
    return {name: value for name, value in fields if name != "buckets"}


def _outputs(result: RunResult) -> Iterator[str]:
    for sink, path in result.outputs.items():
        if path != "-":
            yield f"output: {path} (sink {sink})"


def _failures(result: RunResult) -> Iterator[str]:
    stats = result.stats
    if not result.report.drained:
        yield f"not finished: {result.report}"
    for source in stats.sources.values():
        if source.error:
            yield f"source {source.name} failed: {source.error}"
        if source.rejected:
            total = f"{source.rejected:,} of {source.records:,} records"
            yield f"rejects: {total}, kept in {result.rejects[source.name]}"
            yield from map(_indented, source.first_rejects[:SHOWN])
    evicted = stats.dead_letters_evicted
    if stats.dead_letters or evicted:
        gone = f" ({evicted:,} of them forgotten)" if evicted else ""
        yield f"dead letters: {stats.dead_letters + evicted:,}{gone}"
        yield from map(_indented, result.first_dead_letters)


def _indented(line: str) -> str:
    clean = "".join(letter if letter.isprintable() else "?" for letter in line)
    return f"  {clean[: WIDEST - 1]}…" if len(clean) > WIDEST else f"  {clean}"
