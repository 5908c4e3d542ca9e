"""Records as lines: what a program reads, what a person reads, and nothing that breaks a line."""

from __future__ import annotations

import io
import json
import logging
import sys
from types import TracebackType

import pytest

import veltrix as vx
from veltrix.logs.formats import MAX_BYTES, StderrHandler, cut
from veltrix.logs.report import first_line, report

EVENT = {"event_id": "e1", "queue": "scores", "attempt": 2}


def record(message: str, *arguments: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("hunt", logging.WARNING, "hunt.py", 5, message, arguments, None)
    vars(made).update(extra)
    return made


def raised(error: ValueError) -> tuple[type[ValueError], ValueError, TracebackType | None]:
    try:
        raise error
    except ValueError as caught:
        return type(caught), caught, caught.__traceback__


def as_json(made: logging.LogRecord) -> dict[str, object]:
    line = vx.logs.JsonFormatter().format(made)
    assert line.isprintable(), line
    return dict(json.loads(line))


def test_json_has_time_level_logger_message_and_the_event() -> None:
    row = as_json(record("down %s", "again", **EVENT, code=None, team="red"))
    assert str(row.pop("ts")).endswith("Z")
    assert row == {
        "level": "warning",
        "logger": "hunt",
        "message": "down again",
        **EVENT,
        "team": "red",
    }


@pytest.mark.parametrize(
    "hostile", ["a\nb", "\x1b[31m", "\x00", "\x85\x9b", "\u2028", "\ud800", "é“…", 'a"b\\']
)
def test_json_stays_on_one_line_and_says_the_same(hostile: str) -> None:
    row = as_json(record("%s", hostile, event_id=hostile))
    assert row["message"] == row["event_id"] == hostile


def test_json_has_the_traceback_with_its_end_and_fields_of_four_kibibytes() -> None:
    made = record("%s", "é" * 10_000, event_id="y" * 10_000)
    made.exc_info = raised(ValueError("x" * 10_000 + "\nthe end"))
    row = as_json(made)
    for name in ("message", "event_id", "exception"):
        assert MAX_BYTES - 2 <= len(str(row[name]).encode()) <= MAX_BYTES
    assert str(row["exception"]).startswith("…")
    assert str(row["exception"]).endswith("the end")


def test_cut_keeps_what_fits() -> None:
    for text in ("", "a" * MAX_BYTES, "é" * (MAX_BYTES // 2)):
        assert cut(text) == text
    assert cut("a" * (MAX_BYTES + 1)).endswith("a…")


def test_console_is_one_line_without_colour_unless_asked() -> None:
    line = vx.logs.ConsoleFormatter().format(record("a\nb\x1b[31m", **EVENT))
    assert line[9:] == "WARNING hunt: a\\u000ab\\u001b[31m [scores e1, attempt 2]"
    coloured = vx.logs.ConsoleFormatter(colour=True).format(record("a"))
    assert "\x1b[33mWARNING\x1b[0m" in coloured


def test_console_shows_a_traceback_below() -> None:
    made = record("failed")
    made.exc_info = raised(ValueError("no"))
    lines = vx.logs.ConsoleFormatter().format(made).splitlines()
    assert lines[0].endswith("hunt: failed")
    assert lines[-1] == "ValueError: no"


def test_handler_follows_standard_error_where_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    handler = StderrHandler()
    for _ in range(2):
        stream = io.StringIO()
        monkeypatch.setattr(sys, "stderr", stream)
        handler.handle(record("here"))
        assert stream.getvalue() == "here\n"


def test_filter_keeps_what_a_record_says_itself() -> None:
    made = record("x", event_id="own")
    assert vx.logs.AttemptFilter().filter(made)
    assert made.event_id == "own"
    assert not hasattr(made, "queue")


SYNTAX = '  File "<string>", line 1\n    x x\n      ^\nSyntaxError: invalid syntax'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("plain\nsecond", "plain"),
        ('Traceback (most recent call last):\n  File "a", line 1\n    f()\nE: one\ntwo', "E: one"),
        (f'Traceback (most recent call last):\n  File "a", line 1\n    f()\n{SYNTAX}', "Syntax"),
        ("x" * 5_000, "xxx"),
    ],
)
def test_first_line_is_that_of_the_error(text: str, line: str) -> None:
    found = first_line(text)
    assert found.startswith(line)
    assert "\n" not in found
    assert len(found) <= 301


def test_report_writes_a_line_for_each_kind_of_notice(caplog: pytest.LogCaptureFixture) -> None:
    rows = [
        ("dead_letter", "q", "V", "V: no", "i", "a.b", 5, 2),
        ("dead_letter", None, "unmatched", "no route", "j", "a.b", 0, 0),
        ("dead_letter", "q", "ValueError", "", None, "", 0, 1_000),
        ("warning", "q", "gil_held", "held the GIL for 20 ms", "", "", 0, 3),
        ("warning", "q", "gil_held", "", None, "", 0, 4),
        ("lost", None, "", "", "", "", 0, 7),
    ]
    with caplog.at_level(logging.INFO, "veltrix"):
        report(rows)
    assert [each.getMessage() for each in caplog.records] == [
        "dead letter: a.b i, queue q, 5 attempts, V: no (2 more of V were left out)",
        "dead letter: a.b j, no queue, 0 attempts, unmatched: no route",
        "dead letters: 1,000 more of queue q, ValueError",
        "held the GIL for 20 ms (3 more of these were left out)",
        "queue q: 4 more of gil_held were left out",
        "7 notices are lost: more came than can be written",
    ]
    first = caplog.records[0]
    assert (first.name, first.levelname) == ("veltrix.dead_letters", "WARNING")
    assert [getattr(first, name) for name in ("event_id", "queue", "attempts", "left_out")] == [
        "i",
        "q",
        5,
        2,
    ]
