"""Every example in a docstring runs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import veltrix

PARTS = ("veltrix.templates", "veltrix.__main__", "veltrix._core")
MODULES = ["veltrix"] + [
    module.name
    for module in pkgutil.walk_packages(veltrix.__path__, "veltrix.")
    if not module.name.startswith(PARTS)
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module_run(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert found.failed == 0


def test_modules_are_found() -> None:
    assert {"veltrix.engine", "veltrix.pipeline.loader", "veltrix.cli"} <= set(MODULES)
