"""``veltrix demo`` as a user types it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from veltrix.cli.verbs import app
from veltrix.stories import CATALOGUE, find

RUNNER = CliRunner()


def test_demo_lists_all_stories_when_none_is_named() -> None:
    shown = RUNNER.invoke(app, ["demo"])
    assert shown.exit_code == 0
    lines = shown.output.splitlines()
    assert [line.split()[0] for line in lines] == list(CATALOGUE)
    assert ["not there yet" in line for line in lines] == [False, False, True, True, False]


@pytest.mark.parametrize("name", ["s2", "s9"])
def test_demo_refuses_when_the_story_is_not_there(name: str) -> None:
    assert RUNNER.invoke(app, ["demo", name]).exit_code == 2


def test_catalogue_names_what_is_not_there_yet_when_asked() -> None:
    assert [name for name in CATALOGUE if find(name) is not None] == ["s0", "s1", "s4"]
    with pytest.raises(KeyError, match="s0, s1"):
        find("s9")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["s0", pytest.param("s1", marks=pytest.mark.ci), "s4"])
def test_demo_shows_every_run_and_claim_when_told(name: str) -> None:
    story = find(name)
    assert story is not None
    shown = RUNNER.invoke(app, ["demo", name, "--quick"], env={"COLUMNS": "80"})
    assert shown.exit_code == 0
    for run in story.runs:
        assert run.name in shown.output
    for claim in story.claims:
        assert claim.what in shown.output
    for text in ("CPU per event", "machine late", "ledger balances", "met", "#"):
        assert text in shown.output
    assert "…" not in shown.output  # nothing is cut off at the usual width


@pytest.mark.slow
def test_demo_ends_with_all_its_processes_when_ctrl_c_comes() -> None:
    command = [sys.executable, "-m", "veltrix", "demo", "s4"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as demo:
        assert demo.stdout is not None
        assert demo.stdout.readline().startswith(b"s4")
        os.killpg(demo.pid, signal.SIGINT)
        _, errors = demo.communicate(timeout=30)
    assert (demo.returncode, errors) == (130, b"")
    with pytest.raises(ProcessLookupError):
        os.killpg(demo.pid, 0)
