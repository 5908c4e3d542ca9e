"""Compares what a run left behind with what the tables say, line by line."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .expectations import Expectations

_BLOCK = 1 << 24


@dataclass(frozen=True)
class Check:
    """One number of the run beside the number of the tables."""

    what: str
    got: int
    expected: int

    @property
    def equal(self) -> bool:
        """Whether the two are the same."""
        return self.got == self.expected


@dataclass(frozen=True)
class Results:
    """What a run gave.

    Args:
        accepted: Deliveries accepted, by queue.
        done: Deliveries done, by queue.
        duplicates: Second deliveries that were dropped.
        aircraft: Tail numbers with a last status.
        archive: The file of all events.
        alerts: The file of the follow-up alerts.
    """

    accepted: Mapping[str, int]
    done: Mapping[str, int]
    duplicates: int
    aircraft: int
    archive: Path
    alerts: Path


def compare(results: Results, truth: Expectations, second_deliveries: int) -> list[Check]:
    """Set a run's numbers beside the tables'.

    Args:
        results: What the run gave.
        truth: What the tables say.
        second_deliveries: Lines of the input that repeat an event.

    Returns:
        One check per number, all of them, whether equal or not.
    """
    checks = [Check("second deliveries dropped", results.duplicates, second_deliveries)]
    for queue, count in truth.queues().items():
        checks.append(Check(f"queue {queue}: accepted", results.accepted[queue], count))
        checks.append(Check(f"queue {queue}: done", results.done[queue], count))
    archived = count_types(results.archive, truth.types)
    for event_type, count in truth.types.items():
        checks.append(Check(f"archived {event_type}", archived[event_type], count))
    reasons = alert_reasons(results.alerts)
    for reason, count in truth.reasons().items():
        checks.append(Check(f"alerts: {reason}", reasons[reason], count))
    checks.append(Check("aircraft with a last status", results.aircraft, truth.aircraft))
    return checks


def count_types(path: Path, types: Mapping[str, int]) -> Counter[str]:
    """Count events by type in a file of JSON lines, without parsing a year of them.

    Args:
        path: The file; one that is missing has no events.
        types: The types to look for.

    Returns:
        How often each stands as the value of a ``type`` member.
    """
    found: Counter[str] = Counter()
    marks = {name: f'"type":"{name}"'.encode() for name in types}
    if not path.exists():
        return found
    with path.open("rb") as lines:
        while block := lines.read(_BLOCK) + lines.readline():
            for name, mark in marks.items():
                found[name] += block.count(mark)
    return found


def alert_reasons(path: Path) -> Counter[str]:
    """Count alerts by reason.

    Args:
        path: A file of ``flight.alert`` events; one that is missing has none.

    Returns:
        Reason to number of alerts.
    """
    if not path.exists():
        return Counter()
    with path.open("rb") as lines:
        return Counter(json.loads(line)["data"]["reason"] for line in lines)
