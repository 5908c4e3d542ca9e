"""``veltrix run``: from start to the end of the input, or until somebody stops it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.console import Console

from veltrix.cli import exits
from veltrix.cli.interrupts import Terminated, sigterm_raises
from veltrix.cli.progress import Progress
from veltrix.cli.summary import SHOWN, as_json, print_summary
from veltrix.engine import Engine, pipeline_of
from veltrix.errors import ConfigError
from veltrix.logs.setup import installed
from veltrix.metrics import serve
from veltrix.pipeline.model import LoggingModel
from veltrix.problems import Place, Problem
from veltrix.reports import DrainReport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from veltrix.engine import Runnable
    from veltrix.stats import Stats

STEP_SECONDS = 0.2  # between two pictures of the progress


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is shown and ended.

    Attributes:
        quiet: No progress and no table.
        as_json: The summary as one JSON object on standard output.
        grace: Bound of the drain after Ctrl-C or SIGTERM; None: ``shutdown.grace``.
        metrics: Where Prometheus may scrape while it runs; None: nowhere.
    """

    quiet: bool = False
    as_json: bool = False
    grace: float | str | None = None
    metrics: str | None = None


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended."""

    exit_code: int
    stats: Stats
    report: DrainReport
    outputs: dict[str, str] = field(default_factory=dict)  # sink -> path
    rejects: dict[str, str] = field(default_factory=dict)  # source -> path
    first_dead_letters: tuple[str, ...] = ()


def run_pipeline(runnable: Runnable, options: RunOptions | None = None) -> RunResult:
    """Runs a pipeline to the end of its input, shows how it goes and what came out.

    Progress goes to standard error, the summary to standard output (to standard error too when a
    sink writes there). Ctrl-C and SIGTERM drain; a second one skips the drain. Neither leaves this
    function as an exception once the engine has started.

    Args:
        runnable: The pipeline, in any form that ``Engine`` takes.
        options: How it is shown and ended.

    Returns:
        The exit code, the last numbers and what is left.

    Raises:
        ConfigError: The pipeline cannot run, or has no source to read.
        FileError: A source or sink cannot be opened.
        AddressError: Metrics cannot be served there.
    """
    options = options or RunOptions()
    pipeline = pipeline_of(runnable)
    model = pipeline.to_model()
    if not model.sources:
        raise ConfigError([Problem(Place(f"pipeline {model.name!r}"), "no-source", _NO_SOURCE)])
    engine = Engine(pipeline)
    errors = Console(stderr=True)
    if not options.quiet:
        for warning in pipeline.warnings:
            errors.print(str(warning), markup=False, highlight=False, soft_wrap=True)
    lines = None if model.logging or options.quiet else LoggingModel()
    with sigterm_raises(), installed(lines), _metrics(engine, options, errors):
        code, report = _run(engine, options, errors)
    stats = engine.stats()
    letters = engine.dead_letters.list() if stats.dead_letters else []
    result = RunResult(
        exit_code=code or _verdict(stats),
        stats=stats,
        report=report,
        outputs={name: sink.path for name, sink in model.sinks.items()},
        rejects={name: model.rejects_of(name) for name in model.sources},
        first_dead_letters=tuple(map(str, letters[:SHOWN])),
    )
    _tell(result, options, errors)
    return result


_NO_SOURCE = (
    "it has no source, so there is nothing to read; add one (sources: {in: {path: in.jsonl}}, or "
    "app.source('in', 'in.jsonl')), or publish from Python with vx.Engine"
)


@contextlib.contextmanager
def _metrics(engine: Engine, options: RunOptions, errors: Console) -> Iterator[None]:
    if options.metrics is None:
        yield
        return
    with serve(engine, options.metrics) as server:
        if not options.quiet:
            text = f"metrics: http://{server.address}/metrics"
            errors.print(text, markup=False, highlight=False, soft_wrap=True)
        yield


def _run(engine: Engine, options: RunOptions, errors: Console) -> tuple[int, DrainReport]:
    try:
        engine.start()
        with Progress(errors, quiet=options.quiet) as progress:
            while not engine.drain(timeout=STEP_SECONDS):
                progress.show(engine.stats())
        return exits.OK, engine.stop()
    except (KeyboardInterrupt, Terminated) as signal:
        code = exits.TERMINATED if isinstance(signal, Terminated) else exits.INTERRUPTED
        return code, _end(engine, options, errors)
    except BaseException:
        engine.stop(0)
        raise


def _end(engine: Engine, options: RunOptions, errors: Console) -> DrainReport:
    try:
        if not options.quiet:
            errors.print("stopping: draining what is in flight; Ctrl-C again stops at once")
        return engine.stop(options.grace)
    except (KeyboardInterrupt, Terminated):
        return engine.stop(0)


def _verdict(stats: Stats) -> int:
    failed = any(source.rejected or source.error for source in stats.sources.values())
    dead = stats.dead_letters or stats.dead_letters_evicted
    return exits.FAILURES if failed or dead else exits.OK


def _tell(result: RunResult, options: RunOptions, errors: Console) -> None:
    taken = "-" in result.outputs.values()  # standard output belongs to a sink
    if options.as_json:
        print(as_json(result), file=errors.file if taken else None)
    elif not options.quiet:
        print_summary(errors if taken else Console(), result)
