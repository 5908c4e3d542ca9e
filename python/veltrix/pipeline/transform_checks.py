"""Whether the ``transform`` of a queue changes something, and leads somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from veltrix.pipeline.faults import Fault, Path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CHANGES = ("type", "set", "drop", "key")


def check_transform(path: tuple[str, ...], queue: Mapping[str, Any]) -> Iterator[Fault]:
    """Finds what does not fit together around the transform of a queue.

    Args:
        path: The queue's place: ``("queues", "clean")``.
        queue: What it says; it has a ``transform``.

    Yields:
        Errors.

    Example:
        >>> queue = {"transform": {"drop": "secret"}}
        >>> [fault.code for fault in check_transform(("queues", "clean"), queue)]
        ['transform-target']
    """
    name, at = path[-1], (*path, "transform")
    if queue.get("handler") is not None:
        message = f"queue {name!r} has a handler and a transform; keep one of them"
        yield Fault(at, "handler-and-transform", message, on_key=True)
        return
    transform = queue["transform"]
    if not isinstance(transform, dict):
        return  # its model says what it has to be
    if not any(transform.get(change) for change in CHANGES):
        message = f"the transform of queue {name!r} changes nothing; add type, set, drop or key"
        yield Fault(at, "transform-empty", message, on_key=True)
    publish, sink = transform.get("publish") is True, queue.get("sink") is not None
    if publish and sink:
        message = f"queue {name!r} publishes what it transforms and has a sink; keep one of them"
        yield Fault((*path, "sink"), "transform-target", message, on_key=True)
    elif not publish and not sink:
        message = f"the transform of queue {name!r} leads nowhere; add 'publish: true' or a 'sink'"
        yield Fault(at, "transform-target", message, on_key=True)


def expressions_of(path: Path, transform: Any) -> Iterator[tuple[Path, Any]]:
    """Lists the expressions of a transform with their places.

    Args:
        path: The transform's place.
        transform: What stands there.

    Yields:
        Place and text; what has a wrong shape is left out.
    """
    group = transform if isinstance(transform, dict) else {}
    yield from (((*path, option), group[option]) for option in ("type", "key") if option in group)
    values = group.get("set")
    if isinstance(values, dict):
        yield from (((*path, "set", name), text) for name, text in values.items())
