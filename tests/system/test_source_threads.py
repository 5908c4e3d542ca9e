"""A source that reads with several threads: the order, the ledger and the rejects of one thread."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

import veltrix as vx
from system.pipelines import LONG, balanced

EVENTS = 6_000  # several blocks of 256 KiB


def line(number: int) -> str:
    event = {"specversion": "1.0", "id": str(number), "source": "/s", "type": "a.b"}
    event |= {"partitionkey": f"k{number % 7}", "data": {"n": number, "note": "." * 200}}
    return json.dumps(event)


@pytest.mark.slow
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_order_ledger_and_rejects_are_those_of_one_thread(tmp_path: Path, packed: bool) -> None:
    lines = [line(number) for number in range(EVENTS)]
    lines[10] = lines[4_000] = "broken"
    text = "\n".join(lines).encode()
    path = tmp_path / "in.jsonl.gz"
    path.write_bytes(gzip.compress(text, 1) if packed else text)
    app = vx.Pipeline("threads", unmatched="drop")
    rejects = tmp_path / "rejects.jsonl"
    app.source("in", str(path.rename(tmp_path / "in")), parallel=3, rejects=str(rejects))
    seen: dict[str, list[int]] = {}

    @app.handler("a.*", where="data.n % 2 == 0", capacity={"events": 100, "per_key": 100})
    def take(event: vx.Event) -> None:
        seen.setdefault(event.key or "", []).append(event.data["n"])

    with vx.Engine(app) as engine:
        assert engine.drain(timeout=LONG)
        stats = engine.stats()
    wanted = [n for n in range(0, EVENTS, 2) if n not in (10, 4_000)]
    assert sorted(n for numbers in seen.values() for n in numbers) == wanted
    assert all(numbers == sorted(numbers) for numbers in seen.values())
    assert balanced(stats)
    assert (stats.totals.received, stats.totals.rejected) == (EVENTS, 2)
    assert stats.totals.filtered == EVENTS // 2
    assert stats.totals.admitted == len(wanted)
    told = [json.loads(reject)["line"] for reject in rejects.read_text().splitlines()]
    assert told == [11, 4_001]
    source = stats.sources["in"]
    assert (source.records, source.rejected) == (EVENTS, 2)
