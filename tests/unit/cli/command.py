"""A folder with small pipelines, and the command run in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HANDLERS = """\
import veltrix as vx

def ok(event): ...

def odd(event):
    if event.data % 2:
        return vx.DeadLetter("odd")

app = vx.Pipeline("hunt")
app.source("in", "in.jsonl")
app.handler("*", queue="all")(ok)

without_source = vx.Pipeline("idle")
without_source.handler("*", queue="all")(ok)

wrong = vx.Pipeline("wrong")
wrong.route("r", type="*", to="nowhere")

number = 5
"""

PIPELINE = """\
veltrix: 1
name: hunt
sources: {in: {path: in.jsonl}}
routes: {all: {type: "*", to: all}}
queues: {all: {handler: "vx_cli_handlers:HANDLER"}}
"""


def event(number: int) -> str:
    fields = {"specversion": "1.0", "type": "a", "source": "/s", "id": str(number)}
    return json.dumps({**fields, "data": number}) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "vx_cli_handlers.py").write_text(HANDLERS)
    hunt = PIPELINE.replace("HANDLER", "ok")
    (tmp_path / "hunt.yaml").write_text(hunt)
    (tmp_path / "odd.yaml").write_text(PIPELINE.replace("HANDLER", "odd"))
    (tmp_path / "bad.yaml").write_text(hunt.replace("to: all", "to: al"))
    (tmp_path / "in.jsonl").write_text("".join(map(event, range(10))))
    return tmp_path


def veltrix(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the command as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "veltrix", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "160", "NO_COLOR": "1"},
    )
