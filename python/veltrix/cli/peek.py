"""``veltrix source peek``: records of a file, the events they become, and the routes these take."""

from __future__ import annotations

import gzip
import json
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import typer

from veltrix import _core
from veltrix.cli import exits
from veltrix.cli.event_files import BYTE_ORDER_MARK
from veltrix.cli.target import UsageError
from veltrix.errors import FileError, VeltrixError
from veltrix.explanations import RoutingExplainer, RoutingExplanation
from veltrix.pipeline.build import build, problems_of
from veltrix.pipeline.compile import source_options
from veltrix.pipeline.model import SourceModel
from veltrix.pipeline.source_checks import check_sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from veltrix.pipeline.compile import Compiled

SHOWN = 400  # characters of a record


@dataclass(frozen=True, slots=True)
class Peek:
    """What to look at, and how to show it."""

    path: str
    limit: int
    as_json: bool


def source_of(compiled: Compiled, name: str | None) -> tuple[str, SourceModel]:
    """Finds a source of a pipeline.

    Args:
        compiled: The pipeline.
        name: The source's name; None: its only one.

    Returns:
        Its name and its options.

    Raises:
        UsageError: There is none of that name, or no single one.
    """
    sources = compiled.model.sources
    names = ", ".join(sources) or "none"
    if name is None and len(sources) != 1:
        raise UsageError(f"the pipeline has several sources or none; name one of: {names}")
    name = next(iter(sources)) if name is None else name
    if name not in sources:
        raise UsageError(f"the pipeline has no source {name!r}; it has: {names}")
    return name, sources[name]


def described_source(given: dict[str, Any], parts: list[str]) -> SourceModel:
    """Makes a source of what stands on the command line.

    Args:
        given: Its options; what is None was not given.
        parts: ``ATTRIBUTE=EXPRESSION`` of the envelope.

    Returns:
        The source.

    Raises:
        ConfigError: An option is wrong.
        UsageError: A part has no ``=``, or maps what another one maps.
    """
    if given.pop("source", None) is not None:
        raise UsageError("--source names a source of --pipeline; leave the other options out")
    envelope = {}
    for part in parts:
        name, separator, text = part.partition("=")
        if not separator:
            raise UsageError(f"{part!r} is not ATTRIBUTE=EXPRESSION, such as type=line.kind")
        attribute = name.strip()
        if attribute in envelope:
            raise UsageError(f"{attribute} is mapped twice; give -e {attribute}= once")
        envelope[attribute] = text
    values = {name: value for name, value in given.items() if value is not None}
    if envelope:
        values["envelope"] = envelope
    if "pattern" in values:
        values.setdefault("connector", "lines")
    model = build(SourceModel, ("sources", "peek"), values)
    faults = list(check_sources({"peek": values}))
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors:
        raise UsageError(errors[0].message)
    for problem in problems_of("", faults):
        typer.echo(str(problem), err=True)
    return model


def peek(wanted: Peek, named: tuple[str, SourceModel], compiled: Compiled | None) -> int:
    """Prints the first records of a file with what becomes of them.

    Args:
        wanted: The file, and how many records.
        named: The source's name and options.
        compiled: The pipeline whose routes are asked; None: none are.

    Returns:
        The exit code.

    Raises:
        UsageError: The file cannot be opened.
    """
    mapper = _core.RecordMapper(source_options(*named))
    explainer = RoutingExplainer(compiled.model, compiled.plan) if compiled else None
    code = exits.OK
    with _opened(wanted.path) as stream:
        records = _records(wanted.path, stream)
        try:
            for place, offset, line in islice(records, wanted.limit or None):
                told = _told(mapper, explainer, line, (wanted.path, offset))
                code = exits.FAILURES if "rejected" in told else code
                _show({"place": place} | told, as_json=wanted.as_json)
        except FileError as error:
            typer.echo(f"error[{error.code}]: {error}", err=True)
            code = exits.FAILURES
    return code


def _told(
    mapper: _core.RecordMapper,
    explainer: RoutingExplainer | None,
    line: bytes,
    place: tuple[str, int],
) -> dict[str, Any]:
    told: dict[str, Any] = {"record": line.decode(errors="replace")}
    try:
        event = mapper.map(line, *place)
    except VeltrixError as error:
        return told | {"rejected": f"error[{error.code}]: {error}"}
    told["event"] = None if event is None else json.loads(event.to_json())
    if event is not None and explainer is not None:
        told["routing"] = explainer.explain(event)
    return told


def _show(told: dict[str, Any], *, as_json: bool) -> None:
    routing = cast("RoutingExplanation | None", told.pop("routing", None))
    if as_json:
        if routing is not None:
            told["queues"], told["otherwise"] = routing.queues, routing.otherwise
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    typer.echo(f"{told['place']}: {_short(told['record'])}")
    if "rejected" in told:
        typer.echo(f"  rejected: {told['rejected']}")
    elif told["event"] is None:
        typer.echo("  filtered: the source's where does not hold")
    else:
        event = dict(told["event"])
        event.pop("data", None)
        event.pop("specversion", None)
        typer.echo(f"  event: {json.dumps(event, ensure_ascii=False)}")
    for line in str(routing).splitlines()[1:] if routing is not None else ():
        typer.echo(f"  {line}")


def _short(record: str) -> str:
    clean = "".join(letter if letter.isprintable() else "?" for letter in record[:SHOWN])
    return clean + ("…" if len(record) > SHOWN else "")


def _records(path: str, stream: IO[bytes]) -> Iterator[tuple[str, int, bytes]]:
    """Place, byte offset and text of each line that is not blank, as the source reads it."""
    offset = 0
    try:
        for number, raw in enumerate(stream, start=1):
            mark = len(BYTE_ORDER_MARK) if offset == 0 and raw.startswith(BYTE_ORDER_MARK) else 0
            line = raw[mark:].removesuffix(b"\n").removesuffix(b"\r")
            if line.strip(b" \t\r"):
                yield f"{path}:{number}", offset + mark, line
            offset += len(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise FileError(f"{path!r} cannot be read any further: {error}") from None


@contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    try:
        file = Path(path).open("rb")  # noqa: SIM115 - closed below
        packed = file.peek(2)[:2] == b"\x1f\x8b"
    except OSError as error:
        raise UsageError(f"{path!r} cannot be read: {error.strerror}") from None
    with file:
        yield cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if packed else file
