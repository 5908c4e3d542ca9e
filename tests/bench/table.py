"""What a run of ``make bench`` found, as a table.

``make bench >run.json && .venv/bin/python tests/bench/table.py run.json`` prints it in Markdown,
as docs/speed.md has it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

HEADER = ("figure", "this run", "baseline", "against", "ratio", "target", "")


def text(results: list[dict[str, Any]]) -> str:
    """One table for a terminal, and below it what was not measured."""
    rows = [HEADER, *(_row(figure) for group in results for figure in group["figures"])]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER) - 1)]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        lines.append("  ".join([*cells, row[-1]]).rstrip())
    return "\n".join([*lines, *_not_measured(results)])


def markdown(results: list[dict[str, Any]]) -> str:
    """A section with a table for each group."""
    parts = []
    for group in results:
        rows = [HEADER, ("---",) * len(HEADER), *map(_row, group["figures"])]
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        parts.append("\n".join([f"## {group['group']}", "", *lines]))
    return "\n\n".join([*parts, *_not_measured(results)])


def _not_measured(results: list[dict[str, Any]]) -> list[str]:
    lines = []
    for group in results:
        lines += [f"{group['group']}: left out: {missing}" for missing in group["left_out"]]
        if group["error"]:
            lines.append(f"{group['group']}: not measured: {group['error']}")
    return lines


def _row(figure: dict[str, Any]) -> tuple[str, ...]:
    return (
        figure["name"],
        f"{_number(figure['candidate'])} {figure['unit']}".rstrip(),
        f"{_number(figure['baseline'])} {figure['unit']}".rstrip(),
        figure["against"],
        f"{figure['ratio']:.2f}x",
        _wanted(figure),
        {True: "met", False: "MISSED", None: ""}[figure["met"]],
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"


def _wanted(figure: dict[str, Any]) -> str:
    target, absolute = figure["target"], figure["absolute"]
    if figure["better"] == "equal":
        return f"1 +- {target:g}"
    sign = ">=" if figure["better"] == "higher" else "<="
    bounds = [] if target is None else [f"{target:g}x"]
    bounds += [] if absolute is None else [_number(absolute)]
    return " or ".join(f"{sign} {bound}" for bound in bounds)


def main() -> None:
    """Print a run's document in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="what make bench wrote to standard output")
    print(markdown(json.loads(parser.parse_args().file.read_text())["groups"]))


if __name__ == "__main__":
    main()
