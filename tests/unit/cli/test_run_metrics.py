"""``veltrix run --metrics``: serves while it runs, and not a moment longer."""

from __future__ import annotations

import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from unit.cli.command import event, folder

__all__ = ["folder"]

LONG = 20.0  # seconds after which a wait has failed
COUNTED = 'veltrix_deliveries_total{engine="hunt",outcome="done",queue="all"} 3.0'
READ = 'veltrix_source_records_total{engine="hunt",source="in"} 3.0'


def page_of(url: str) -> list[str]:
    with urllib.request.urlopen(url, timeout=LONG) as page:
        return page.read().decode().splitlines()


@pytest.mark.slow
def test_run_serves_metrics_until_its_input_ends(folder: Path) -> None:
    text = (folder / "hunt.yaml").read_text()
    (folder / "stdin.yaml").write_text(text.replace("in.jsonl", '"-"'))
    command = [sys.executable, "-m", "veltrix", "run", "stdin.yaml", "--metrics", "0"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=folder, stdin=pipe, stdout=pipe, stderr=pipe, text=True
    ) as run:
        assert run.stdin
        assert run.stderr
        said = run.stderr.readline()
        assert said.startswith("metrics: http://127.0.0.1:")
        url = said.split()[1]
        run.stdin.write("".join(map(event, range(3))))
        run.stdin.flush()
        while run.poll() is None:  # the lines are on their way; the test has a time limit
            page = page_of(url)
            if COUNTED in page and READ in page:
                break
        out, err = run.communicate(timeout=LONG)  # ends its input
    assert (run.returncode, err) == (0, "")
    assert "received 3 = admitted 3" in out
    assert "cost: CPU " in out
    with pytest.raises(urllib.error.URLError):
        page_of(url)
