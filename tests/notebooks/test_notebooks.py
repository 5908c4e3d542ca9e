"""Every notebook runs from its first cell to its last, and shows what it says it shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def outputs(name: str, folder: Path) -> list[dict[str, Any]]:
    book = nbformat.read(NOTEBOOKS / name, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    return [output for cell in book.cells for output in cell.get("outputs", [])]


@pytest.mark.slow
def test_first_events(tmp_path: Path) -> None:
    shown = outputs("01_first_events.ipynb", tmp_path)
    text = "".join(output.get("text", "") for output in shown)
    assert "what became of the first: {'score': 'done'}" in text
    assert "dead: a torn page after 3 attempts: ValueError" in text
    assert "Counter({('store', 'done'): 10000})" in text
    assert "Counter({('look_up', 'done'): 100})" in text
    kinds = [kind for output in shown for kind in output.get("data", {})]
    assert "image/png" in kinds, "the plot of waits by priority"
    assert "text/html" in kinds, "the table of the engine's statistics"
    assert all(output["output_type"] != "error" for output in shown)


def test_notebooks_are_kept_without_outputs() -> None:
    for path in NOTEBOOKS.glob("*.ipynb"):
        book = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        assert not any(cell.get("outputs") for cell in book.cells), path.name
