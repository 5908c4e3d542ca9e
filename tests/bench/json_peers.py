"""JSON lines -> filter that keeps a tenth -> count by type.

All read the same file, which lies in the page cache, and must arrive at the same counts. The loops
parse line by line on one core; polars and duckdb are one query over the whole file on all cores,
with the columns that they need given, and no event could be handed to anybody on the way. The
engine filters natively and counts in a Python handler that takes batches. Each run is a process of
its own; importing and configuring is not counted. A library that is not installed is left out by
name.
"""

from __future__ import annotations

import importlib.util
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measure import ROUNDS, Figure, compare, left_out

import veltrix as vx

BOUND = 900
TYPES = [f"com.shop.{what}.{how}" for what in ("order", "cart") for how in ("new", "paid", "sent")]
REGIONS = ("eu-west", "eu-north", "us-east", "ap-south")
Work = Callable[[], Counter[str]]


def write_lines(path: Path, count: int) -> None:
    """Write the input, about 230 bytes a line: the same for the same count."""
    chance = random.Random(4)
    with path.open("w", encoding="ascii") as out:
        for number in range(count):
            event = {
                "specversion": "1.0",
                "id": f"{chance.getrandbits(64):016x}",
                "source": f"/shop/{chance.randrange(1000)}",
                "type": chance.choice(TYPES),
                "time": f"2024-05-{number % 28 + 1:02d}T12:{number % 60:02d}:{number % 59:02d}Z",
                "datacontenttype": "application/json",
                "data": {
                    "amount": round(chance.random() * 1000, 2),
                    "key": f"k{chance.randrange(1000)}",
                    "region": chance.choice(REGIONS),
                    "quantity": chance.randrange(20),
                },
            }
            out.write(json.dumps(event, separators=(",", ":")) + "\n")


def _dicts(path: Path, decode: Callable[[bytes], Any]) -> Work:
    def work() -> Counter[str]:
        counts: Counter[str] = Counter()
        with path.open("rb") as lines:
            for line in lines:
                event = decode(line)
                if event["data"]["amount"] > BOUND:
                    counts[event["type"]] += 1
        return counts

    return work


def json_loop(path: Path) -> Work:
    """The standard library."""
    return _dicts(path, json.loads)


def orjson_loop(path: Path) -> Work:
    """The fastest parser into dicts."""
    import orjson  # noqa: PLC0415

    return _dicts(path, orjson.loads)


def msgspec_loop(path: Path) -> Work:
    """Into dicts."""
    import msgspec  # noqa: PLC0415

    return _dicts(path, msgspec.json.Decoder().decode)


def msgspec_structs(path: Path) -> Work:
    """Only the two fields that are wanted; the rest is skipped while it parses."""
    import msgspec  # noqa: PLC0415

    data = msgspec.defstruct("Data", [("amount", float)])
    kind = msgspec.defstruct("Event", [("type", str), ("data", data)])
    decode = msgspec.json.Decoder(kind).decode

    def work() -> Counter[str]:
        counts: Counter[str] = Counter()
        with path.open("rb") as lines:
            for line in lines:
                event = decode(line)
                if event.data.amount > BOUND:
                    counts[event.type] += 1
        return counts

    return work


def polars_query(path: Path) -> Work:
    """One query, all cores."""
    import polars as pl  # noqa: PLC0415

    columns = {"type": pl.String, "data": pl.Struct({"amount": pl.Float64})}
    query = (
        pl.scan_ndjson(path, schema=columns)
        .filter(pl.col("data").struct.field("amount") > BOUND)
        .group_by("type")
        .len()
    )
    return lambda: Counter(dict(query.collect().rows()))


def duckdb_query(path: Path) -> Work:
    """One query, all cores."""
    import duckdb  # noqa: PLC0415

    query = (
        "select type, count(*) from read_json(?, format='newline_delimited',"
        " columns={type: 'VARCHAR', data: 'STRUCT(amount DOUBLE)'})"
        f" where data.amount > {BOUND} group by type"
    )
    return lambda: Counter(dict(duckdb.connect().execute(query, [str(path)]).fetchall()))


def engine(path: Path) -> Work:
    """Filtered natively, counted in Python."""
    app = vx.Pipeline("count", unmatched="drop")
    app.source("input", str(path), rejects="")
    counts: Counter[str] = Counter()

    @app.handler("com.shop.**", where=f"data.amount > {BOUND}", batch={"max_events": 1_000})
    def count(events: list[vx.Event]) -> None:
        counts.update(event.type for event in events)

    running = vx.Engine(app)

    def work() -> Counter[str]:
        running.start()
        running.drain()
        running.stop()
        return counts

    return work


PEERS: dict[str, tuple[str, Callable[[Path], Work]]] = {
    "json.loads loop": ("json", json_loop),
    "orjson loop": ("orjson", orjson_loop),
    "msgspec loop, dicts": ("msgspec", msgspec_loop),
    "msgspec loop, structs": ("msgspec", msgspec_structs),
    "polars scan_ndjson": ("polars", polars_query),
    "duckdb read_json": ("duckdb", duckdb_query),
}


def _run(who: str, path: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, who, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def figures(*, quick: bool) -> list[Figure]:
    """Measure the engine beside each of them."""
    count = 5_000 if quick else 1_000_000
    peers = [who for who, (module, _) in PEERS.items() if importlib.util.find_spec(module)]
    for who in sorted(PEERS.keys() - set(peers)):
        left_out(who, "it is not installed, see peers.txt")
    runs: dict[str, list[float]] = {who: [] for who in ("engine", *peers)}
    counted = set()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input.jsonl"
        write_lines(path, count)
        for turn in range(ROUNDS + 1):
            for who, seen in runs.items():
                run = _run(who, path)
                counted.add(json.dumps(run["counts"], sort_keys=True))
                if turn:
                    seen.append(count / run["seconds"])
    if len(counted) != 1:
        raise AssertionError("they counted different events")
    name = "jsonl -> filter -> count by type"
    return [compare("engine", who, runs, name=name, unit="lines/s", target=1.0) for who in peers]


def main(who: str, path: Path) -> None:
    """One run, here and now."""
    make = engine if who == "engine" else PEERS[who][1]
    work = make(path)
    begin = time.perf_counter()
    counts = work()
    print(json.dumps({"seconds": time.perf_counter() - begin, "counts": counts}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
