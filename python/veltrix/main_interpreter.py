"""Subinterpreters are refused before the native core is loaded, which would not come back there."""

from __future__ import annotations

import importlib

MODULES = ("_interpreters", "_xxsubinterpreters")  # of Python 3.13 and of those before


def require() -> None:
    """Makes sure that this is the main interpreter of its process.

    Raises:
        ImportError: It is another one.

    Example:
        >>> require()
    """
    for name in MODULES:
        try:
            interpreters = importlib.import_module(name)
        except ImportError:
            continue
        if interpreters.get_current() != interpreters.get_main():
            raise ImportError(
                "veltrix runs in the main interpreter of a process; import it there, or start "
                "another process"
            )
        return
