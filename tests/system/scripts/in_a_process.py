"""Handlers for worker processes, which import them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import veltrix as vx


def adds_up(event: vx.Event[list[int]]) -> Iterator[vx.Event]:
    yield vx.Event("sum", sum(event.data))


def sleeps_for_ever(event: vx.Event) -> None:
    Path(event.data).write_text("asleep")
    time.sleep(3600)  # hangs on purpose
