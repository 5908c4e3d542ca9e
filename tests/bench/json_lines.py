"""JSON lines in, JSON lines out: the jsonl source and sink against a loop around ``json.loads``.

Both sides read the same file of CloudEvents, 263 bytes a line, parse every line and
write what they keep; the loop writes the line that it has, the engine what it makes of the event.
The file lies in the page cache. The engine's ids are deduplicated, as always.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from pathlib import Path

from measure import Figure, alternate, compare

import veltrix as vx

KEPT = "com.shop.order.created"  # the type of every tenth line
OTHER = "com.shop.cart.changed"
LINE_BYTES = 263

PIPELINE = """\
veltrix: 1
name: lines
unmatched: drop
sources: {{input: {{connector: jsonl, path: "{source}"}}}}
routes: {{kept: {{type: "{types}", to: out}}}}
queues: {{out: {{sink: output}}}}
sinks: {{output: {{connector: jsonl, path: "{sink}"}}}}
"""


def write_lines(path: Path, count: int) -> None:
    """Write the input: the same bytes for the same count."""
    chance = random.Random(1)
    with path.open("w", encoding="ascii") as out:
        for number in range(count):
            event = {
                "specversion": "1.0",
                "id": f"{chance.getrandbits(64):016x}",
                "source": f"/shop/{chance.randrange(1000):03d}",
                "type": KEPT if number % 10 == 0 else OTHER,
                "subject": f"customer-{chance.randrange(10_000):05d}",
                "time": f"2024-05-{number % 28 + 1:02d}T12:{number % 60:02d}:{number % 59:02d}Z",
                "datacontenttype": "application/json",
                "partitionkey": f"c{chance.randrange(10_000):05d}",
                "priority": chance.randrange(10),
                "data": {"amount": chance.randrange(1000)},
            }
            text = json.dumps(event, separators=(",", ":"))
            note = "." * (LINE_BYTES - 1 - len(text) - len(',"note":""'))
            out.write(f'{text[:-2]},"note":"{note}"}}}}\n')


def loop(source: Path, sink: Path, count: int, kept: tuple[str, ...]) -> float:
    """The baseline."""
    begin = time.perf_counter()
    with source.open("rb") as lines, sink.open("wb") as out:
        for line in lines:
            if json.loads(line)["type"] in kept:
                out.write(line)
    return count / (time.perf_counter() - begin)


def engine(config: Path, count: int) -> float:
    """The candidate. Starting the engine is not counted, ending its output is."""
    running = vx.Engine.from_config(config)
    begin = time.perf_counter()
    running.start()
    running.drain()
    running.stop()
    return count / (time.perf_counter() - begin)


def figures(*, quick: bool) -> list[Figure]:
    """Measure with every line kept, and with every tenth."""
    count = 10_000 if quick else 500_000
    results = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "input.jsonl"
        write_lines(source, count)
        for what, types, kept in (
            ("all lines kept", "com.shop.**", (KEPT, OTHER)),
            ("1 line in 10 kept", KEPT, (KEPT,)),
        ):
            results.append(_figure(folder, source, what, types, kept))
    return results


def _figure(folder: Path, source: Path, what: str, types: str, kept: tuple[str, ...]) -> Figure:
    copied, written = folder / "loop.jsonl", folder / "engine.jsonl"
    config = folder / "pipeline.yaml"
    config.write_text(PIPELINE.format(source=source, sink=written, types=types), encoding="utf-8")
    with source.open("rb") as lines:
        count = sum(1 for _ in lines)

    def candidate() -> float:
        written.unlink(missing_ok=True)
        return engine(config, count)

    sides = {"json.loads loop": lambda: loop(source, copied, count, kept), "engine": candidate}
    runs = alternate(sides)
    if _ids(copied) != _ids(written):
        raise AssertionError("the engine and the loop wrote different events")
    name = f"jsonl -> native sink, {what}"
    return compare("engine", "json.loads loop", runs, name=name, unit="lines/s", target=10.0)


def _ids(path: Path) -> set[str]:
    with path.open("rb") as lines:
        return {json.loads(line)["id"] for line in lines}
