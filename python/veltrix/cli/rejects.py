"""The file that keeps what a source could not take in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Rejects:
    """A rejects file, and where this run's part of it begins: runs append to it."""

    path: str
    begin: int

    @classmethod
    def of(cls, path: str) -> Rejects:
        """Takes note of a file before a run.

        Args:
            path: The file, which need not exist.

        Returns:
            The file with its present size.
        """
        file = Path(path)
        return cls(path, file.stat().st_size if file.is_file() else 0)

    def first(self, count: int) -> list[str]:
        """Reads the first rejects of this run.

        Args:
            count: How many at most.

        Returns:
            Lines such as ``in.jsonl:7: error[invalid_json]: …``; the file is ours, yet whatever
            somebody else wrote into it is shown as it stands.
        """
        file = Path(self.path)
        if not file.is_file():
            return []
        with file.open("rb") as lines:
            lines.seek(self.begin)
            return [_shown(line.decode(errors="replace").strip()) for line in islice(lines, count)]


def _shown(line: str) -> str:
    try:
        return "{file}:{line}: error[{code}]: {error}".format_map(json.loads(line))
    except (ValueError, KeyError, TypeError):
        return line
