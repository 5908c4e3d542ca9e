"""What no single option can show: whether routes, queues, sinks and handlers fit together.

The checks read plain data, not the model, so that they speak even when single options are wrong:
a person sees every problem of a file at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from veltrix._core import reads_data
from veltrix.expression_faults import faults_in
from veltrix.pipeline.faults import Fault, Path, of_expression
from veltrix.pipeline.queue_checks import check_queue
from veltrix.pipeline.source_checks import check_sources
from veltrix.pipeline.transform_checks import check_transform, expressions_of
from veltrix.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

UNMATCHED = ("dead", "drop", "reject")


@dataclass(frozen=True, slots=True)
class Outline:
    """The names of a pipeline and what they point at; whatever has a wrong shape is left out."""

    sources: Mapping[str, Mapping[str, Any]]
    queues: Mapping[str, Mapping[str, Any]]
    routes: Mapping[str, Mapping[str, Any]]
    sinks: Mapping[str, Any]
    unmatched: Any
    defaults: Mapping[str, Any]  # of queues

    @classmethod
    def of(cls, data: Any) -> Outline:
        """Takes the outline of a pipeline's data.

        Args:
            data: What a file holds, or a model's dump.

        Returns:
            The outline; empty for what is no pipeline at all.
        """
        data = data if isinstance(data, dict) else {}
        sinks, defaults = data.get("sinks"), _groups(data.get("defaults"))
        return cls(
            sources=_groups(data.get("sources")),
            queues=_groups(data.get("queues")),
            routes=_groups(data.get("routes")),
            sinks=sinks if isinstance(sinks, dict) else {},
            unmatched=data.get("unmatched"),
            defaults=defaults.get("queue", {}),
        )


def check(outline: Outline) -> Iterator[Fault]:
    """Finds everything that does not fit together.

    Args:
        outline: The pipeline's outline.

    Yields:
        Errors and warnings, in no order.

    Example:
        >>> data = {"routes": {"all": {"type": "**", "to": "sore"}}, "queues": {"score": {}}}
        >>> [fault.code for fault in check(Outline.of(data))]
        ['unknown-queue', 'no-handler', 'unreachable-queue']
    """
    yield from check_sources(outline.sources)
    yield from _routes(outline)
    yield from _unless_circles(outline)
    yield from _shared_keys(outline)
    yield from _queues(outline)
    yield from _options(outline)
    yield from _unmatched(outline)
    yield from _warnings(outline)


def _routes(outline: Outline) -> Iterator[Fault]:
    for name, route in outline.routes.items():
        to = route.get("to")
        if isinstance(to, str) and to not in outline.queues:
            message = f"route {name!r} goes to {to!r}, which is no queue"
            yield _unknown(("routes", name, "to"), "unknown-queue", message, to, outline.queues)
        elif isinstance(to, str) and outline.queues[to].get("payload") == "reference":
            yield from _by_reference(name, route, to)
        for position, other in _unless(route):
            if other not in outline.routes:
                path = ("routes", name, "unless", position)
                message = f"route {name!r}: 'unless' names {other!r}, which is no route"
                yield _unknown(path, "unknown-route", message, other, outline.routes)


def _by_reference(name: str, route: Mapping[str, Any], to: str) -> Iterator[Fault]:
    for option in ("where", "key", "priority"):
        text = route.get(option)
        if isinstance(text, str) and reads_data(text):
            cure = "pass key=" if option == "key" else "name members of the event only"
            message = f"queue {to!r} takes objects by reference, and no {option} is read from those"
            yield Fault(("routes", name, option), "option-clash", f"{message}; {cure}")


def _warnings(outline: Outline) -> Iterator[Fault]:
    """Of expressions that load; their errors come from the models."""
    found: list[tuple[Path, Any]] = [
        (("routes", name, option), route.get(option))
        for name, route in outline.routes.items()
        for option in ("where", "key", "priority")
    ]
    groups: dict[Path, Mapping[str, Any]] = {("defaults", "queue"): outline.defaults}
    groups.update({("queues", name): queue for name, queue in outline.queues.items()})
    for path, queue in groups.items():
        by = _groups({"dedup": queue.get("dedup")})["dedup"].get("by")
        texts = [by] if isinstance(by, str) else by if isinstance(by, list) else []
        found.extend(((*path, "dedup", "by", index), each) for index, each in enumerate(texts))
        found.extend(expressions_of((*path, "transform"), queue.get("transform")))
    for at, text in found:
        for fault in faults_in(text) if isinstance(text, str) else ():
            if fault.severity == "warning":
                yield of_expression(at, fault)


def _shared_keys(outline: Outline) -> Iterator[Fault]:
    """Order holds inside a queue: one key in several queues is worth a word, once for each key."""
    first: dict[str, str] = {}  # key -> the queue where it was seen first
    told = set[str]()
    for name, route in outline.routes.items():
        key, to = route.get("key"), route.get("to")
        if not isinstance(key, str) or not isinstance(to, str):
            continue
        queue = first.setdefault(key, to)
        if queue != to and key not in told:
            told.add(key)
            message = f"key {key!r} goes to several queues ({queue}, {to}); each orders its own"
            yield Fault(("routes", name, "key"), "shared-key", message, severity="warning")


def _unless_circles(outline: Outline) -> Iterator[Fault]:
    links = {name: [other for _, other in _unless(route)] for name, route in outline.routes.items()}
    for circle in _circles(links):
        way = " -> ".join([*circle, circle[0]])
        message = f"'unless' goes round in a circle: {way}; remove one of these links"
        yield Fault(("routes", circle[0], "unless"), "unless-circle", message)


def _circles(links: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Takes away what names nothing that is left; what then remains leads into a circle."""
    left = dict(links)
    while left:
        free = [name for name, others in left.items() if not any(o in left for o in others)]
        for name in free:
            del left[name]
        if free or not left:
            continue
        at, way = next(iter(left)), list[str]()
        while at not in way:
            way.append(at)
            at = next(other for other in left[at] if other in left)
        circle = way[way.index(at) :]
        yield circle
        for name in circle:
            del left[name]


def _queues(outline: Outline) -> Iterator[Fault]:
    if not outline.queues:
        yield Fault((), "no-queue", "the pipeline has no queue; add one with a handler or a sink")
    named = [outline.unmatched, *(route.get("to") for route in outline.routes.values())]
    reached = {name for name in named if isinstance(name, str)}
    for name, queue in outline.queues.items():
        path = ("queues", name)
        handler, sink = queue.get("handler"), queue.get("sink")
        if handler is not None and sink is not None:
            message = f"queue {name!r} has a handler and a sink; keep one of them"
            yield Fault((*path, "sink"), "handler-and-sink", message, on_key=True)
        elif queue.get("transform") is not None:
            yield from check_transform(path, queue)
        elif handler is None and sink is None:
            message = f"queue {name!r} has neither 'handler' nor 'sink'; add one of them"
            yield Fault(path, "no-handler", message, on_key=True)
        if isinstance(sink, str) and sink not in outline.sinks:
            message = f"queue {name!r} empties into {sink!r}, which is no sink"
            yield _unknown((*path, "sink"), "unknown-sink", message, sink, outline.sinks)
        if name not in reached:
            message = f"no route goes to queue {name!r}; it will stay empty"
            yield Fault(path, "unreachable-queue", message, on_key=True, severity="warning")


def _options(outline: Outline) -> Iterator[Fault]:
    yield from check_queue(("defaults", "queue"), outline.defaults, {})
    for name, queue in outline.queues.items():
        yield from check_queue(("queues", name), queue, outline.defaults)


def _unmatched(outline: Outline) -> Iterator[Fault]:
    to = outline.unmatched
    if isinstance(to, str) and to not in (*UNMATCHED, *outline.queues):
        message = f"'unmatched' names {to!r}, which is no queue and not dead, drop or reject"
        known = [*UNMATCHED, *outline.queues]
        yield _unknown(("unmatched",), "unknown-queue", message, to, known)


def _unknown(path: tuple[str | int, ...], code: str, message: str, word: str, known: Any) -> Fault:
    return Fault(path, code, message + did_you_mean(word, known))


def _unless(route: Mapping[str, Any]) -> list[tuple[int, str]]:
    unless = route.get("unless")
    names = [unless] if isinstance(unless, str) else unless if isinstance(unless, list) else []
    return [(index, name) for index, name in enumerate(names) if isinstance(name, str)]


def _groups(data: Any) -> Mapping[str, Mapping[str, Any]]:
    entries = data.items() if isinstance(data, dict) else ()
    return {name: group if isinstance(group, dict) else {} for name, group in entries}
