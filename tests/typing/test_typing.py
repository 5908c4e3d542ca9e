"""mypy --strict takes what users write, and refuses every wrong use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def mypy(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_mypy_takes_good_uses_and_refuses_each_wrong_one() -> None:
    done = mypy(str(HERE / "good_uses.py"), str(HERE / "wrong_uses.py"))
    assert done.stdout == ""
    assert done.returncode == 0


@pytest.mark.slow
def test_mypy_finds_a_wrong_use_when_nothing_says_ignore(tmp_path: Path) -> None:
    text = (HERE / "wrong_uses.py").read_text()
    file = tmp_path / "bare.py"
    file.write_text("\n".join(line.split("  # type: ignore")[0] for line in text.splitlines()))
    done = mypy(str(file))
    wrong = {number for number, line in enumerate(text.splitlines(), 1) if "type: ignore" in line}
    found = {int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error:" in line}
    assert len(wrong) >= 20
    assert found == wrong
