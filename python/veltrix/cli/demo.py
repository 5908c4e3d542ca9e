"""``veltrix demo``: the stories, told with and without veltrix."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from veltrix import stories
from veltrix.cli import exits
from veltrix.stories.measure import RunFailedError, measure
from veltrix.stories.report import print_report, print_setting


def demo(
    story: Annotated[
        str | None, typer.Argument(metavar="[STORY]", help="s0 to s4; none lists them.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A smaller load.")] = False,
    seed: Annotated[int, typer.Option(help="Fixes the load.")] = 1,
) -> None:
    """Tells a story."""
    console = Console()
    if story is None:
        _list(console)
        return
    try:
        found = stories.find(story)
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0])) from None
    if found is None:
        console.print(f"{story} is not there yet: {stories.CATALOGUE[story]}")
        raise typer.Exit(exits.USAGE)
    options = {**(found.quick if quick else {}), "seed": seed}
    outcomes = {}
    try:
        print_setting(console, found)
        for run in found.runs:
            with console.status(f"running: {run.name}"):
                outcomes[run.name] = measure(found, run, options)
    except RunFailedError as error:
        Console(stderr=True).print(str(error), markup=False)
        raise typer.Exit(exits.FAILURES) from None
    except KeyboardInterrupt:
        raise typer.Exit(exits.INTERRUPTED) from None
    print_report(console, found, outcomes)


def _list(console: Console) -> None:
    for name, title in stories.CATALOGUE.items():
        missing = "" if stories.find(name) else "  (not there yet)"
        console.print(f"{name}  {title}{missing}", markup=False, highlight=False, soft_wrap=True)
