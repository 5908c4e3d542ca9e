"""Prometheus' own judgement of what is scraped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path


def complaints(exposition: bytes) -> str:
    """What `promtool check metrics` says; nothing when all is well."""
    folders = [str(Path(sys.executable).parent), os.environ["PATH"]]
    program = shutil.which("promtool", path=os.pathsep.join(folders))
    assert program, "promtool is missing; `make test` fetches it from Debian's package prometheus"
    done = subprocess.run(
        [program, "check", "metrics"], input=exposition, capture_output=True, check=False
    )
    said = (done.stdout + done.stderr).decode()
    assert bool(said) == bool(done.returncode), said
    return said
