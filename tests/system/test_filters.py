"""Filters over real events: as many true, false and in error as other programs found."""

from __future__ import annotations

import hashlib
import json
import lzma
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import veltrix as vx
from veltrix.errors import EvaluationError
from veltrix.templates.flights.prepare import Request, prepare

DATA = Path(__file__).parent.parent / "data"
TRUTH: dict[str, Any] = json.loads((DATA / "filters.json").read_text())
BLIZZARD = Request(first=date(2013, 2, 4), last=date(2013, 2, 15), ideal=True)
RECEIPT_EPOCH = 1_359_936_000_000  # ms since 1970, from which flights-receipt.txt counts
RECORDED = re.compile(rb'(?<="recordedtime":")[^"]*')


def _counts(text: str, lines: Iterable[bytes]) -> dict[str, object]:
    expression = vx.Expression(text)
    found: Counter[str] = Counter()
    for line in lines:
        try:
            found["true" if expression.evaluate(line) else "false"] += 1
        except EvaluationError:
            found["error"] += 1
    return {"cel": text} | {verdict: found[verdict] for verdict in ("true", "false", "error")}


def _checked(name: str, raw: bytes) -> list[bytes]:
    assert hashlib.sha256(raw).hexdigest() == TRUTH[name]["sha256"]
    lines = raw.splitlines()
    assert len(lines) == TRUTH[name]["lines"]
    return lines


@pytest.fixture(scope="module")
def webhooks() -> list[bytes]:
    return _checked("webhooks", lzma.decompress((DATA / "github-webhooks.jsonl.xz").read_bytes()))


def _as_received(ideal: list[bytes]) -> Iterator[bytes]:
    """Late, in bursts and twice: places in the stream, then times, each from the one before."""
    steps = lzma.decompress((DATA / "flights-receipt.txt.xz").read_bytes()).decode().split()
    half = len(steps) // 2
    place, time = 0, RECEIPT_EPOCH
    for places, times in zip(steps[:half], steps[half:], strict=True):
        place += int(places)
        time += int(times)
        text = datetime.fromtimestamp(time / 1000, UTC).isoformat(timespec="milliseconds")
        yield RECORDED.sub(text.replace("+00:00", "Z").encode(), ideal[place]) + b"\n"
        place += 1


@pytest.fixture(scope="module")
def flights(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    stream = prepare(tmp_path_factory.mktemp("flights"), BLIZZARD)
    ideal = stream.path.read_bytes().splitlines()
    return _checked("flights", b"".join(_as_received(ideal)))


@pytest.mark.parametrize("row", TRUTH["webhooks"]["filters"], ids=lambda row: row["cel"])
def test_webhooks_are_counted_as_in_the_table(row: dict[str, Any], webhooks: list[bytes]) -> None:
    assert _counts(row["cel"], webhooks) == row


@pytest.mark.ci
@pytest.mark.parametrize("row", TRUTH["flights"]["filters"], ids=lambda row: row["cel"])
def test_flights_are_counted_as_in_the_table(row: dict[str, Any], flights: list[bytes]) -> None:
    assert _counts(row["cel"], flights) == row
