"""The README's own code and commands, as they are printed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

HANDLERS = """\
import veltrix as vx

def score(event: vx.Event) -> None:
    assert event.data["team"] in ("red", "blue")
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_python_of_the_readme_runs_when_pasted(tmp_path: Path) -> None:
    (tmp_path / "readme.py").write_text("\n".join(blocks("python")), encoding="utf-8")
    done = run(tmp_path, "-W", "error", "readme.py")
    assert done.returncode == 0, done.stderr
    told = "new score for red"  # by the engine, then by the simulation
    assert done.stdout.splitlines() == [told, "1", told]


@pytest.mark.slow
def test_pipeline_of_the_readme_runs_when_its_handlers_are_there(tmp_path: Path) -> None:
    pipeline, *excerpts = blocks("yaml")
    # docs/expressions.md and docs/sources.md have whole ones
    assert [excerpt.partition(":")[0] for excerpt in excerpts] == ["routes", "sources"]
    for name in ("hunt", "in"):
        (tmp_path / name).mkdir()
    (tmp_path / "hunt.yaml").write_text(pipeline, encoding="utf-8")
    (tmp_path / "hunt/handlers.py").write_text(HANDLERS, encoding="utf-8")
    lines = []
    for number, (event_type, team) in enumerate(
        [("clue.found", "red"), ("clue.found", "blue"), ("hunt.paused", "red")]
    ):
        event = {"specversion": "1.0", "id": str(number), "source": "/hunt", "type": event_type}
        lines.append(json.dumps({**event, "data": {"team": team}}) + "\n")
    (tmp_path / "in/game.jsonl").write_text("".join(lines), encoding="utf-8")
    done = run(tmp_path, "-m", "veltrix", "run", "hunt.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    archived = (tmp_path / "archive.jsonl").read_bytes().splitlines()
    assert [json.loads(line)["type"] for line in archived] == ["hunt.paused"]


def test_make_verbs_of_the_readme_exist_when_typed() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = {
        verb for block in blocks("sh") for verb in re.findall(r"^make (\w+)", block, re.MULTILINE)
    }
    assert verbs >= {"run", "test"}
    assert [verb for verb in verbs if not re.search(rf"^{verb}:", makefile, re.MULTILINE)] == []


def test_extras_of_the_readme_exist_when_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = set(re.findall(r'"\.\[(\w+)\]"', README))
    assert named
    assert named <= set(project["optional-dependencies"])


def test_links_of_the_readme_lead_somewhere_when_followed() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
