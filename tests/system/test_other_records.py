"""Records that are no CloudEvents through the whole engine: JSON and a log; nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import veltrix as vx
from system.pipelines import LONG, balanced
from veltrix.stats import Stats

RECORDS = [
    {"level": "error", "ts": 1_359_975_600.25, "user": "ada"},
    {"level": "debug", "ts": 1},
    {"level": "error", "ts": "never"},
    {"ts": 1},
    {"level": "info", "ts": "2013-02-04T11:00:01Z"},
]
KEY = "has(line.user) ? line.user : null"


def _run(app: vx.Pipeline) -> Stats:
    with vx.Engine(app) as engine:
        assert engine.drain(timeout=LONG)
        return engine.stats()


def _recorded(app: vx.Pipeline) -> list[Any]:
    seen: list[Any] = []

    @app.handler("**", queue="all")
    def record(event: vx.Event) -> None:
        seen.append(event)

    return seen


def test_json_is_mapped_filtered_and_read_twice_as_one(tmp_path: Path) -> None:
    path = tmp_path / "app.jsonl"
    path.write_text("".join(f"{json.dumps(record)}\n" for record in RECORDS))
    app = vx.Pipeline("records")
    seen = _recorded(app)
    rejects = tmp_path / "rejects.jsonl"
    envelope = {"type": '"log." + line.level', "source": '"app"', "time": "line.ts", "key": KEY}
    for name in ("first", "again"):
        where = 'line.level != "debug"'
        app.source(name, str(path), rejects=str(rejects), where=where, envelope=envelope)
    stats = _run(app)
    first, second = sorted(seen, key=lambda event: event.type)
    assert (first.type, second.type) == ("log.error", "log.info")
    assert (first.id, first.source, first.key) == (f"{path}:0", "app", "ada")
    assert first.time.isoformat() == "2013-02-04T11:00:00.250000+00:00"
    assert (second.key, second.data) == (None, RECORDS[4])
    assert balanced(stats)
    totals = stats.totals
    assert (totals.received, totals.admitted, totals.duplicate) == (10, 2, 2)
    assert (totals.filtered, totals.rejected) == (4, 2)
    told = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert [(each["line"], each["code"]) for each in told] == [(3, "invalid_event")] * 2
    assert "envelope.time" in told[0]["error"]


def test_log_is_read_by_a_pattern(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_bytes(b"shop GET 200\n\nshop PUT 503\r\nnonsense\nshop \xff 200\n")
    app = vx.Pipeline("log")
    seen = _recorded(app)
    rejects = tmp_path / "rejects.jsonl"
    app.source(
        "web",
        str(path),
        connector="lines",
        pattern=r"(?P<host>\w+) (?P<verb>\S+) (?P<status>\d+)",
        envelope={
            "type": '"web." + line.verb',
            "id": 'line.host + "/" + line.status',
            "priority": 'line.status.startsWith("5") ? 9 : 2',
        },
        rejects=str(rejects),
    )
    stats = _run(app)
    assert {event.id: event.data for event in seen} == {
        "shop/503": {"text": "shop PUT 503", "host": "shop", "verb": "PUT", "status": "503"},
        "shop/200": {"text": "shop GET 200", "host": "shop", "verb": "GET", "status": "200"},
    }
    assert {event.id: event.priority for event in seen} == {"shop/503": 9, "shop/200": 2}
    assert balanced(stats)
    assert (stats.totals.admitted, stats.totals.rejected) == (2, 2)
    codes = [json.loads(line)["code"] for line in rejects.read_text().splitlines()]
    assert codes == ["invalid_event", "invalid_utf8"]
