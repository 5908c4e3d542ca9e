"""``veltrix validate``: all problems, 78; none, 0."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.cli.command import folder, veltrix

__all__ = ["folder"]

pytestmark = pytest.mark.slow  # each test starts a Python of its own


@pytest.mark.parametrize(
    "target", ["hunt.yaml", "vx_cli_handlers:app", "vx_cli_handlers:without_source"]
)
def test_validate_counts_the_parts_when_all_is_well(folder: Path, target: str) -> None:
    done = veltrix(folder, "validate", target)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{target}: ok (")
    assert "1 route, 1 queue" in done.stdout


def test_validate_prints_every_problem_with_line_and_caret(folder: Path) -> None:
    (folder / "worse.yaml").write_text((folder / "bad.yaml").read_text() + "qeues: {}\n")
    done = veltrix(folder, "validate", "worse.yaml")
    assert (done.returncode, done.stdout) == (78, "")
    assert "worse.yaml:4:31: error[unknown-queue]: route 'all' goes to 'al'" in done.stderr
    assert "worse.yaml:6:1: error[unknown-field]: 'qeues' is not a pipeline option" in done.stderr
    assert "      | ^^^^^\n" in done.stderr
    assert done.stderr.endswith("2 errors\n")


def test_validate_prints_warnings_and_ends_with_0(folder: Path) -> None:
    text = (folder / "hunt.yaml").read_text() + "sinks: {out: {path: out.jsonl}}\n"
    text = text.replace("queues: {", "queues: {spare: {sink: out}, ")
    (folder / "spare.yaml").write_text(text)
    done = veltrix(folder, "validate", "spare.yaml")
    assert done.returncode == 0
    assert "spare.yaml:5:10: warning[unreachable-queue]" in done.stderr
    assert not (folder / "out.jsonl").exists()
