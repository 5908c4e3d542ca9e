"""Imports veltrix where it cannot run."""

from __future__ import annotations

import importlib
from typing import Any

CODE = """
try:
    import veltrix
except ImportError as error:
    print(error, flush=True)
"""


def interpreters() -> Any:
    """Python's own module, under the name that it has in this version."""
    try:
        return importlib.import_module("_interpreters")
    except ImportError:
        return importlib.import_module("_xxsubinterpreters")


if __name__ == "__main__":
    other = interpreters().create()
    interpreters().run_string(other, CODE)
    interpreters().destroy(other)
