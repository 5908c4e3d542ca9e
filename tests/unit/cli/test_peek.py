"""``veltrix source peek``: records, their events and routes; the example of docs/sources.md."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from veltrix.cli.verbs import app
from veltrix.pipeline.loader import load_text

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/sources.md").read_text()
SHOP, WEB = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
RECORDS = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[0]
LOG = "shop [2013-02-04T11:00:00Z] 503 curl\n\nshop [x] 200\n?\n"
SHOWN = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)[0]
REST = 'routes: {all: {type: "**", to: all}}\nqueues: {all: {sink: out}}\nsinks: {out: {path: o}}\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(SHOP)
    (tmp_path / "web.yaml").write_text(f"veltrix: 1\nname: web\n{WEB}{REST}")
    (tmp_path / "app.jsonl").write_text(RECORDS)
    (tmp_path / "access.log").write_text(
        "shop [2013-02-04T11:00:00Z] 503 curl\n\nshop [x] 200\n?\n"
    )
    return tmp_path


def peek(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["source", "peek", *arguments])


def test_page_shows_what_is_shown() -> None:
    done = peek("app.jsonl", "--pipeline", "shop.yaml")
    assert (done.exit_code, done.stderr) == (1, "")
    assert done.stdout == SHOWN


def test_sources_of_the_readme_load(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text()
    (sources,) = re.findall(r"```yaml\n(sources:.*?)```", readme, re.DOTALL)
    loaded = load_text("a.yaml", f"veltrix: 1\nname: a\n{sources}{REST}".encode(), tmp_path)
    assert list(loaded.model.sources) == ["app", "web"]
    assert loaded.warnings == ()


def test_json_has_an_object_for_each_record() -> None:
    done = peek("access.log", "--pipeline", "web.yaml", "--source", "web", "--json")
    first, second, third = map(json.loads, done.stdout.splitlines())
    assert first["place"] == "access.log:1"
    assert first["event"]["type"] == "web.failed"
    assert first["event"]["data"]["agent"] == "curl"
    assert first["queues"] == ["all"]
    assert "envelope.time" in second["rejected"]
    assert "the pattern does not match" in third["rejected"]


def test_envelope_may_stand_on_the_command_line(folder: Path) -> None:
    (folder / "app.gz").write_bytes(gzip.compress(b"\xef\xbb\xbf" + RECORDS.encode()))
    done = peek("app.gz", "-e", 'type="a." + line.level', "--where", "has(line.ms)", "-n", "3")
    assert (done.exit_code, done.stderr) == (0, "")
    assert [line[:8] for line in done.stdout.splitlines() if line.startswith("app")] == [
        f"app.gz:{number}" for number in (1, 2, 3)
    ]
    assert '"id": "app.gz:3"' in done.stdout
    assert "filtered" in done.stdout
    text = peek("access.log", "--pattern", "(?P<a>.*)", "-e", "type=line.a", "-n", "1")
    assert '"type": "shop [2013-02-04T11:00:00Z] 503 curl"' in text.stdout


def test_cloudevents_are_shown_without_an_envelope(folder: Path) -> None:
    event = {"specversion": "1.0", "id": "1", "source": "/s", "type": "a"}
    (folder / "e.jsonl").write_text(json.dumps(event))
    done = peek("e.jsonl")
    assert done.exit_code == 0
    assert '"id": "1"' in done.stdout
    assert peek("app.jsonl").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["none.jsonl"], 2, "cannot be read"),
        (["app.jsonl", "-e", "type"], 2, "is not ATTRIBUTE=EXPRESSION"),
        (["app.jsonl", "-e", "type=1", "-e", "type=1"], 2, "type is mapped twice"),
        (["app.jsonl", "-e", "type=line."], 78, "column 6"),
        (["app.jsonl", "-e", "tpye=line.a"], 78, "did you mean 'type'?"),
        (["app.jsonl", "--connector", "lines"], 2, "add an 'envelope'"),
        (["app.jsonl", "--source", "app"], 2, "--source names a source of"),
        (["app.jsonl", "-p", "shop.yaml", "--source", "ap"], 2, "no source 'ap'"),
        (["app.jsonl", "-p", "none.yaml"], 2, "none.yaml"),
    ],
)
def test_usage_is_refused(arguments: list[str], code: int, message: str) -> None:
    done = peek(*arguments)
    assert done.exit_code == code
    assert message in " ".join(done.stderr.replace("│", " ").split())


def test_help_has_an_example() -> None:
    assert "veltrix source peek app.jsonl" in peek("--help").stdout


def test_damaged_file_is_shown_up_to_its_damage(folder: Path) -> None:
    packed = gzip.compress(b"\n".join(str(number).encode() for number in range(20_000)))
    (folder / "torn.gz").write_bytes(packed[: len(packed) // 2])
    done = peek("torn.gz", "-e", "type='n'", "--limit", "0")
    assert done.exit_code == 1
    assert "torn.gz:1000: 999" in done.stdout
    assert "error[io]: 'torn.gz' cannot be read any further" in done.stderr
    assert "Usage" not in done.stderr
