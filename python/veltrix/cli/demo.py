"""``veltrix demo``: the stories, told twice in one run."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from veltrix import stories
from veltrix.stories.measure import SideFailedError, run_side
from veltrix.stories.report import print_report
from veltrix.stories.story import SIDES


def demo(
    story: Annotated[
        str | None, typer.Argument(metavar="[STORY]", help="s0 to s4; none lists them.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A smaller load.")] = False,
    seed: Annotated[int, typer.Option(help="Fixes the load.")] = 1,
) -> None:
    """Tell a story: the same load before and with veltrix, beside what the story claims."""
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
        raise typer.Exit(2)
    options = {**(found.quick if quick else {}), "seed": seed}
    try:
        before, after = (run_side(found, side, options) for side in SIDES)
    except SideFailedError as error:
        Console(stderr=True).print(str(error), markup=False)
        raise typer.Exit(1) from None
    print_report(console, found, before, after)


def _list(console: Console) -> None:
    for name, title in stories.CATALOGUE.items():
        missing = "" if stories.find(name) else "  (not there yet)"
        console.print(f"{name}  {title}{missing}", markup=False, highlight=False, soft_wrap=True)
