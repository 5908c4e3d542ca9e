"""The verbs of the command ``veltrix``: their arguments, and what each calls."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated

import typer

from veltrix.cli import exits, help_texts
from veltrix.cli.demo import demo
from veltrix.cli.explain import explain_events
from veltrix.cli.expr import expr
from veltrix.cli.peek import Peek, described_source, peek, source_of
from veltrix.cli.run import RunOptions, run_pipeline
from veltrix.cli.target import UsageError, find_pipeline
from veltrix.durations import parse_duration
from veltrix.errors import ConfigError, VeltrixError
from veltrix.metrics.server import parse_address
from veltrix.pipeline.compile import compile_pipeline
from veltrix.pipeline.declare import Pipeline

app = typer.Typer(
    name="veltrix",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(help=help_texts.DEMO)(demo)
app.command(help=help_texts.EXPR)(expr)
sources = typer.Typer(no_args_is_help=True, help=help_texts.SOURCE, rich_markup_mode=None)
app.add_typer(sources, name="source")

Target = Annotated[
    str,
    typer.Argument(metavar="FILE|MODULE:APP", help="A pipeline file, or a vx.Pipeline to import."),
]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"veltrix {version('veltrix')}")
        raise typer.Exit


@app.callback(help=help_texts.VELTRIX)
def veltrix(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """The options before any verb."""


@app.command(help=help_texts.RUN)
def run(
    target: Target,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no table.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as a JSON object.")] = False,
    rejects: Annotated[
        str | None, typer.Option(metavar="PATH", help="The file that keeps rejected records.")
    ] = None,
    grace: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="Bound of the drain after Ctrl-C, such as 25s."),
    ] = None,
    metrics: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Serve metrics for Prometheus: HOST:PORT, or a port."),
    ] = None,
) -> None:
    """Runs a pipeline."""
    _check("--grace", grace, parse_duration)
    _check("--metrics", metrics, parse_address)
    pipeline = _load(target)
    if rejects is not None:
        pipeline.keep_rejects_in(rejects)
    try:
        result = run_pipeline(pipeline, RunOptions(quiet, as_json, grace, metrics))
    except VeltrixError as error:
        raise _refused(error) from None
    raise typer.Exit(result.exit_code)


@app.command(help=help_texts.VALIDATE)
def validate(target: Target) -> None:
    """Checks a pipeline."""
    pipeline = _load(target)
    try:
        model = compile_pipeline(pipeline).model
    except VeltrixError as error:
        raise _refused(error) from None
    for warning in pipeline.warnings:
        typer.echo(str(warning), err=True)
    counts = [
        f"{len(entries)} {name}{'' if len(entries) == 1 else 's'}"
        for name in ("source", "route", "queue", "sink")
        if (entries := getattr(model, f"{name}s"))
    ]
    typer.echo(f"{target}: ok ({', '.join(counts)})")


@app.command(help=help_texts.EXPLAIN)
def explain(
    target: Target,
    event: Annotated[
        str, typer.Argument(metavar="EVENT", help="A file of events as JSON; - = standard input.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object for each event.")] = False,
) -> None:
    """Explains where events go."""
    pipeline = _load(target)
    try:
        compiled = compile_pipeline(pipeline, simulated=True)
    except VeltrixError as error:
        raise _refused(error) from None
    try:
        raise typer.Exit(explain_events(compiled, event, as_json=as_json))
    except UsageError as error:
        raise typer.BadParameter(str(error), param_hint="EVENT") from None


@sources.command("peek", help=help_texts.PEEK)
def source_peek(
    path: Annotated[str, typer.Argument(metavar="FILE", help="A file of records.")],
    target: Annotated[
        str | None,
        typer.Option("--pipeline", "-p", metavar="FILE|MODULE:APP", help="Whose routes to ask."),
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="NAME", help="A source of it; default: its only one.")
    ] = None,
    envelope: Annotated[
        list[str] | None,
        typer.Option("--envelope", "-e", metavar="ATTRIBUTE=EXPR", help="Instead; repeat it."),
    ] = None,
    where: Annotated[str | None, typer.Option(metavar="EXPR", help="Records to take.")] = None,
    connector: Annotated[str | None, typer.Option(help="jsonl, or lines of text.")] = None,
    pattern: Annotated[str | None, typer.Option(metavar="RE2", help="Of lines of text.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="Records; 0 = all.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object for each record.")] = False,
) -> None:
    """Shows what becomes of records."""
    given = {"path": path, "where": where, "connector": connector, "pattern": pattern}
    described = envelope or where or connector or pattern
    try:
        compiled = compile_pipeline(_load(target), simulated=True) if target else None
        if compiled is None or described:
            named = "peek", described_source(given | {"source": source}, envelope or [])
        else:
            named = source_of(compiled, source)
        raise typer.Exit(peek(Peek(path, limit, as_json), named, compiled))
    except UsageError as error:
        raise typer.BadParameter(str(error)) from None
    except VeltrixError as error:
        raise _refused(error) from None


def _check(option: str, text: str | None, parse: Callable[[str], object]) -> None:
    """Refuses what cannot be read before anything is loaded."""
    if text is None:
        return
    try:
        parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _load(target: str) -> Pipeline:
    try:
        return find_pipeline(target)
    except UsageError as error:
        raise typer.BadParameter(str(error), param_hint="FILE|MODULE:APP") from None
    except VeltrixError as error:
        raise _refused(error) from None


def _refused(error: VeltrixError) -> typer.Exit:
    """Tells a user's error without a traceback; a handler module's own one has its last line."""
    if isinstance(error, ConfigError):
        typer.echo(str(error), err=True)
        count = sum(problem.severity == "error" for problem in error.problems)
        typer.echo(f"{count} {'error' if count == 1 else 'errors'}", err=True)
    else:
        typer.echo(f"error[{error.code}]: {error}", err=True)
    return typer.Exit(exits.CONFIG)
