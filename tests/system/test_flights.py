"""The main job as a user starts it, against pandas on the package's own tables."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from veltrix.templates.flights.tables import folder

BLIZZARD = ("2013-02-04", "2013-02-15")
YEAR = ("2013-01-01", "2013-12-31")
COMMAND = [sys.executable, "-m", "veltrix.templates.flights"]


def run_job(out: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "--out", str(out), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "160"},
    )


def tables(first: str, last: str) -> pd.DataFrame:
    flights = pd.read_csv(folder() / "flights.csv.zip")
    days = pd.to_datetime(flights[["year", "month", "day"]])
    return flights[(days >= first) & (days <= last)]


def true_types(flights: pd.DataFrame) -> dict[str, int]:
    left, landed = flights.dep_time.notna(), flights.arr_time.notna()
    return {
        "flight.departed": int(left.sum()),
        "flight.arrived": int(flights.arr_delay.notna().sum()),
        "flight.cancelled": int((~left).sum()),
        "flight.diverted": int((landed & flights.arr_delay.isna()).sum()),
    }


def true_rotations(flights: pd.DataFrame) -> int:
    late = flights[(flights.dep_delay > 60) & flights.tailnum.notna()]
    minutes = pd.to_timedelta(late.minute + late.dep_delay, unit="min")
    when = (pd.to_datetime(late.time_hour) + minutes).sort_values()
    gap = when.groupby(late.tailnum).diff()
    return int((gap <= pd.Timedelta(hours=12)).sum())


def events(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@pytest.fixture(scope="module")
def blizzard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("flights")
    done = run_job(out, "--from", BLIZZARD[0], "--to", BLIZZARD[1])
    assert done.returncode == 0, done.stdout + done.stderr
    (out / "stdout").write_text(done.stdout, encoding="utf-8")
    return out


@pytest.mark.slow
def test_archive_holds_every_event_once_when_the_run_ends(blizzard: Path) -> None:
    archived = events(blizzard / "archive.jsonl")
    assert len({(event["source"], event["id"]) for event in archived}) == len(archived)
    assert Counter(event["type"] for event in archived) == true_types(tables(*BLIZZARD))


@pytest.mark.slow
def test_archive_keeps_the_order_of_receipt_per_aircraft_when_the_run_ends(blizzard: Path) -> None:
    newest: dict[object, object] = {}
    for event in events(blizzard / "archive.jsonl"):
        key, received = event.get("partitionkey"), event["recordedtime"]
        assert key is None or str(newest.get(key, "")) <= str(received)
        newest[key] = received


@pytest.mark.slow
def test_alerts_are_those_of_the_tables_when_the_run_ends(blizzard: Path) -> None:
    flights = tables(*BLIZZARD)
    types = true_types(flights)
    assert Counter(event["data"]["reason"] for event in events(blizzard / "alerts.jsonl")) == {
        "cancelled": types["flight.cancelled"],
        "diverted": types["flight.diverted"],
        "rotation": true_rotations(flights),
    }


@pytest.mark.slow
def test_job_prints_ledger_and_comparison_when_the_run_ends(blizzard: Path) -> None:
    printed = (blizzard / "stdout").read_text(encoding="utf-8")
    assert "numbers equal the package's tables: yes" in printed
    for text in ("alerts", "delays", "movements", "notices", "archive", "p99", "archive.jsonl"):
        assert text in printed


@pytest.mark.slow
def test_second_run_takes_the_input_as_it_is_when_nothing_changed(blizzard: Path) -> None:
    (known,) = (blizzard / "input").glob("*.jsonl")
    written = known.stat().st_mtime_ns
    done = run_job(blizzard, "--from", BLIZZARD[0], "--to", BLIZZARD[1])
    assert (done.returncode, known.stat().st_mtime_ns) == (0, written)
    assert len(events(blizzard / "archive.jsonl")) == sum(true_types(tables(*BLIZZARD)).values())


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "2013-02-30"),
        ("--from", "2012-12-31"),
        ("--from", "2013-02-02", "--to", "2013-02-01"),
        ("--outage", "JFK"),
        ("--unknown",),
    ],
)
def test_job_refuses_with_2_when_the_arguments_are_wrong(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = run_job(tmp_path, *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_job_ends_with_130_and_no_traceback_when_interrupted(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "--out", str(tmp_path), "--from", "2013-01-01", "--to", "2013-03-31"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as job:
        assert job.stdout is not None
        seen = ""
        for line in job.stdout:
            seen += line
            if line.startswith("input:"):  # the engine starts now
                job.send_signal(signal.SIGINT)
                break
        seen += job.stdout.read()
    assert job.returncode == 130, seen
    assert "Traceback" not in seen


@pytest.mark.ci
@pytest.mark.timeout(600)
def test_whole_year_equals_the_tables_when_it_is_run(tmp_path: Path) -> None:
    done = run_job(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "numbers equal the package's tables: yes" in done.stdout
    types = true_types(tables(*YEAR))
    assert types == {
        "flight.departed": 328_521,
        "flight.arrived": 327_346,
        "flight.cancelled": 8_255,
        "flight.diverted": 717,
    }
    archived: Counter[str] = Counter()
    with (tmp_path / "archive.jsonl").open("rb") as lines:
        archived.update(json.loads(line)["type"] for line in lines)
    assert archived == types
