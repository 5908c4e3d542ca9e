"""What a story consists of: sides that take the same load, runs of them, and what it claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Self

SIDES: Final = ("before", "veltrix")


@dataclass(frozen=True)
class Part:
    """What became of a part of the load: the events of one type, or of one priority.

    Waits run from when an event was due to the first line of its handler, in seconds.
    """

    sent: int = 0
    lost: int = 0
    p50: float = 0.0
    p99: float = 0.0
    max: float = 0.0

    @classmethod
    def of(cls, sent: int, waits: Sequence[float]) -> Self:
        """Count and sort.

        Args:
            sent: Distinct events of this part.
            waits: One for each of them that was handled, in any order.

        Returns:
            The figures; without waits they are 0.
        """
        ranked = sorted(waits) or [0.0]
        last = len(ranked) - 1
        return cls(
            sent, sent - len(waits), ranked[last // 2], ranked[last * 99 // 100], ranked[last]
        )


@dataclass
class Outcome:
    """What one run made of the load.

    ``sent = handled - duplicates + filtered + lost``, where second deliveries are not part of
    ``sent``.
    """

    sent: int = 0  # distinct events offered
    handled: int = 0  # handler calls that ended well
    lost: int = 0  # distinct events that no handler saw
    duplicates: int = 0  # handler calls with an event that was handled before
    out_of_order: int | None = None  # behind a later event of its type and key; None: not promised
    filtered: int | None = None  # events that nobody wanted, turned away; None: all were wanted
    in_vain: int = 0  # Python calls for such events
    parts: dict[str, Part] = field(default_factory=dict)
    seconds: float = 0.0  # from the first send to the last handler's end
    cpu_seconds: float = 0.0  # of the whole process meanwhile: sender, queue and handlers
    switches: int = 0  # context switches of the whole process meanwhile, wanted or not
    new_threads: int = 0  # at the end, those that were not there when sending began
    peak_rss: int = 0  # bytes
    own_rss: int = 0  # bytes of it that came after the imports
    machine_late: float = 0.0  # longest that another process was kept from its turn, in seconds
    ledger: str = ""  # the engine's own count, in its words

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Take an outcome back from JSON.

        Args:
            values: What :meth:`as_json` gave.

        Returns:
            An equal outcome.
        """
        parts = {name: Part(**part) for name, part in values["parts"].items()}
        return cls(**{**values, "parts": parts})

    def as_json(self) -> dict[str, Any]:
        """Give everything as what JSON can say."""
        return asdict(self)

    @property
    def loss(self) -> float:
        """Share of the events that was lost."""
        return self.lost / self.sent if self.sent else 0.0

    @property
    def decided(self) -> int:
        """Events that were handled or turned away."""
        return self.handled + (self.filtered or 0)

    @property
    def rate(self) -> float:
        """Decided events per second."""
        return self.decided / self.seconds if self.seconds else 0.0

    @property
    def cpu_per_event(self) -> float:
        """CPU seconds per decided event."""
        return self.cpu_seconds / self.decided if self.decided else 0.0

    @property
    def switches_per_event(self) -> float:
        """Context switches per decided event."""
        return self.switches / self.decided if self.decided else 0.0


@dataclass(frozen=True)
class Target:
    """What a claim promises, in words and as a rule over both values."""

    text: str
    met: Callable[[float, float], bool]  # before, after

    @classmethod
    def change(cls, share: float) -> Self:
        """Promise a change against before.

        Args:
            share: -0.3 is a fall by 30 % or more, 3.0 a rise by 300 % or more.

        Returns:
            The target.

        Example:
            >>> target = Target.change(-0.3)
            >>> target.text, target.met(10.0, 6.0), target.met(10.0, 8.0)
            ('-30 %', True, False)
        """

        def met(before: float, after: float) -> bool:
            bound = before * (1 + share)
            return after <= bound if share < 0 else after >= bound

        return cls(f"{share:+.0%}".replace("%", " %"), met)

    @classmethod
    def at_most(cls, bound: float, text: str) -> Self:
        """Promise a bound of the value after.

        Args:
            bound: The largest value that meets it.
            text: What to call it.

        Returns:
            The target.
        """
        return cls(text, lambda _before, after: after <= bound)

    @classmethod
    def at_least(cls, bound: float, text: str) -> Self:
        """Promise a floor of the value after.

        Args:
            bound: The smallest value that meets it.
            text: What to call it.

        Returns:
            The target.
        """
        return cls(text, lambda _before, after: after >= bound)

    @classmethod
    def later_by_less_than(cls, bound: float, text: str) -> Self:
        """Promise that the value grows by less than a bound, whatever the machine adds to both.

        Args:
            bound: What the difference stays below.
            text: What to call it.

        Returns:
            The target.
        """
        return cls(text, lambda before, after: after - before < bound)


@dataclass(frozen=True)
class Claim:
    """One sentence of the story and how this run bears it out.

    Args:
        what: What is compared.
        value: Takes the figure from an outcome.
        show: Writes it.
        target: What is promised; None: the figure is only shown.
        runs: The names of the two runs that are compared.
        bar: Whether it is drawn, too, for all runs.
    """

    what: str
    value: Callable[[Outcome], float]
    show: Callable[[float], str]
    target: Target | None
    runs: tuple[str, str] = SIDES
    bar: bool = False


@dataclass(frozen=True)
class Run:
    """One run of a side, with options of its own; a column of the report."""

    name: str
    side: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """A load, told several times.

    Args:
        name: ``s0`` to ``s4``.
        title: One line.
        setting: What the load is and what the *before* side looks like; a few sentences.
        sides: ``before`` and ``veltrix``; each takes the options and runs the whole load.
        runs: What is run, in the order in which it is shown.
        options: Options of the load with their defaults; must be JSON.
        quick: Options for a first look.
        claims: What the story says.
    """

    name: str
    title: str
    setting: str
    sides: Mapping[str, Callable[[Mapping[str, Any]], Outcome]]
    runs: tuple[Run, ...]
    options: Mapping[str, Any]
    quick: Mapping[str, Any]
    claims: tuple[Claim, ...]
