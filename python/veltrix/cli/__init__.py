"""The command ``veltrix``."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command; what ``veltrix`` on the command line starts."""
    try:
        from veltrix.cli.verbs import app  # noqa: PLC0415 - Ctrl-C may come while this is imported

        app()
    except KeyboardInterrupt:
        sys.exit(130)
