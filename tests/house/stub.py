"""Writes python/veltrix/_core.pyi from the extension, in a form that never depends on the machine.

`make stubs` runs it; test_stub.py fails when the committed stub differs from what it would write.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

STUB = Path(__file__).resolve().parents[2] / "python/veltrix/_core.pyi"

_HEAD = '''\
"""The native core. Private: use `import veltrix`. Written by `make stubs`; do not edit."""
'''

# Types written against the C API, whose members stubgen cannot see; events.pyi declares them.
_DECLARED = ("Context", "Event", "LoopRun", "Receipt")
_IMPORT = "".join(f"from veltrix.events import {name} as {name}\n" for name in _DECLARED)

_NUMBER = (
    r"^    @property\n    def (\w+)\(self\) -> (\w+):\n +\.\.\.\n"
    r"    @\1\.setter\n    def \1\(self, arg0: \2\) -> None:\n +\.\.\.\n"
)

_MENDS = (
    # The extension sets no __all__, so the stub has none either.
    (r"^__all__[^=]*= \[[^\]]*\]\n", ""),
    (r"^from __future__ import annotations\n", ""),
    (rf"^class (?:{'|'.join(_DECLARED)}):\n(?:[ \t].*\n|\n)*", ""),
    # pybind11 takes anything with __int__ or __index__; users should see int and float.
    (r"(?:typing\.)?SupportsInt \| (?:typing\.)?SupportsIndex", "int"),
    (r"(?:typing\.)?SupportsFloat \| (?:typing\.)?SupportsIndex", "float"),
    (r"-> dict\b(?!\[)", "-> dict[str, typing.Any]"),
    (r"\bdict\b(?!\[)", "dict[typing.Any, typing.Any]"),
    (r"\blist\b(?!\[)", "list[typing.Any]"),
    (r"\btuple\b(?!\[)", "tuple[typing.Any, ...]"),
    # Members of an enum, without the constructor that stubgen invents.
    (r"^( +\w+): typing\.ClassVar\[\w+\]$", r"\1 = ..."),
    (r"^ +@classmethod\n +def __new__\(cls, value\):\n +\.\.\.\n", ""),
    # A number that can be read and set is an attribute.
    (_NUMBER, r"    \1: \2\n"),
    # The version stands in pyproject.toml.
    (r"^(__version__: str) = .*$", r"\1"),
    # Short forms: one line where there is one sentence or nothing to say.
    (r'"""\n +([^\n"]*)\n +"""', r'"""\1"""'),
    (r":\n +\.\.\.$", ": ..."),
    (r"^(?=class |def |__version__)", "\n"),
    (r" at 0x[0-9a-f]+", ""),
    (r"[ \t]+$", ""),
    (r"\n{3,}", "\n\n"),
)


def generate() -> str:
    """The text of the stub for the extension as it is built now."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pybind11_stubgen", "veltrix._core", "--exit-code"]
        done = subprocess.run([*command, "-o", folder], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return tidy((Path(folder) / "veltrix/_core.pyi").read_text())


def tidy(text: str) -> str:
    """Mends what stubgen cannot know, and shortens what it spreads over lines."""
    text = re.sub(r'\A"""(?:.|\n)*?"""\n', "", text)
    for pattern, mended in _MENDS:
        text = re.sub(pattern, mended, text, flags=re.MULTILINE)
    imports = re.findall(r"^(?:from|import) .*\n", text, re.MULTILINE)
    body = re.sub(r"^(?:from|import) .*\n", "", text, flags=re.MULTILINE)
    return _HEAD + "\n" + "".join(imports) + "\n" + _IMPORT + "\n" + body.strip() + "\n"


def main(arguments: list[str]) -> int:
    """Writes the stub with --write, else says whether it is stale."""
    text = generate()
    if "--write" in arguments:
        STUB.write_text(text)
        return 0
    if STUB.exists() and STUB.read_text() == text:
        return 0
    sys.stdout.write(f"{STUB.name} is stale: run `make stubs`\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
