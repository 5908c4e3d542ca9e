"""Where the native benchmark programs are: ``make bench`` builds them with the release preset."""

from __future__ import annotations

import os
from pathlib import Path

_BUILT = Path(__file__).resolve().parents[2] / "build" / "release"


class NotBuiltError(Exception):
    """A native program is missing."""


def program(name: str) -> Path:
    """Find ``vx_bench_NAME`` below the release build, or below ``VELTRIX_BENCH_BUILD``.

    Raises:
        NotBuiltError: It has not been built.
    """
    root = Path(os.environ.get("VELTRIX_BENCH_BUILD", _BUILT))
    file_name = f"vx_bench_{name}"
    found = next((path for path in root.rglob(file_name) if path.is_file()), None)
    if found is None:
        raise NotBuiltError(f"{file_name} is not below {root}; build it: make bench")
    return found
