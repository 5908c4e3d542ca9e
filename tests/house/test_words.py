"""Words that do not stand in this repository, and why."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from house.sources import ROOT, code_of, complain, files, name_of

# A name that says nothing about its content collects everything.
VAGUE = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "impl", "data2"}
# Spelt in two parts, so that this file does not contain them.
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
MACHINE = re.compile(r"(?<![\w.$/])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me)/")

CPP_NAMES = re.compile(r"\b(?:class|struct|union|enum|namespace|concept)\s+(?:class\s+)?(\w+)")
CPP_SLEEPS = re.compile(r"\b(?:sleep_for|sleep_until|usleep|nanosleep|sleep)\s*\(")

TEXT = files()
CODE = files(".cpp", ".hpp", ".py")
# Benchmarks measure time, so that handlers take some there.
TESTS = [path for path in files(".cpp", ".hpp", ".py", under="tests/") if "bench" not in path.parts]


def _parts(name: str) -> set[str]:
    return {part.lower() for part in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)}


def _names(path: Path) -> list[str]:
    """The parts of the file's own path and the names that it defines."""
    own = list(Path(name_of(path)).with_suffix("").parts)
    if path.suffix != ".py":
        return own + CPP_NAMES.findall(code_of(path.read_text()))
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = ast.walk(ast.parse(path.read_text()))
    return own + [node.name for node in nodes if isinstance(node, kinds)]


def test_names_say_what_they_are() -> None:
    complain(
        f"{name_of(path)}: {name}" for path in CODE for name in _names(path) if _parts(name) & VAGUE
    )


def test_names_are_taken_apart() -> None:
    assert _parts("QueueManager") == {"queue", "manager"}
    assert _parts("json_util2") == {"json", "util2"}
    assert _parts("HTTPHelper") == {"http", "helper"}


def test_file_names_are_snake_case() -> None:
    complain(name_of(path) for path in CODE if not re.fullmatch(r"[a-z0-9_]+", path.stem))


def test_nothing_is_marked_unfinished() -> None:
    complain(f"{name_of(path)}: {w}" for path in TEXT for w in UNFINISHED.findall(path.read_text()))


def test_no_path_of_a_machine_is_named() -> None:
    complain(f"{name_of(path)}: {w}" for path in TEXT for w in MACHINE.findall(path.read_text()))


def _sleeps(path: Path) -> list[str]:
    """Calls that sleep; what hangs because hanging is the case says `# hangs on purpose`.

    ``asyncio.sleep(0)`` gives the loop a turn and does not sleep.
    """
    text = path.read_text()
    if path.suffix != ".py":
        return CPP_SLEEPS.findall(code_of(text))
    lines = text.splitlines()
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return [
        ast.unparse(call)
        for call in calls
        if re.match(r"(\w+\.)*sleep\(", ast.unparse(call))
        and ast.unparse(call) != "asyncio.sleep(0)"
        and "# hangs on purpose" not in lines[call.lineno - 1]
    ]


def test_tests_do_not_sleep() -> None:
    complain(
        (f"{name_of(path)}: {call}" for path in TESTS for call in _sleeps(path)),
        "wait for an event or a barrier, or use the virtual clock",
    )


def test_every_make_verb_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text()
    verbs = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert verbs is not None
    complain(v for v in verbs.group(1).split() if not re.search(rf"(?m)^{v}:.*## ", makefile))
