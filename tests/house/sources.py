"""The repository as the house tests see it: its text files, and C++ cut into functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("base", "event", "cel", "match", "queue", "dispatch", "engine", "connect")

_FOLDERS = ("cpp", "python", "tests", "cmake", "docs", "notebooks", ".ci")
_TEXT = {
    *(".cpp", ".hpp", ".py", ".pyi", ".cmake", ".md"),
    *(".toml", ".json", ".yaml", ".yml", ".supp"),
}
_BARE = {"Makefile", "CMakeLists.txt", "run", "LICENSE", ".clang-format", ".clang-tidy"}


def files(*suffixes: str, under: str = "") -> list[Path]:
    """Text files of the repository below `under`, optionally only with one of `suffixes`."""
    found = [path for path in ROOT.iterdir() if path.is_file()]
    for folder in _FOLDERS:
        found += (path for path in (ROOT / folder).rglob("*") if path.is_file())
    wanted = [path for path in found if path.suffix in _TEXT or path.name in _BARE]
    return sorted(
        path
        for path in wanted
        if "__pycache__" not in path.parts
        and name_of(path).startswith(under)
        and (not suffixes or path.suffix in suffixes)
    )


def name_of(path: Path) -> str:
    """The path as people write it: from the root of the repository, with forward slashes."""
    return path.relative_to(ROOT).as_posix()


def includes(path: Path) -> list[str]:
    """What a C++ file includes, without the quotes or brackets."""
    return re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', path.read_text(), re.MULTILINE)


_NOT_CODE = re.compile(
    r"""//[^\n]* | /\*.*?\*/ | R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)" | "(?:\\.|[^"\\\n])*"
      | (?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'""",
    re.VERBOSE | re.DOTALL,
)


def code_of(text: str) -> str:
    """C++ without comments, literals and preprocessor lines; every line keeps its number."""

    def blank(match: re.Match[str]) -> str:
        lines = "\n" * match.group().count("\n")
        return lines if match.group()[0] in "/#" else '""' + lines

    text = _NOT_CODE.sub(blank, text)
    return re.sub(r"^#.*(?:\\\n.*)*", blank, text, flags=re.MULTILINE)


def complain(offences: Iterable[str], advice: str = "") -> None:
    """Fails with one line per offence."""
    listed = list(offences)
    assert not listed, "\n".join([advice, *listed])


@dataclass(frozen=True)
class Function:
    """A C++ function definition: `head` is everything before its brace."""

    head: str
    line: int
    length: int

    @property
    def name(self) -> str:
        """The last name before the parameters, for people."""
        found = re.search(r"([\w:~]+|operator\W+)\s*\(", self.head)
        return found.group(1) if found else self.head

    @property
    def is_test(self) -> bool:
        """True for GoogleTest and RapidCheck bodies."""
        return bool(re.match(r"(TEST|TYPED_TEST|RC_GTEST)\w*$", self.name))


_CONTROL = re.compile(r"^(if|for|while|switch|catch|else|do|try|return)\b")
_SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()]*$")


def functions(text: str) -> Iterator[Function]:
    """The functions of a C++ file by counting braces; bodies inside a function belong to it."""
    code = code_of(text)
    stack: list[tuple[str, str, int]] = []  # kind, head, position of the head
    head_start = 0
    for match in re.finditer(r"[{};]", code):
        head = code[head_start : match.start()]
        if match.group() == "{":
            start = head_start + len(head) - len(head.lstrip())
            stack.append((_kind(head.strip(), stack), head.strip(), start))
        elif match.group() == "}" and stack:
            kind, opened, start = stack.pop()
            if kind == "function":
                first = code.count("\n", 0, start) + 1
                yield Function(opened, first, code.count("\n", start, match.start()) + 1)
        head_start = match.end()


def _kind(head: str, stack: list[tuple[str, str, int]]) -> str:
    if stack and stack[-1][0] != "scope":
        return "inside"
    if _SCOPE.search(head):
        return "scope"
    if "(" not in head or head.endswith("=") or _CONTROL.match(head):
        return "inside"
    return "function"


def parameters(head: str) -> int:
    """How many parameters a function head declares."""
    opened = re.search(r"(?:[\w~]|operator\W+)\s*\(", head)
    if not opened:
        return 0
    depth, count, filled = 0, 1, False
    for char in head[opened.end() :]:
        if char == ")" and depth == 0:
            break
        depth += {"(": 1, "<": 1, "{": 1, "[": 1, ")": -1, ">": -1, "}": -1, "]": -1}.get(char, 0)
        count += char == "," and depth == 0
        filled = filled or not char.isspace()
    return count if filled else 0
