"""The pipeline as data: one model for both spellings, YAML and decorators.

Everything that a pipeline file may say stands here or in ``queue_model.py``; what it will say one
day stands in ``later.py`` and is refused by name.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from veltrix import _core
from veltrix.errors import OptionError
from veltrix.pipeline.base_model import Options
from veltrix.pipeline.envelope_model import EnvelopeModel
from veltrix.pipeline.expression_types import Condition, Key, LineExpression, RoutePriority
from veltrix.pipeline.later import CONNECTORS
from veltrix.pipeline.paths import TypePattern
from veltrix.pipeline.queue_model import QueueModel, QueueSettings
from veltrix.pipeline.scalars import (
    SECOND,
    Count,
    Duration,
    Name,
    Nanoseconds,
    Priority,
    Share,
    Texts,
    not_available,
)

VERSION = 1


def _version(value: Any) -> Any:
    if value != VERSION or isinstance(value, bool):
        raise PydanticCustomError(
            "unsupported-version",
            "{value} is not a schema version that this veltrix reads; write veltrix: 1",
            {"value": repr(value)[:40]},
        )
    return value


def _connector(value: Any) -> Any:
    if isinstance(value, str) and value in CONNECTORS:
        raise not_available(f"'connector: {value}'", CONNECTORS[value])
    return value


def _file(path: str) -> str:
    if not path:
        raise ValueError('an empty path; write a file, a pattern such as "in/*.jsonl", or "-"')
    return path


def _pattern(text: str) -> str:
    try:
        _core.check_line_pattern(text)
    except OptionError as error:
        raise PydanticCustomError("invalid-pattern", "{text}", {"text": str(error)}) from None
    return text


Connector = Annotated[Literal["jsonl"], BeforeValidator(_connector)]
SourceConnector = Annotated[Literal["jsonl", "lines"], BeforeValidator(_connector)]
File = Annotated[str, AfterValidator(_file)]


class DispatchModel(Options):
    """How the engine chooses what runs next."""

    policy: Literal["classes", "strict"] = "classes"
    """``classes``: the most urgent first, each with its least share; ``strict`` can starve."""
    min_share: Share = 0.01
    """Least share of time of a class that has work, 0 % to 10 %."""


class DedupModel(Options):
    """What counts as delivered before: the same ``source`` and ``id`` inside a window."""

    window: Duration = Nanoseconds(600 * SECOND)
    """How long an id is remembered; 0 = no deduplication."""
    events: Count = Field(default=1_000_000, le=100_000_000)
    """How many ids are remembered at most; the oldest go first."""


class ShutdownModel(Options):
    """How an engine ends."""

    grace: Duration = Nanoseconds(25 * SECOND)
    """How long it may drain before it stops with what is left."""


class DefaultsModel(Options):
    """What holds unless something more special is said."""

    queue: QueueSettings = QueueSettings()
    """For every queue; gives way where it does not fit what a queue says itself."""


class LoggingModel(Options):
    """What is written to standard error, of all loggers of the process."""

    format: Literal["console", "json"] = "console"
    """``console``: short lines for people; ``json``: one object a line."""
    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least level that is written."""


class SourceModel(Options):
    """Where events come in."""

    connector: SourceConnector = "jsonl"
    """``jsonl``: one CloudEvents 1.0 JSON object a line, or with an ``envelope`` any JSON;
    ``lines``: plain text."""
    path: Annotated[Texts[File], Field(min_length=1)]
    """Files (gzip too), patterns (``*``), or ``-`` for standard input; relative to the working
    folder."""
    priority: Priority | None = None
    """For events that name none and whose route names none."""
    rejects: str | None = None
    """The file that keeps malformed lines; default: ``PIPELINE.SOURCE.rejects.jsonl``."""
    parallel: Count | None = Field(default=None, le=16)
    """Threads that read and filter, 1-16, order kept; default: 2 for files above 4 MiB."""
    envelope: EnvelopeModel | None = None
    """What makes an event of a record that is none: expressions over ``line``."""
    where: LineExpression | None = None
    """Records that become events: a condition over ``line``; a missing member means no."""
    pattern: Annotated[str, AfterValidator(_pattern)] | None = None
    """Of ``lines``: a regular expression (RE2) that the whole line matches; its named groups are
    members of ``line``."""


class RouteModel(Options):
    """Which events go to which queue."""

    type: Annotated[Texts[TypePattern], Field(min_length=1)]
    """Type patterns: ``*`` is one dotted part, ``**`` is zero or more."""
    where: Condition | None = None
    """A condition (CEL) such as ``data.amount > 900``; a missing member means no."""
    unless: Annotated[Texts[str], Field(default_factory=list)]
    """Routes that go before: an event that one of them takes is not taken here."""
    key: Key | None = None
    """A path such as ``data.team``, or an expression; events of one key keep their order."""
    priority: RoutePriority | None = None
    """0-9, a name, or an expression; goes before the event's, the source's and the queue's."""
    to: str
    """The queue."""


class SinkModel(Options):
    """Where events go out natively."""

    connector: Connector = "jsonl"
    """``jsonl``: one CloudEvents 1.0 JSON object a line."""
    path: File
    """The file, packed where it ends with ``.gz``, or ``-`` for standard output; relative to the
    working folder."""


class PipelineModel(Options):
    """The declared whole, from a YAML file or from decorators."""

    veltrix: Annotated[Literal[1], BeforeValidator(_version)]
    """Schema version: 1."""
    name: Name
    """The pipeline's name; the default ``source`` of what it publishes."""
    defaults: DefaultsModel = DefaultsModel()
    """Options for every queue."""
    dispatch: DispatchModel = DispatchModel()
    """How the engine chooses what runs next."""
    dedup: DedupModel = DedupModel()
    """What counts as delivered before."""
    unmatched: Name = "dead"
    """Events of no route: ``dead`` (letters), ``drop``, ``reject``, or a queue's name."""
    shutdown: ShutdownModel = ShutdownModel()
    """How an engine ends."""
    logging: LoggingModel | None = None
    """What is written to standard error; default: nothing, except by `veltrix run`."""
    sources: dict[Name, SourceModel] = Field(default_factory=dict)
    """Where events come in."""
    routes: dict[Name, RouteModel] = Field(default_factory=dict)
    """Which events go where, in this order."""
    queues: dict[Name, QueueModel] = Field(default_factory=dict)
    """The lanes."""
    sinks: dict[Name, SinkModel] = Field(default_factory=dict)
    """Where events go out."""

    def rejects_of(self, source: str) -> str:
        """Names the file that keeps the rejects of a source.

        Args:
            source: The source's name.

        Returns:
            What the source says, else a file in the working folder.

        Example:
            >>> source = SourceModel(path=["in.jsonl"])
            >>> PipelineModel(veltrix=1, name="hunt", sources={"in": source}).rejects_of("in")
            'hunt.in.rejects.jsonl'
        """
        said = self.sources[source].rejects
        return f"{self.name}.{source}.rejects.jsonl" if said is None else said
