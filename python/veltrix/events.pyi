from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Any, Generic, Literal, Self, final, overload

from typing_extensions import TypeVar

from veltrix._core import Watch
from veltrix.signals import Signal

__all__ = ["Context", "Event", "Receipt"]

T = TypeVar("T", default=Any)

ReceiptState = Literal[
    "published", "accepted", "duplicate", "rejected", "unmatched", "filtered", "conflict"
]
Fate = Literal["done", "dead", "drop"]

@final
class Event(Generic[T]):
    """An immutable CloudEvents 1.0 event."""

    @overload
    def __new__(
        cls,
        type: str,
        data: T,
        *,
        id: str | None = None,
        source: str | None = None,
        subject: str | None = None,
        time: datetime | str | None = None,
        key: str | None = None,
        priority: int | str | None = None,
        at: datetime | str | None = None,
        after: float | str | timedelta | None = None,
    ) -> Event[T]: ...
    @overload
    def __new__(
        cls,
        type: str,
        *,
        id: str | None = None,
        source: str | None = None,
        subject: str | None = None,
        time: datetime | str | None = None,
        key: str | None = None,
        priority: int | str | None = None,
        at: datetime | str | None = None,
        after: float | str | timedelta | None = None,
    ) -> Event[Any]: ...
    @property
    def type(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def subject(self) -> str | None: ...
    @property
    def time(self) -> datetime | None: ...
    @property
    def key(self) -> str | None: ...
    @property
    def priority(self) -> int | None: ...
    @property
    def data(self) -> T: ...
    @property
    def datacontenttype(self) -> str | None: ...
    @property
    def dataschema(self) -> str | None: ...
    @property
    def traceparent(self) -> str | None: ...
    @property
    def correlationid(self) -> str | None: ...
    @property
    def causationid(self) -> str | None: ...
    @property
    def expirytime(self) -> str | None: ...
    @property
    def sequence(self) -> str | None: ...
    @property
    def recordedtime(self) -> str | None: ...
    @property
    def extensions(self) -> dict[str, Any]: ...
    @staticmethod
    def from_json(json: bytes | str) -> Event[Any]: ...
    @staticmethod
    def from_json_batch(json: bytes | str) -> list[Event[Any]]: ...
    def to_json(self) -> bytes: ...

@final
class Receipt:
    """What publishing gives back: the event's id, and ways to wait for it.

    ``sequence`` is None until the event is accepted; ``id`` is None of one that no queue took.
    """

    @property
    def id(self) -> str: ...
    @property
    def sequence(self) -> int | None: ...
    @property
    def duplicate_of(self) -> int | None: ...
    @property
    def state(self) -> ReceiptState: ...
    def accepted(self, timeout: float | str | timedelta | None = None) -> Self: ...
    def settled(self, timeout: float | str | timedelta | None = None) -> dict[str, Fate]: ...
    async def asettled(self, timeout: float | str | timedelta | None = None) -> dict[str, Fate]: ...
    def __await__(self) -> Generator[Any, None, Receipt]: ...
    @property
    def _owner(self) -> int: ...
    def _peek(self, outcomes: bool, /) -> Any: ...
    def _watch(self) -> Watch: ...

@final
class Context:
    """One attempt of one delivery, or of a batch of them, for a handler that asks for it.

    The context of a batch has no ``attempt``, ``sequence`` and ``idempotency_key``: these raise
    AttributeError. ``settle`` and ``attempt_of`` are for batches only.
    """

    @property
    def attempt(self) -> int: ...
    @property
    def queue(self) -> str: ...
    @property
    def sequence(self) -> int: ...
    @property
    def state(self) -> Any: ...
    @property
    def deadline(self) -> float | None: ...
    @property
    def cancelled(self) -> bool:
        """Nobody waits for this attempt any more: it is over its timeout, or the engine stops.

        Whoever gives up then raises, such as ``vx.Retry()``: after a timeout it makes no
        difference, and at the end of an engine the event is left undone instead of done.
        """
    @property
    def idempotency_key(self) -> str: ...
    def settle(self, event: object, outcome: Signal | BaseException | str | None = None) -> None:
        """Gives one row of a batch its own outcome.

        Args:
            event: The very object that stands in the list.
            outcome: ``None`` or ``"done"``, a signal such as ``vx.Retry()``, or an exception, which
                the queue's retry rules judge.

        Raises:
            ValueError: No row of this call, settled already, or no outcome.
            TypeError: The handler takes single events.
        """
    def attempt_of(self, event: object) -> int:
        """Number of a row's attempt; the first is 1.

        Args:
            event: The very object that stands in the list.

        Returns:
            The number; what splitting the batch repeats does not count.

        Raises:
            ValueError: No row of this call.
            TypeError: The handler takes single events.
        """

@final
class LoopRun:
    """Runs a worker's batches; awaited by a task of the engine's event loop."""

    @property
    def fenced(self) -> bool: ...
    def close(self) -> None: ...
    def __await__(self) -> Generator[Any]: ...
