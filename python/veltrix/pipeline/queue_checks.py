"""Options of one queue that do not go together.

An option that another leaves without effect is a mistake where a queue says it, or where
``defaults.queue`` says both. A default gives way to what a queue says itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from veltrix._core import reads_data
from veltrix.durations import parse_duration
from veltrix.pipeline.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KEYLESS = ("none", "total")
TAKE_IN = ("drop_oldest", "drop_lowest")  # policies that turn nothing away
DEFAULT_MAX_WAIT = 30_000_000_000
NEVER_WAIT = ("reject", "drop_newest", *TAKE_IN)


@dataclass(frozen=True, slots=True)
class Clash:
    """Options of which one has to go, and why; the error stands at the first that is said."""

    options: tuple[str, ...]
    message: str


def check_queue(
    path: tuple[str, ...], queue: Mapping[str, Any], defaults: Mapping[str, Any]
) -> Iterator[Fault]:
    """Finds the options of a queue that do not go together.

    Args:
        path: The queue's place: ``("queues", "scores")``.
        queue: What it says.
        defaults: What ``defaults.queue`` says.

    Yields:
        Errors, each at an option that the queue itself says.

    Example:
        >>> queue = {"order": "none", "latest": {"by": "key"}}
        >>> [fault.path for fault in check_queue(("queues", "scores"), queue, {})]
        [('queues', 'scores', 'latest')]
    """
    own = _said(queue)
    for clash in _clashes(_said(defaults) | own):
        at = next((option for option in clash.options if option in own), None)
        if at:
            place = (*path, *at.split("."))
            yield Fault(place, "option-clash", clash.message, on_key=True)


def _said(queue: Mapping[str, Any]) -> dict[str, Any]:
    """The options by name, those of a group also as ``order.by``."""
    said = dict(queue)
    for name, value in queue.items():
        if isinstance(value, dict):
            said |= {f"{name}.{inner}": each for inner, each in value.items()}
        elif name == "order":
            said["order.by"] = value
    return said


def _clashes(said: Mapping[str, Any]) -> Iterator[Clash]:
    yield from _order(said)
    yield from _latest(said)
    policy = said.get("overflow.policy")
    if "overflow.timeout" in said and policy in NEVER_WAIT:
        message = f"'timeout' is the wait of 'block', and {policy!r} never waits; remove it"
        yield Clash(("overflow.timeout",), message)
    if "capacity.reserve" in said and policy in TAKE_IN:
        cure = "remove it, or take block, reject or drop_newest"
        message = f"'reserve' turns others away early, and {policy!r} turns nobody away; {cure}"
        yield Clash(("capacity.reserve",), message)
    yield from _batch(said)
    yield from _by_reference(said)
    for option in ("on", "dead_on"):
        native = next((name for name in ("sink", "transform") if name in said), None)
        if f"retry.{option}" in said and native:
            message = (
                f"{option!r} names exceptions of a handler, and a {native} has none; remove it"
            )
            yield Clash((f"retry.{option}",), message)


def _batch(said: Mapping[str, Any]) -> Iterator[Clash]:
    linger, ttl = _duration(said, "batch.linger"), _duration(said, "ttl")
    if not linger:
        return
    if ttl and linger >= ttl:
        message = "every event could expire while it lingers; make 'ttl' longer than 'batch.linger'"
        yield Clash(("ttl", "batch.linger"), message)
    wait = _duration(said, "max_wait") or DEFAULT_MAX_WAIT
    if linger > wait:
        message = "'linger' is longer than 'max_wait', the bound of waiting; make it shorter"
        yield Clash(("batch.linger", "max_wait"), message)
    most, room = said.get("batch.max_events", 100), said.get("capacity.events", 100_000)
    if isinstance(most, int) and isinstance(room, int) and most > room:
        message = f"the queue is full before it holds {most:,} events; make 'max_events' smaller"
        yield Clash(("batch.max_events", "capacity.events", "batch.linger"), message)


def _by_reference(said: Mapping[str, Any]) -> Iterator[Clash]:
    if said.get("payload") != "reference":
        return
    if "sink" in said:
        yield Clash(("payload",), "a sink writes JSON, it takes no objects; remove 'payload'")
    elif "transform" in said:
        message = "a transform changes JSON, it takes no objects; remove 'payload'"
        yield Clash(("payload", "transform"), message)
    if said.get("pool") == "processes":
        message = "objects of this process do not reach others; remove 'payload', or 'pool'"
        yield Clash(("payload", "pool"), message)
    by = said.get("dedup.by") or []
    paths = [by] if isinstance(by, str) else by
    if any(reads_data(str(path)) for path in paths):
        message = "nothing is read from the data of an object; name members of the event only"
        yield Clash(("dedup.by", "payload"), message)


def _order(said: Mapping[str, Any]) -> Iterator[Clash]:
    by, sort = said.get("order.by"), said.get("order.sort")
    if by == "none" and "order.on_retry" in said:
        message = "'on_retry' is about those behind in order, and 'none' keeps none; remove it"
        yield Clash(("order.on_retry",), message)
    for option in ("wait", "late"):
        if f"order.{option}" in said and sort is None:
            message = f"{option!r} needs 'sort'; add 'sort: event.time', or remove it"
            yield Clash((f"order.{option}",), message)
    if sort is None:
        return
    if by in KEYLESS:
        message = f"'sort' puts the events of one key in order; write 'by: key', not {by!r}"
        yield Clash(("order.sort",), message)
    wait, ttl = _duration(said, "order.wait"), _duration(said, "ttl")
    if wait is None:
        message = "'sort' without 'wait' would sort nothing; add how long to hold, 'wait: 500ms'"
        yield Clash(("order.sort",), message)
    elif ttl and wait >= ttl:
        message = "every event would expire while it is held; make 'ttl' longer than 'order.wait'"
        yield Clash(("ttl", "order.wait"), message)


def _latest(said: Mapping[str, Any]) -> Iterator[Clash]:
    if said.get("latest") is None:
        return
    by = said.get("order.by")
    if by in KEYLESS:
        message = f"'latest' keeps the newest event of each key; write 'order: key', not {by!r}"
        yield Clash(("latest",), message)
    if said.get("order.sort") is not None:
        message = "'latest' keeps one event of each key, which leaves nothing to sort; remove one"
        yield Clash(("latest", "order.sort"), message)


def _duration(said: Mapping[str, Any], option: str) -> int | None:
    """None also for what is no duration: somebody else tells."""
    try:
        return parse_duration(said[option])
    except (KeyError, ValueError):
        return None
