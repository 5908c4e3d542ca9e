"""``veltrix expr``: values, errors and exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from veltrix.cli.verbs import app

LINES = """\
{"type": "a", "data": {"amount": 950, "team": "é"}}
{"type": "b", "data": {"amount": 12.5}}
{"type": "c"}
nonsense
"""


@pytest.fixture
def events(tmp_path: Path) -> str:
    file = tmp_path / "e.jsonl"
    file.write_text(LINES, encoding="utf-8")
    return str(file)


def expr(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, ["expr", *arguments], input=given)


@pytest.mark.parametrize(
    ("text", "printed"),
    [("1 + 2 * 3", "7"), ("'a' + \"b\"", '"ab"'), ("[1u, 2.5, null]", "[1,2.5,null]")],
)
def test_value_needs_no_event(text: str, printed: str) -> None:
    done = expr(text)
    assert (done.exit_code, done.stdout, done.stderr) == (0, printed + "\n", "")


def test_each_line_has_its_value(events: str) -> None:
    done = expr("event.type in ['a', 'b']", "--event", events)
    assert done.stdout == "true\ntrue\nfalse\n"
    assert done.exit_code == 1
    assert done.stderr.startswith(f"{events}:4: error[invalid_json]: ")


def test_events_without_a_value_are_named(events: str) -> None:
    done = expr("data.amount > 900", "-e", events)
    assert (done.exit_code, done.stdout) == (1, "true\nfalse\n")
    first, second = done.stderr.splitlines()
    assert first.startswith(f"{events}:3: error[missing]: ")
    assert "(column 1)" in first
    assert second.startswith(f"{events}:4: error[invalid_json]: ")


def test_standard_input_is_read() -> None:
    done = expr("data.team", "--event", "-", given='{\n "data": {"team": "é"}\n}')
    assert (done.exit_code, done.stdout) == (0, '"é"\n')


def test_explain_says_what_decided(events: str) -> None:
    done = expr("event.type != '' && data.amount > 900", "-e", events, "--explain")
    first, second, third = done.stdout.splitlines()
    assert first.startswith("true")
    assert second == "false: data.amount > 900, where data.amount = 12.5"
    assert third == "missing: data: no member 'data' in the event"
    assert done.exit_code == 1


def test_wrong_text_shows_its_place() -> None:
    done = expr("data.x.stratsWith('a')")
    assert (done.exit_code, done.stdout) == (78, "")
    assert "error[unknown-method]: column 8: " in done.stderr
    assert "\n         ^~~~~~~~~~" in done.stderr


def test_warning_does_not_stop() -> None:
    done = expr("1 + 1.0 == 2.0 || true")
    assert (done.exit_code, done.stdout) == (0, "true\n")
    assert "warning[mixed-arithmetic]: column 3: " in done.stderr


def test_file_that_is_not_there_is_wrong_usage() -> None:
    done = expr("1", "--event", "no.json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "no.json" in done.stderr
