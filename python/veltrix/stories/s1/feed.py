"""The other end of the line: a process beside the measured one that sends on schedule.

It does not share the measured side's GIL, so no side can slow its own load down. What it sends goes
through a named pipe, as lines. ``python -m veltrix.stories.s1.feed LINES PIPE RATE`` is that
process: it says when it is ready and waits for the instant at which the first line is due.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

from .load import Load

_NAP = 0.001


class Feed:
    """The pipe and the process that fills it.

    Args:
        load: What to send.
    """

    def __init__(self, load: Load) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name, "bus")
        lines = Path(self._folder.name, "lines")
        with lines.open("wb") as file:
            file.writelines(load.lines())
        os.mkfifo(self.path)
        # A pipe takes nothing without a reader; a source may close it and open it again.
        self._reader = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        self._sender = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", __name__, lines, self.path, str(load.rate)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __enter__(self) -> Self:
        assert self._sender.stdout is not None
        self._sender.stdout.readline()  # it is ready
        return self

    def start(self, when: float) -> None:
        """Let the lines come.

        Args:
            when: When the first one is due, on the clock ``perf_counter``, which all processes of a
                machine share.
        """
        assert self._sender.stdin is not None
        self._sender.stdin.write(f"{when!r}\n".encode())
        self._sender.stdin.flush()

    def __exit__(self, *_: object) -> None:
        os.close(self._reader)  # a sender that nobody reads any more ends with it
        self._sender.communicate()
        self._folder.cleanup()


def send(lines: list[bytes], pipe: int, rate: int, began: float) -> None:
    """Write every line when it is due (open loop: a late sender sends at once what is due).

    Args:
        lines: What to send.
        pipe: Where to.
        rate: Lines per second.
        began: When the first one is due.
    """
    sent = 0
    while sent < len(lines):
        due = min(max(int((time.perf_counter() - began) * rate) + 1, sent), len(lines))
        rest = memoryview(b"".join(lines[sent:due]))
        while rest:
            rest = rest[os.write(pipe, rest) :]
        sent = due
        time.sleep(_NAP)


def main(source: str, target: str, rate: str) -> None:
    """Send the lines of a file once the word is given."""
    lines = Path(source).read_bytes().splitlines(keepends=True)
    pipe = os.open(target, os.O_WRONLY)
    print("ready", flush=True)
    word = sys.stdin.readline()
    if word:
        send(lines, pipe, int(rate), float(word))
    os.close(pipe)  # the end of the load; that of this process takes a while


if __name__ == "__main__":
    try:
        main(*sys.argv[1:4])
    except BrokenPipeError:
        sys.exit(1)
