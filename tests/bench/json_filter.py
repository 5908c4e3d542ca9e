"""File -> filter -> native sink: the engine against a loop around ``json.loads``.

Both read the same file of CloudEvents, 263 bytes a line, in the page cache, and keep the tenth of
them with ``data.amount > 900``. Each side of each round is a process of its own: its wall time and
its CPU time, all threads together, from before the file is opened until the output is complete.
The loop uses one core, the engine what it finds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from json_lines import write_lines
from measure import ROUNDS, Figure, compare

BOUND = 900
Runs = dict[str, list[dict[str, float]]]

PIPELINE = """\
veltrix: 1
name: filter
unmatched: drop
sources: {{input: {{connector: jsonl, path: "{source}"}}}}
routes: {{kept: {{type: "com.shop.**", where: "data.amount > {bound}", to: out}}}}
queues: {{out: {{sink: output}}}}
sinks: {{output: {{connector: jsonl, path: "{sink}"}}}}
"""


def loop(source: Path, sink: Path) -> None:
    """The baseline."""
    with source.open("rb") as lines, sink.open("wb") as out:
        for line in lines:
            if json.loads(line)["data"]["amount"] > BOUND:
                out.write(line)


def engine(source: Path, sink: Path) -> Any:
    """The candidate, ready to start: reading its configuration is not counted."""
    import veltrix as vx  # noqa: PLC0415 - the loop's process does without

    config = sink.with_suffix(".yaml")
    text = PIPELINE.format(source=source, sink=sink, bound=BOUND)
    config.write_text(text, encoding="utf-8")
    return vx.Engine.from_config(config)


def side(name: str, source: Path, sink: Path) -> dict[str, float]:
    """Run one side here and now."""
    sink.unlink(missing_ok=True)
    running = engine(source, sink) if name == "engine" else None
    begin, cpu = time.perf_counter(), time.process_time()
    if running is None:
        loop(source, sink)
    else:
        running.start()
        running.drain()
        running.stop()
    return {"seconds": time.perf_counter() - begin, "cpu": time.process_time() - cpu}


def _in_a_process(*arguments: object) -> dict[str, float]:
    command = [sys.executable, __file__, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def figures(*, quick: bool) -> list[Figure]:
    """Measure both sides in turn."""
    count = 10_000 if quick else 1_000_000
    runs: Runs = {"engine": [], "json.loads loop": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "input.jsonl"
        write_lines(source, count)
        for turn in range(ROUNDS + 1):  # the first one warms the page cache
            for who, seen in runs.items():
                seconds = _in_a_process(who, source, folder / f"{who[:4]}.jsonl")
                if turn:
                    seen.append(seconds)
        if _ids(folder / "engi.jsonl") != _ids(folder / "json.jsonl"):
            raise AssertionError("the engine and the loop kept different events")
    return [
        _figure(_rates(runs, count, "cpu"), "per CPU second", "lines/CPU s", 14.0),
        _figure(_rates(runs, count, "seconds"), "both cores", "lines/s", 25.0),
    ]


def _rates(runs: Runs, count: int, of: str) -> dict[str, list[float]]:
    return {who: [count / one[of] for one in seen] for who, seen in runs.items()}


def _figure(rates: dict[str, list[float]], what: str, unit: str, target: float) -> Figure:
    name = f"jsonl -> data.amount > {BOUND} -> native sink, {what}"
    return compare("engine", "json.loads loop", rates, name=name, unit=unit, target=target)


def _ids(path: Path) -> list[str]:
    with path.open("rb") as lines:
        return sorted(json.loads(line)["id"] for line in lines)


if __name__ == "__main__":
    print(json.dumps(side(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
