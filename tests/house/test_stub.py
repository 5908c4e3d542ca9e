"""The committed stub of the extension is fresh, and mypy finds the extension as the stub says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from house import stub
from house.sources import ROOT

ALLOWLIST = ROOT / "tests/house/stubtest_allowlist.txt"


@pytest.mark.slow
def test_stub_is_fresh() -> None:
    pytest.importorskip("pybind11_stubgen")
    assert stub.STUB.exists(), "run `make stubs`"
    assert stub.STUB.read_text() == stub.generate(), "run `make stubs`"


@pytest.mark.ci
def test_stub_agrees_with_the_extension(tmp_path: Path) -> None:
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\n")
    command = [sys.executable, "-m", "mypy.stubtest", "veltrix._core", "--concise"]
    command += ["--allowlist", str(ALLOWLIST), "--mypy-config-file", str(config)]
    done = subprocess.run(
        [*command, "--ignore-unused-allowlist"],
        env=os.environ | {"MYPYPATH": str(ROOT / "python")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


GENERATED = """\
from __future__ import annotations
import typing
__all__: list[str] = ["f",
  "Order"]
class Event:
    def __new__(cls): ...
class Order(enum.Enum):
    '''
    What keeps its order.
    '''
    KEY: typing.ClassVar[Order]
def f(n: typing.SupportsInt | typing.SupportsIndex) -> dict:
    ...
__version__: str = "1.2.3"
"""

TIDY = """\
class Order(enum.Enum):
    '''What keeps its order.'''
    KEY = ...

def f(n: int) -> dict[str, typing.Any]: ...

__version__: str
"""


def test_stub_is_tidied_when_generated() -> None:
    tidied = stub.tidy(GENERATED.replace("'''", '"""'))
    assert tidied.endswith("\n" + TIDY.replace("'''", '"""'))
    assert "__all__" not in tidied
    assert "class Event" not in tidied
