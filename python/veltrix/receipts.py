"""Receipts of many events, waited for together."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from veltrix.durations import parse_duration
from veltrix.events import Receipt

if TYPE_CHECKING:
    from collections.abc import Generator
    from datetime import timedelta


class Receipts(Sequence[Receipt]):
    """What ``publish_many`` gives back: a sequence of receipts.

    ``await receipts`` waits until all are accepted.

    Args:
        receipts: The single ones, in the order of the events.

    Example:
        >>> Receipts([])
        Receipts(0 events)
    """

    __slots__ = ("_receipts",)

    def __init__(self, receipts: list[Receipt]) -> None:
        self._receipts = receipts

    def accepted(self, timeout: float | str | timedelta | None = None) -> Receipts:
        """Waits until every event is accepted, or known to be a duplicate.

        Args:
            timeout: Longest wait for all of them, as ``"5s"`` or seconds; default: without end.

        Returns:
            The receipts.

        Raises:
            WaitTimeoutError: Not all are known within the timeout.
            ConflictError: One has the id of another event.
            EngineStoppedError: The engine stopped before.
            DeadlockError: Called where it would wait for itself.
        """
        left = _Countdown(timeout)
        for receipt in self._receipts:
            receipt.accepted(left.seconds())
        return self

    def settled(self, timeout: float | str | timedelta | None = None) -> Counter[tuple[str, str]]:
        """Waits until every queue has an outcome for every event.

        Args:
            timeout: Longest wait for all of them, as ``"5s"`` or seconds; default: without end.

        Returns:
            How many deliveries each queue has with each outcome, by (queue, outcome).

        Raises:
            WaitTimeoutError: Not all are known within the timeout.
            ConflictError: One has the id of another event.
            EngineStoppedError: The engine stopped before.
            DeadlockError: Called where it would wait for itself.
        """
        left = _Countdown(timeout)
        counts: Counter[tuple[str, str]] = Counter()
        for receipt in self._receipts:
            counts.update(receipt.settled(left.seconds()).items())
        return counts

    async def asettled(
        self, timeout: float | str | timedelta | None = None
    ) -> Counter[tuple[str, str]]:
        """Like ``settled``, without holding the event loop up.

        Args:
            timeout: As for ``settled``.

        Returns:
            As ``settled``.

        Raises:
            WaitTimeoutError: Not all are known within the timeout.
            ConflictError: One has the id of another event.
            EngineStoppedError: The engine stopped before.
        """
        left = _Countdown(timeout)
        counts: Counter[tuple[str, str]] = Counter()
        for receipt in self._receipts:
            counts.update((await receipt.asettled(left.seconds())).items())
        return counts

    async def _all_accepted(self) -> Receipts:
        for receipt in self._receipts:
            await receipt
        return self

    def __await__(self) -> Generator[None, None, Receipts]:
        return self._all_accepted().__await__()

    @overload
    def __getitem__(self, index: int) -> Receipt: ...
    @overload
    def __getitem__(self, index: slice) -> Receipts: ...
    def __getitem__(self, index: int | slice) -> Receipt | Receipts:
        if isinstance(index, slice):
            return Receipts(self._receipts[index])
        return self._receipts[index]

    def __len__(self) -> int:
        return len(self._receipts)

    def __repr__(self) -> str:
        return f"Receipts({len(self)} events)"


class _Countdown:
    """What is left of a timeout."""

    def __init__(self, timeout: float | str | timedelta | None) -> None:
        self._end = None
        if timeout is not None:
            self._end = time.monotonic() + parse_duration(timeout) / 1e9

    def seconds(self) -> float | None:
        return None if self._end is None else max(0.0, self._end - time.monotonic())
