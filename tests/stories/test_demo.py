"""``veltrix demo`` as a user types it."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from veltrix.cli.verbs import app
from veltrix.stories import CATALOGUE

RUNNER = CliRunner()


def test_demo_lists_all_stories_when_none_is_named() -> None:
    shown = RUNNER.invoke(app, ["demo"])
    assert shown.exit_code == 0
    lines = shown.output.splitlines()
    assert [line.split()[0] for line in lines] == list(CATALOGUE)
    assert ["not there yet" in line for line in lines] == [False, True, True, True, True]


@pytest.mark.parametrize("name", ["s1", "s9"])
def test_demo_refuses_when_the_story_is_not_there(name: str) -> None:
    assert RUNNER.invoke(app, ["demo", name]).exit_code == 2


@pytest.mark.slow
def test_demo_shows_both_sides_and_the_claims_when_told() -> None:
    shown = RUNNER.invoke(app, ["demo", "s0", "--quick"], env={"COLUMNS": "120"})
    assert shown.exit_code == 0
    for text in ("before", "veltrix", "lost", "10 % -> < 1 %", "-30 %", "peak RSS", "CPU seconds"):
        assert text in shown.output
