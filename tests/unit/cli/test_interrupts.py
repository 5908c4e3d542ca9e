"""Ctrl-C and SIGTERM: drain, report what is left, the right exit code, no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from unit.cli.command import event
from veltrix.cli.interrupts import Terminated, sigterm_raises

HANDLERS = """\
import pathlib, threading

def work(event):
    pathlib.Path("begun").touch()
    threading.Event().wait(0.05)

def hang(event):
    pathlib.Path("begun").touch()
    pathlib.Path("go").read_text()      # a FIFO: the test lets it go on
"""

PIPELINE = """\
veltrix: 1
name: slow
sources: {in: {path: in.jsonl}}
routes: {all: {type: "*", to: all}}
queues: {all: {handler: "vx_interrupt_handlers:HANDLER", order: total}}
shutdown: {grace: GRACE}
"""


def start(folder: Path, handler: str, grace: str, events: int) -> subprocess.Popen[str]:
    """Starts a run and waits until its first handler is at work."""
    (folder / "vx_interrupt_handlers.py").write_text(HANDLERS)
    text = PIPELINE.replace("HANDLER", handler).replace("GRACE", grace)
    (folder / "slow.yaml").write_text(text)
    (folder / "in.jsonl").write_text("".join(map(event, range(events))))
    os.mkfifo(folder / "go")
    process = subprocess.Popen(
        [sys.executable, "-m", "veltrix", "run", "slow.yaml"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    pause = threading.Event()
    while not (folder / "begun").exists() and process.poll() is None:
        pause.wait(0.01)
    return process


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors, errors
    return process.returncode, out, errors


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_drains_and_ends_with_its_code(tmp_path: Path, number: int, code: int) -> None:
    process = start(tmp_path, "work", "30s", 20)
    process.send_signal(number)
    ended, out, errors = finish(process)
    assert ended == code
    assert "stopping: draining" in errors
    assert "not finished" not in out
    assert "ledger balances" in out


@pytest.mark.slow
def test_signal_reports_what_is_left_when_the_grace_ends(tmp_path: Path) -> None:
    process = start(tmp_path, "work", "100ms", 400)
    process.send_signal(signal.SIGINT)
    code, out, _ = finish(process)
    assert code == 130
    assert "not finished: 3" in out
    assert "deliveries left after" in out


@pytest.mark.slow
def test_second_signal_skips_the_drain(tmp_path: Path) -> None:
    process = start(tmp_path, "hang", "10m", 5)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    while "stopping" not in process.stderr.readline():
        pass
    process.send_signal(signal.SIGINT)
    (tmp_path / "go").write_text("on")
    code, out, _ = finish(process)
    assert code == 130
    assert "not finished: 4 deliveries left" in out


def test_sigterm_raises_only_inside_the_block() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Terminated), sigterm_raises():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


def test_sigterm_is_left_alone_on_other_threads() -> None:
    seen = []

    def run() -> None:
        with sigterm_raises():
            seen.append(signal.getsignal(signal.SIGTERM))

    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [before]
