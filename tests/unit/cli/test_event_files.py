"""Events from files and pipes."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import pytest

from veltrix.cli.event_files import events_of
from veltrix.cli.target import UsageError

CASES: list[tuple[bytes, list[tuple[str, bytes]]]] = [
    (b"", []),
    (b"\n \n", []),
    (b'{"a": 1}', [(":1", b'{"a": 1}')]),
    (b'\n{"a": 1}\n\n{"b": 2}\n', [(":2", b'{"a": 1}\n'), (":4", b'{"b": 2}\n')]),
    (b'{"a": 1}\nnot json\n', [(":1", b'{"a": 1}\n'), (":2", b"not json\n")]),
    (b'{\n  "a": 1\n}\n', [("", b'{\n  "a": 1\n}\n')]),
    (b'\xef\xbb\xbf{"a": 1}\n{"b": 2}\n', [(":1", b'{"a": 1}\n'), (":2", b'{"b": 2}\n')]),
    (b'not json\n{"a": 1}\n', [(":1", b"not json\n"), (":2", b'{"a": 1}\n')]),
]


@pytest.mark.parametrize(("content", "expected"), CASES)
def test_events_come_with_their_places(
    tmp_path: Path, content: bytes, expected: list[tuple[str, bytes]]
) -> None:
    file = tmp_path / "e.json"
    file.write_bytes(content)
    assert list(events_of(str(file))) == [(f"{file}{place}", text) for place, text in expected]


def test_events_of_a_pipe_come_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    class Pipe(io.BytesIO):
        def __next__(self) -> bytes:
            read.append("line")
            return super().__next__()

    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=Pipe(b"{}\n[]\n1\n")))
    events = events_of("-")
    assert next(events) == ("standard input:1", b"{}\n")
    assert len(read) == 1
    assert next(events) == ("standard input:2", b"[]\n")


def test_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        list(events_of(str(tmp_path / "none.json")))
