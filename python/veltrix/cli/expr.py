"""``veltrix expr``: an expression over events from a file or a pipe."""

from __future__ import annotations

from typing import Annotated

import typer

from veltrix.cli import exits
from veltrix.cli.event_files import events_of
from veltrix.cli.target import UsageError
from veltrix.errors import EvaluationError, EventError, InvalidExpressionError
from veltrix.expressions import Expression, as_json, explain


def expr(
    text: Annotated[str, typer.Argument(metavar="EXPR", help="The expression.")],
    event: Annotated[
        str | None,
        typer.Option("--event", "-e", metavar="FILE", help="Events as JSON; - = standard input."),
    ] = None,
    why: Annotated[
        bool, typer.Option("--explain", help="Say which sub-expression decided.")
    ] = False,
) -> None:
    """Evaluates an expression."""
    try:
        expression = Expression(text)
    except InvalidExpressionError as error:
        for fault in error.faults:
            typer.echo(f"error[{fault.code}]: {fault}", err=True)
        raise typer.Exit(exits.CONFIG) from None
    for warning in expression.warnings:
        typer.echo(f"warning[{warning.code}]: {warning}", err=True)
    failed = False
    try:
        for place, json in events_of(event) if event is not None else [("no event", b"{}")]:
            failed |= not _answer(expression, place, json, why=why)
    except UsageError as error:
        raise typer.BadParameter(str(error), param_hint="--event") from None
    raise typer.Exit(exits.FAILURES if failed else exits.OK)


def _answer(expression: Expression, place: str, json: bytes, *, why: bool) -> bool:
    """Prints one line; false where there is no value."""
    try:
        if why:
            found = explain(expression, json)
            typer.echo(f"{found.verdict}: {found}" if str(found) else found.verdict)
            return found.verdict in ("true", "false")
        typer.echo(as_json(expression, json))
    except EvaluationError as error:
        typer.echo(f"{place}: error[{error.reason}]: {error}", err=True)
        return False
    except EventError as error:
        typer.echo(f"{place}: error[{error.code}]: {error}", err=True)
        return False
    return True
