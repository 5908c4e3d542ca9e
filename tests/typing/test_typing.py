"""mypy --strict and pyright take what users write, and refuse every wrong use."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# What mypy alone finds: comparisons that can never be true.
ONLY_MYPY = "comparison-overlap"


def mypy(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def pyright(folder: Path, *files: Path) -> list[tuple[str, int, str]]:
    """Every complaint of pyright: file, line, what it says."""
    settings = {"include": list(map(str, files)), "extraPaths": [str(ROOT / "python")]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(
        [*command, *map(str, files)],
        cwd=folder,
        env=os.environ | {"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] >= len(files)
    return [
        (Path(each["file"]).name, each["range"]["start"]["line"] + 1, each["message"])
        for each in report["generalDiagnostics"]
        if each["severity"] == "error"
    ]


@pytest.fixture(scope="module")
def readme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python code of the README, pasted one behind the other."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    file = tmp_path_factory.mktemp("readme") / "readme.py"
    file.write_text("\n".join(blocks), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wrong uses without a word to the checker."""
    text = (HERE / "wrong_uses.py").read_text()
    file = tmp_path_factory.mktemp("bare") / "bare.py"
    file.write_text("\n".join(line.split("  # type: ignore")[0] for line in text.splitlines()))
    return file


@pytest.fixture(scope="module")
def complaints(
    tmp_path_factory: pytest.TempPathFactory, readme: Path, bare: Path
) -> list[tuple[str, int, str]]:
    """What pyright says of everything; it takes seconds to begin, so it runs once."""
    template = sorted((ROOT / "python/veltrix/templates").rglob("*.py"))
    assert template
    folder = tmp_path_factory.mktemp("pyright")
    return pyright(folder, HERE / "good_uses.py", readme, *template, bare)


def wrong_lines(*, but: str = "nothing") -> set[int]:
    lines = (HERE / "wrong_uses.py").read_text().splitlines()
    return {n for n, line in enumerate(lines, 1) if "type: ignore" in line and but not in line}


@pytest.mark.slow
def test_mypy_takes_good_uses_and_refuses_each_wrong_one() -> None:
    done = mypy(str(HERE / "good_uses.py"), str(HERE / "wrong_uses.py"))
    assert done.stdout == ""
    assert done.returncode == 0


@pytest.mark.slow
def test_mypy_takes_the_readme_but_for_what_its_handlers_return(readme: Path) -> None:
    found = mypy(str(readme)).stdout.splitlines()  # the same options: the others' cache is good
    assert [line for line in found if "[no-untyped-def]" not in line] == []


@pytest.mark.slow
def test_mypy_finds_a_wrong_use_when_nothing_says_ignore(bare: Path) -> None:
    done = mypy(str(bare))
    found = {int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error:" in line}
    assert len(wrong_lines()) >= 40
    assert found == wrong_lines()


@pytest.mark.slow
def test_pyright_takes_good_uses_the_readme_and_the_template(
    complaints: list[tuple[str, int, str]],
) -> None:
    assert [each for each in complaints if each[0] != "bare.py"] == []


@pytest.mark.slow
def test_pyright_finds_a_wrong_use_when_nothing_says_ignore(
    complaints: list[tuple[str, int, str]],
) -> None:
    found = {line for file, line, _ in complaints if file == "bare.py"}
    assert found == wrong_lines(but=ONLY_MYPY)
