"""The load of S4: payments into accounts, and the shared state that their handler updates."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import veltrix as vx
from veltrix.stories.meter import Meter
from veltrix.stories.story import Outcome, Part

TYPE: Final = "payment.booked"
# name -> priority, and payments in a hundred
CLASSES: Final = {
    "urgent": (vx.URGENT, 1),
    "high": (vx.HIGH, 19),
    "normal": (vx.NORMAL, 60),
    "bulk": (vx.BULK, 20),
}
_ACCOUNTS = 1_000


@dataclass(frozen=True)
class Load:
    """What is sent, in order, by payment number."""

    priorities: list[int]
    accounts: list[str]
    amounts: list[int]

    @classmethod
    def make(cls, options: Mapping[str, Any]) -> Load:
        """Draw a load.

        Args:
            options: ``events`` and ``seed``.

        Returns:
            The same load for the same options.
        """
        chance = random.Random(options["seed"])
        count = options["events"]
        priorities, shares = zip(*CLASSES.values(), strict=True)
        return cls(
            chance.choices(priorities, shares, k=count),
            [f"account-{chance.randrange(_ACCOUNTS)}" for _ in range(count)],
            [chance.randrange(1, 1_000) for _ in range(count)],
        )


class Bank:
    """The shared state, the handler of both sides, and what came of the load.

    Args:
        load: The payments.
    """

    def __init__(self, load: Load) -> None:
        self.load = load
        self.balances: dict[str, int] = {}
        self.booked: list[int] = []  # numbers, in the order of booking
        self._lock = threading.Lock()
        count = len(load.amounts)
        self._sent, self._begun = [0.0] * count, [0.0] * count
        self._meter = Meter()

    def book(self, number: int) -> None:
        """The work of every handler."""
        self._begun[number] = time.perf_counter()
        account, amount = self.load.accounts[number], self.load.amounts[number]
        with self._lock:
            self.balances[account] = self.balances.get(account, 0) + amount
            self.booked.append(number)

    def send_all(self, send: Callable[[int, bytes, int], object]) -> None:
        """Send the payments as fast as they are taken: number, payload, priority."""
        clock, sent = time.perf_counter, self._sent
        self._meter = Meter()
        for number, priority in enumerate(self.load.priorities):
            sent[number] = clock()
            send(number, b"%d" % number, priority)

    def outcome(self) -> Outcome:
        """Count and sort. Call after the last handler's end, while its threads still live."""
        result = Outcome(sent=len(self.load.amounts), handled=len(self.booked))
        self._meter.read(result)
        once = set(self.booked)
        result.lost = result.sent - len(once)
        result.duplicates = result.handled - len(once)
        for name, (priority, _) in CLASSES.items():
            sent = [number for number, own in enumerate(self.load.priorities) if own == priority]
            waits = [self._begun[number] - self._sent[number] for number in sent if number in once]
            result.parts[name] = Part.of(len(sent), waits)
        return result
