"""Filters over real events: as many true, false and in error as other programs found."""

from __future__ import annotations

import hashlib
import json
import lzma
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import veltrix as vx
from veltrix.errors import EvaluationError
from veltrix.templates.flights.delivery import Outage
from veltrix.templates.flights.prepare import Request, prepare

DATA = Path(__file__).parent.parent / "data"
TRUTH: dict[str, Any] = json.loads((DATA / "filters.json").read_text())
BLIZZARD = Request(
    first=date(2013, 2, 4),
    last=date(2013, 2, 15),
    seed=20130204,
    outages=[
        Outage.parse("ORD,2013-02-07T14:00:00Z,2013-02-07T18:00:00Z"),
        Outage.parse("JFK,2013-02-08T15:00:00Z,2013-02-08T17:30:00Z"),
    ],
)


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


@pytest.fixture(scope="module")
def flights(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    stream = prepare(tmp_path_factory.mktemp("flights"), BLIZZARD)
    return _checked("flights", stream.path.read_bytes())


@pytest.mark.parametrize("row", TRUTH["webhooks"]["filters"], ids=lambda row: row["cel"])
def test_webhooks_are_counted_as_in_the_table(row: dict[str, Any], webhooks: list[bytes]) -> None:
    assert _counts(row["cel"], webhooks) == row


@pytest.mark.ci
@pytest.mark.parametrize("row", TRUTH["flights"]["filters"], ids=lambda row: row["cel"])
def test_flights_are_counted_as_in_the_table(row: dict[str, Any], flights: list[bytes]) -> None:
    assert _counts(row["cel"], flights) == row
