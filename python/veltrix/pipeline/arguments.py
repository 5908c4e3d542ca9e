"""The keyword arguments of the decorators, for type checkers; the models judge their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal, TypedDict

from veltrix.pipeline.batch import Batch

Seconds = float | str | timedelta
Urgency = int | Literal["urgent", "high", "normal", "low", "bulk"]


class QueueArguments(TypedDict, total=False):
    """The options of a queue; the same names as in YAML."""

    order: Literal["key", "none", "total"] | Mapping[str, Any]
    latest: Mapping[str, Any]
    dedup: Mapping[str, Any]
    capacity: Mapping[str, Any]
    overflow: Mapping[str, Any]
    payload: Literal["snapshot", "reference"]
    pool: Literal["shared", "threads", "asyncio", "processes"]
    concurrency: int
    weight: int
    max_wait: Seconds
    timeout: Seconds
    ttl: Seconds
    retry: Mapping[str, Any]
    dead_letters: Mapping[str, Any]


class QueueDeclaration(QueueArguments, total=False):
    """What ``app.queue`` takes beyond them."""

    batch: Batch | Mapping[str, Any]
    priority: Urgency
    sink: str
    transform: Mapping[str, Any]


class HandlerArguments(QueueArguments, total=False):
    """What ``app.handler`` takes: where events come from, and the options of its queue."""

    queue: str
    where: str
    priority: int | str
    key: str
    unless: str | Sequence[str]
    batch: Batch | Mapping[str, Any]


class RouteArguments(TypedDict, total=False):
    """What ``app.route`` takes beside ``type`` and ``to``."""

    where: str
    priority: int | str
    key: str
    unless: str | Sequence[str]


class Settings(TypedDict, total=False):
    """What ``Pipeline`` takes beside its name; the same names as at the top of a YAML file."""

    dispatch: Mapping[str, Any]
    dedup: Mapping[str, Any]
    unmatched: str
    shutdown: Mapping[str, Any]
    logging: Mapping[str, Any]
    defaults: Mapping[str, Any]


class SourceArguments(TypedDict, total=False):
    """What ``app.source`` takes beside its name and path."""

    connector: Literal["jsonl", "lines"]
    priority: Urgency
    rejects: str
    parallel: int
    envelope: Mapping[str, str]
    where: str
    pattern: str
