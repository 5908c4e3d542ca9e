from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from veltrix.templates.flights.checks import Results, compare
from veltrix.templates.flights.expectations import Expectations

TRUTH = Expectations(
    Counter(
        {
            "flight.departed": 3,
            "flight.arrived": 2,
            "flight.cancelled": 1,
            "flight.diverted": 0,
        }
    ),
    rotations=1,
    aircraft=2,
)


def _results(folder: Path) -> Results:
    archive, alerts = folder / "archive.jsonl", folder / "alerts.jsonl"
    with archive.open("w", encoding="ascii") as out:
        for event_type, count in TRUTH.types.items():
            line = json.dumps({"type": event_type, "data": {}}, separators=(",", ":"))
            out.writelines([line + "\n"] * count)
    reasons = ({"data": {"reason": reason}} for reason in ("cancelled", "rotation"))
    alerts.write_text("".join(json.dumps(reason) + "\n" for reason in reasons), encoding="ascii")
    queues = TRUTH.queues()
    return Results(queues, queues, 5, TRUTH.aircraft, archive, alerts)


def test_all_checks_are_equal_when_the_run_gave_what_the_tables_say(tmp_path: Path) -> None:
    checks = compare(_results(tmp_path), TRUTH, 5)
    assert [check.what for check in checks if not check.equal] == []
    assert len(checks) == 1 + 2 * 5 + 4 + 3 + 1


def test_check_differs_when_a_file_lacks_a_line(tmp_path: Path) -> None:
    results = _results(tmp_path)
    lines = results.archive.read_text(encoding="ascii").splitlines(keepends=True)
    results.archive.write_text("".join(lines[1:]), encoding="ascii")
    results.alerts.unlink()
    different = [check.what for check in compare(results, TRUTH, 4) if not check.equal]
    assert different == [
        "second deliveries dropped",
        "archived flight.departed",
        "alerts: cancelled",
        "alerts: rotation",
    ]
