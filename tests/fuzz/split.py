"""Writes a corpus of one file a case from the two seed files: ``split.py FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(folder: Path) -> None:
    """Every expression with every second event or so: small, and each seed at least once."""
    folder.mkdir(parents=True, exist_ok=True)
    events = (HERE / "events.txt").read_bytes().splitlines()
    for number, expression in enumerate((HERE / "seeds.txt").read_bytes().splitlines()):
        for event in {number % len(events), 0}:
            (folder / f"{number:03}-{event}").write_bytes(expression + b"\0" + events[event])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
