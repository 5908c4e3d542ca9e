"""``veltrix explain``: where events go, from files and pipes, as a table and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from veltrix.cli.verbs import app

PIPELINE = """\
veltrix: 1
name: shop
routes:
  large:
    {type: "payment.*", where: data.amount > 900, priority: "data.vip ? 9 : 6", key: data.team,
     to: review}
  rest: {type: "**", unless: large, priority: bulk, to: archive}
queues: {review: {sink: out}, archive: {sink: out}}
sinks: {out: {path: out.jsonl}}
"""
LARGE = {"id": "p-17", "type": "payment.made", "data": {"amount": 950, "team": "red", "vip": True}}
SMALL = {"id": "p-18", "type": "payment.made", "data": {"amount": 12.5}}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "shop.yaml").write_text(PIPELINE)
    (tmp_path / "e.jsonl").write_text(f"{json.dumps(LARGE)}\n{json.dumps(SMALL)}\n")
    return tmp_path


def explain(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, ["explain", *arguments], input=given)


@pytest.mark.usefixtures("shop")
def test_table_says_for_each_route_what_decided() -> None:
    done = explain("shop.yaml", "e.jsonl")
    assert (done.exit_code, done.stderr) == (0, "")
    for text in ("payment.made p-17", "urgent", "red", "its condition holds", "large took it"):
        assert text in done.stdout
    assert "data.amount > 900 is false (data.amount = 12.5)" in done.stdout


@pytest.mark.usefixtures("shop")
def test_json_has_an_object_for_each_event() -> None:
    done = explain("shop.yaml", "-", "--json", given=json.dumps(SMALL, indent=1))
    (line,) = done.stdout.splitlines()
    found = json.loads(line)
    assert found["event"] == {"type": "payment.made", "id": "p-18", "source": "shop"}
    assert (found["queues"], found["otherwise"]) == (["archive"], "")
    large, rest = found["routes"]
    assert (large["matched"], large["deciding"]) == (False, "data.amount > 900")
    assert large["values"] == "data.amount = 12.5"
    assert (rest["matched"], rest["priority"], rest["key"]) == (True, 0, None)


def test_events_that_are_none_are_named(shop: Path) -> None:
    (shop / "odd.jsonl").write_text('{"type": "a"}\nnonsense\n{"id": "1"}\n')
    done = explain("shop.yaml", "odd.jsonl", "--json")
    assert done.exit_code == 1
    first, second = done.stderr.splitlines()
    assert first.startswith("odd.jsonl:2: error[invalid_json]: ")
    assert second.startswith("odd.jsonl:3: error[invalid_event]: ")
    assert len(done.stdout.splitlines()) == 1


def test_pipeline_that_cannot_run_is_refused(shop: Path) -> None:
    (shop / "shop.yaml").write_text(PIPELINE.replace("data.amount > 900", "data.amount >"))
    done = explain("shop.yaml", "e.jsonl")
    assert (done.exit_code, done.stdout) == (78, "")
    assert "shop.yaml:5:45: error[" in done.stderr


@pytest.mark.usefixtures("shop")
def test_file_of_events_that_is_not_there_is_wrong_usage() -> None:
    done = explain("shop.yaml", "none.jsonl")
    assert done.exit_code == 2
    assert "none.jsonl" in done.stderr
