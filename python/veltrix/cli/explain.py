"""``veltrix explain``: which routes take an event, and what decided about the others."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from veltrix.cli import exits
from veltrix.cli.event_files import events_of
from veltrix.errors import EventError
from veltrix.explanations import RoutingExplainer, RoutingExplanation
from veltrix.priorities import format_priority

if TYPE_CHECKING:
    from veltrix.pipeline.compile import Compiled


def explain_events(compiled: Compiled, path: str, *, as_json: bool) -> int:
    """Prints an explanation of every event.

    Args:
        compiled: The pipeline.
        path: A file of events, or ``-``.
        as_json: One JSON object for each event instead of a table.

    Returns:
        The exit code.

    Raises:
        UsageError: The file cannot be read.
    """
    explainer = RoutingExplainer(compiled.model, compiled.plan)
    console = Console()
    code = exits.OK
    for place, text in events_of(path):
        try:
            found = explainer.explain(text)
        except EventError as error:
            typer.echo(f"{place}: error[{error.code}]: {error}", err=True)
            code = exits.FAILURES
            continue
        if as_json:
            typer.echo(_json(found))
        else:
            console.print(_table(found))
            if found.otherwise:
                console.print(found.otherwise, markup=False, highlight=False)
    return code


def _json(found: RoutingExplanation) -> str:
    event = {"type": found.event.type, "id": found.event.id, "source": found.event.source}
    routes = [asdict(answer) for answer in found.routes]
    told = {"event": event, "queues": found.queues, "routes": routes, "otherwise": found.otherwise}
    return json.dumps(told, ensure_ascii=False)


def _table(found: RoutingExplanation) -> Table:
    title = Text(f"{found.event.type} {found.event.id}")
    table = Table(title=title, title_justify="left")
    for heading in ("route", "queue", "takes it", "priority", "key", "why"):
        table.add_column(heading, overflow="fold")
    for answer in found.routes:
        priority = "" if answer.priority is None else str(format_priority(answer.priority))
        takes = Text("yes" if answer.matched else "no", "green" if answer.matched else "yellow")
        table.add_row(
            Text(answer.route),
            Text(answer.queue),
            takes,
            priority,
            Text(answer.key or ""),
            Text(answer.reason),
        )
    return table
