"""How far the input is written: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_SECONDS = 3.0


class DaysProgress:
    """Shows days done; a context manager.

    Args:
        console: Where to.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._next_line = time.monotonic() + PLAIN_SECONDS
        self._bar = Progress(
            TextColumn("writing the input"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("days, {task.fields[lines]:,} lines"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=None, lines=0)

    def show(self, done: int, days: int, lines: int) -> None:
        """Show a moment.

        Args:
            done: Days that are written.
            days: Days in all.
            lines: Lines that are written.
        """
        self._bar.update(self._task, completed=done, total=days, lines=lines)
        if not self._console.is_terminal and time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + PLAIN_SECONDS
            text = f"writing the input: {done} of {days} days, {lines:,} lines"
            self._console.print(text, highlight=False)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()
