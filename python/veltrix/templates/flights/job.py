"""The main job: input, run, comparison. What ``make run`` does."""

from __future__ import annotations

import argparse
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from veltrix.cli.run import run_pipeline
from veltrix.pipeline.loader import Loaded, load

from . import expectations, handlers
from .checks import Check, Results, compare
from .delivery import Outage
from .prepare import Request, Stream, prepare
from .progress import DaysProgress
from .tables import FIRST_DAY, LAST_DAY, DataError, folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from veltrix.stats import Stats

PIPELINE = Path(__file__).with_name("pipeline.yaml")
OUT = Path("build/flights")
OUTPUTS = ("archive.jsonl", "alerts.jsonl", "rejects.jsonl")
DIFFERENT, USAGE, INTERRUPTED = 1, 2, 130  # exit codes, as those of ``veltrix run``


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job.

    Args:
        arguments: The command line; default: that of the process.

    Returns:
        The exit code: 0 all is well, 1 dead letters, rejects or numbers that differ from the
        tables, 2 usage or missing data, 130 Ctrl-C.
    """
    options = _parse(arguments)
    console = Console(stderr=True)
    try:
        return _run(options, _prepare(options, console))
    except (DataError, OSError) as error:
        console.print(f"flights: {error}", markup=False)
        return USAGE
    except KeyboardInterrupt:
        # While the input is written or the numbers are compared; the engine sees to its own end.
        console.print("flights: stopped")
        return INTERRUPTED


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m veltrix.templates.flights",
        description="A year of real flights through the engine, compared with the tables.",
    )
    parser.add_argument("--from", dest="first", type=_day, default=FIRST_DAY, metavar="DATE")
    parser.add_argument("--to", dest="last", type=_day, default=LAST_DAY, metavar="DATE")
    parser.add_argument("--out", type=Path, default=OUT, metavar="DIR", help=f"default: {OUT}")
    parser.add_argument("--seed", type=int, default=1, help="fixes the disorder of delivery")
    parser.add_argument("--ideal", action="store_true", help="in order, on time, once")
    parser.add_argument(
        "--outage",
        type=_outage,
        action="append",
        default=[],
        metavar="AIRPORT,FROM,TO",
        help="its events are held back, then burst; may be given several times",
    )
    options = parser.parse_args(arguments)
    if options.first > options.last:
        parser.error(f"--from {options.first} lies after --to {options.last}")
    return options


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write 2013-02-08") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise argparse.ArgumentTypeError(f"{day} is not in the data: {FIRST_DAY} to {LAST_DAY}")
    return day


def _outage(text: str) -> Outage:
    try:
        return Outage.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _prepare(options: argparse.Namespace, console: Console) -> Stream:
    request = Request(
        options.first, options.last, options.seed, options.ideal, tuple(options.outage)
    )
    begin = time.monotonic()
    with DaysProgress(console) as progress:
        stream = prepare(options.out / "input", request, progress.show)
    how = f"written in {time.monotonic() - begin:.1f} s" if stream.fresh else "as written before"
    console.print(
        f"input: {stream.lines:,} lines, {stream.bytes / 1e6:,.0f} MB, "
        f"{stream.second_deliveries:,} of them second deliveries ({how})",
        highlight=False,
        soft_wrap=True,
    )
    return stream


def pipeline(stream: Path, out: Path) -> Loaded:
    """Load the template's pipeline with this run's files in place of its own.

    Args:
        stream: The input.
        out: Folder of the outputs.

    Returns:
        The pipeline, ready to run.
    """
    loaded = load(PIPELINE)
    model = loaded.model
    files = {"path": [str(stream)], "rejects": str(out / "rejects.jsonl")}
    sources = {name: each.model_copy(update=files) for name, each in model.sources.items()}
    sinks = {
        name: each.model_copy(update={"path": str(out / Path(each.path).name)})
        for name, each in model.sinks.items()
    }
    changed = model.model_copy(update={"sources": sources, "sinks": sinks})
    return Loaded(changed, loaded.functions, loaded.warnings)


def _run(options: argparse.Namespace, stream: Stream) -> int:
    out: Path = options.out
    for name in OUTPUTS:  # sinks append
        (out / name).unlink(missing_ok=True)
    handlers.start_over()
    result = run_pipeline(pipeline(stream.path, out))
    console = Console()
    _print_input(console, out, stream)
    if result.exit_code == INTERRUPTED:
        return INTERRUPTED
    truth = expectations.from_tables(folder(), options.first, options.last)
    checks = compare(_results(result.stats, out), truth, stream.second_deliveries)
    _print_checks(console, checks)
    different = not all(check.equal for check in checks)
    return result.exit_code or (DIFFERENT if different else 0)


def _results(stats: Stats, out: Path) -> Results:
    return Results(
        accepted={name: queue.accepted for name, queue in stats.queues.items()},
        done={name: queue.done for name, queue in stats.queues.items()},
        duplicates=stats.totals.duplicate,
        aircraft=len(handlers.board.aircraft),
        archive=out / "archive.jsonl",
        alerts=out / "alerts.jsonl",
    )


def _print_checks(console: Console, checks: Sequence[Check]) -> None:
    table = Table(title="numbers equal the package's tables", title_justify="left")
    table.add_column("")
    table.add_column("this run", justify="right")
    table.add_column("tables", justify="right")
    table.add_column("equal")
    for check in checks:
        equal = "yes" if check.equal else "[bold red]NO[/bold red]"
        table.add_row(check.what, f"{check.got:,}", f"{check.expected:,}", equal)
    console.print(table)
    answer = "yes" if all(check.equal for check in checks) else "NO"
    console.print(f"numbers equal the package's tables: {answer}")


def _print_input(console: Console, out: Path, stream: Stream) -> None:
    """The run has named its outputs; this is what it read and what it refused of that."""
    rejects = out / "rejects.jsonl"
    refused = rejects if rejects.exists() else "none"
    console.print(f"input: {stream.path}\nrejects: {refused}", markup=False, soft_wrap=True)
