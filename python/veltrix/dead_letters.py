"""The deliveries that were given up: what they were, where, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from veltrix.errors import NotAvailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from veltrix.events import Event


@dataclass(frozen=True, slots=True)
class DeadDelivery:
    """One delivery that was given up.

    Attributes:
        event: The event.
        queue: The queue; empty when no route took the event.
        code: Why, for programs: an error's class name or a code such as ``unmatched``.
        text: Why, for people; a failure's traceback where there is one.
        attempts: How often it ran.
    """

    event: Event
    queue: str
    code: str
    text: str
    attempts: int

    def __str__(self) -> str:
        where = f"queue {self.queue}" if self.queue else "no queue"
        last = self.text.strip().splitlines()[-1] if self.text.strip() else ""
        return f"{self.event.type} {self.event.id} ({where}, {self.code}): {last}"


class DeadLetters:
    """``engine.dead_letters``: what was given up, oldest first, in memory and bounded."""

    def __init__(self, read: Callable[[], list[dict[str, Any]]]) -> None:
        self._read = read

    def list(self, *, where: str | None = None) -> list[DeadDelivery]:
        """Lists the dead letters.

        Args:
            where: A filter; arrives with CEL.

        Returns:
            Oldest first.

        Raises:
            NotAvailableError: ``where`` was given.
        """
        if where is not None:
            raise NotAvailableError("where=", "CEL")
        return [_of(row) for row in self._read()]

    def redrive(self, **_options: object) -> None:
        """Runs dead letters again; not available yet.

        Raises:
            NotAvailableError: Always.
        """
        raise NotAvailableError("redrive()", "redrive of dead letters")

    def __len__(self) -> int:
        return len(self._read())

    def __iter__(self) -> Iterator[DeadDelivery]:
        return iter(self.list())

    def __repr__(self) -> str:
        return f"<{len(self)} dead letters>"


def _of(row: Mapping[str, Any]) -> DeadDelivery:
    queue, attempts = row.get("queue") or "", row.get("attempts", 0)
    return DeadDelivery(row["event"], queue, row["code"], row["text"], attempts)
