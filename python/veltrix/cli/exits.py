"""Exit codes of the command; scripts rely on them."""

from __future__ import annotations

from typing import Final

OK: Final = 0
FAILURES: Final = 1  # it ran, with dead letters or rejected records
USAGE: Final = 2
CONFIG: Final = 78  # EX_CONFIG of sysexits.h: a pipeline that cannot run
INTERRUPTED: Final = 130  # Ctrl-C
TERMINATED: Final = 143  # SIGTERM
