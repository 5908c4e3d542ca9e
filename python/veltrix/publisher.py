"""``publish``: how events come in from Python, the same for the engine and the simulation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from veltrix.receipts import Receipts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from veltrix import _core
    from veltrix.events import Event, Receipt


class PublishArguments(TypedDict, total=False):
    """What ``publish`` takes beyond the type and the data."""

    id: str | None
    source: str | None
    subject: str | None
    time: datetime | str | None
    key: str | None
    priority: int | str | None
    at: datetime | str | None
    after: float | str | timedelta | None


class Publisher:
    """Base of what events are published to."""

    def __init__(self, native: _core.Engine | _core.StepEngine) -> None:
        # The hottest call goes straight to the native method; the one below documents it, and is
        # what a subclass reaches with super().
        self._publish = self.__dict__["publish"] = native.publish
        publisher = native.publish.__self__
        self._try_publish = publisher.try_publish
        self._publish_now = publisher.publish_now
        self._publish_each = publisher.publish_each

    def publish(
        self,
        type: str | Event[Any] | object,  # noqa: A002
        data: object = None,
        **options: Unpack[PublishArguments],
    ) -> Receipt:
        """Takes one event in; from any thread, also from inside a handler.

        Args:
            type: The event type; or a whole ``vx.Event``; or an instance of a class declared with
                ``@app.event``, which needs no ``data``.
            data: The payload: what JSON can say, a msgspec Struct, a dataclass or a pydantic model;
                bytes stay bytes. It is encoded now; later changes to it have no effect.
            options: ``id`` (default: a new UUIDv7), ``source`` (the pipeline's name), ``subject``,
                ``time``, ``key``, ``priority`` (0-9 or a name), and for a later delivery ``at`` (a
                time) or ``after`` (``"10m"``, or seconds).

        Returns:
            A receipt: ``accepted(timeout)`` waits until the event is taken for certain,
            ``settled(timeout)`` until every queue has an outcome.

        Raises:
            EventError: The event cannot be taken; its class says why.
            QueueFullError: A queue is full, under ``block`` after its timeout.
            UnmatchedError: No route takes it, under ``unmatched: reject``.
            EngineStoppedError: The engine does not run.

        Example:
            >>> import veltrix as vx
            >>> app = vx.Pipeline("hunt")
            >>> @app.handler("clue.*")
            ... def score(event): ...
            >>> with vx.Engine(app) as engine:
            ...     engine.publish("clue.found", {"clue": 1}).settled(timeout=5)
            {'score': 'done'}
        """
        arguments = (type,) if data is None else (type, data)
        receipt: Receipt = self._publish(*arguments, **options)
        return receipt

    def publish_many(
        self,
        events: Iterable[Any] | bytes,
        *,
        type: str | None = None,  # noqa: A002
        **options: Unpack[PublishArguments],
    ) -> Receipts:
        """Takes many events in, in their order.

        Args:
            events: Whatever ``publish`` takes alone: ``vx.Event``, instances of declared classes;
                or dicts of its arguments (``{"type": "clue.found", "data": {...}}``); or with
                ``type`` the payloads; or bytes of JSON lines, each a CloudEvents object.
            type: The event type of all payloads.
            options: With ``type``: further arguments of ``publish`` for all of them.

        Returns:
            The receipts, which can be waited for together.

        Raises:
            EventError: An event cannot be taken. The message says which, as does ``index``; what
                stands before it is published, and ``receipts`` holds its receipts.
            QueueFullError: As for ``publish``.
            TypeError: An item is nothing that can be published, or ``events`` is a single one.
            BaseException: What ``events`` raises itself. Whatever is raised once publishing has
                begun, Ctrl-C too, says which event, and has ``index`` and ``receipts``.

        Example:
            >>> import veltrix as vx
            >>> app = vx.Pipeline("hunt")
            >>> @app.handler("clue.*")
            ... def score(event): ...
            >>> with vx.Engine(app) as engine:
            ...     receipts = engine.publish_many([{"clue": 1}, {"clue": 2}], type="clue.found")
            ...     receipts.settled(timeout=5)
            Counter({('score', 'done'): 2})
        """
        items: Any = events
        if isinstance(events, (bytearray, memoryview)):
            items = bytes(events)
        elif isinstance(events, str):
            items = events.encode(errors="surrogatepass")  # the line that holds one is refused
        elif isinstance(events, Mapping):
            kind = events.__class__.__name__
            raise TypeError(f"publish_many takes many events, not one {kind}; pass a list of them")
        if type is None and options:
            raise TypeError(f"{next(iter(options))}= needs type=, whose payloads it is for")
        if type is not None and isinstance(items, bytes):
            raise TypeError("type= is for payloads; JSON lines say their types themselves")
        taken: list[Receipt] = []
        try:
            self._publish_each(items, type, options, taken)
        except BaseException as error:
            _name_item(error, taken)
            raise
        return Receipts(taken)


def _name_item(error: BaseException, taken: list[Receipt]) -> None:
    index = len(taken)
    where = f"event {index} of publish_many"
    if error.args == (str(error),):  # a message, and nothing that anybody takes apart
        error.args = (f"{where}: {error}",)
    else:
        error.add_note(where)
    error.index, error.receipts = index, Receipts(taken)  # type: ignore[attr-defined]
