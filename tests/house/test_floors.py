"""Floors: a room uses its own and lower rooms; the Python border is crossed in one place."""

from __future__ import annotations

import re
from pathlib import Path

from house.sources import ROOMS, ROOT, code_of, complain, files, includes, name_of

CORE = files(".cpp", ".hpp", under="cpp/veltrix/")
ALL_CPP = files(".cpp", ".hpp", under="cpp/")

PYTHON_HEADERS = re.compile(r"pybind11|Python\.h|structmember\.h")
PYTHON_WORDS = re.compile(r"\b(?:Py[A-Z_]\w*|pybind11\w*|py::\w+|\w*_gil\b|gil_\w*)")


def _room(path: Path) -> str:
    return path.relative_to(ROOT / "cpp/veltrix").parts[0]


def _floors_up_to(room: str) -> set[str]:
    return set(ROOMS[: ROOMS.index(room) + 1])


def test_every_folder_is_a_known_room_with_a_readme() -> None:
    folders = {path.name for path in (ROOT / "cpp/veltrix").iterdir() if path.is_dir()}
    assert folders == set(ROOMS)
    complain(room for room in ROOMS if not (ROOT / "cpp/veltrix" / room / "README.md").exists())


def test_files_include_only_own_and_lower_rooms() -> None:
    complain(
        f"{name_of(path)} includes {name}"
        for path in CORE
        for name in includes(path)
        if name.startswith("veltrix/") and name.split("/")[1] not in _floors_up_to(_room(path))
    )


def test_files_include_ours_by_full_path() -> None:
    complain(
        f"{name_of(path)} includes {name}"
        for path in CORE
        for name in re.findall(r'#\s*include\s*"([^"]+)"', path.read_text())
        if not name.startswith("veltrix/")
    )


def test_link_lines_name_only_lower_rooms() -> None:
    for room in ROOMS:
        line = (ROOT / f"cpp/veltrix/{room}/CMakeLists.txt").read_text()
        linked = set(re.findall(r"\bvx_(?!room\b)(\w+)", line))
        assert linked <= _floors_up_to(room) - {room}, room


def test_headers_include_each_other_without_a_cycle() -> None:
    headers = {name_of(path).removeprefix("cpp/"): path for path in CORE if path.suffix == ".hpp"}
    graph = {name: [to for to in includes(path) if to in headers] for name, path in headers.items()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name not in done:
            for target in graph[name]:
                visit(target, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_moodycamel_is_included_in_one_place() -> None:
    users = [name_of(p) for p in ALL_CPP for name in includes(p) if "concurrentqueue" in name]
    assert len(users) == 1, users
    assert users[0].startswith("cpp/veltrix/engine/")


def test_core_includes_no_python() -> None:
    complain(
        f"{name_of(path)} includes {name}"
        for path in CORE
        for name in includes(path)
        if PYTHON_HEADERS.match(name)
    )


def test_core_says_no_python_words() -> None:
    complain(
        f"{name_of(path)}: {word}"
        for path in CORE
        for word in PYTHON_WORDS.findall(code_of(path.read_text()))
    )


def test_python_words_are_found_in_code_and_not_in_comments() -> None:
    assert PYTHON_WORDS.findall(code_of("PyObject* self;  // why")) == ["PyObject"]
    assert PYTHON_WORDS.findall(code_of("release_gil(); // PyErr")) == ["release_gil"]
    assert PYTHON_WORDS.findall(code_of("py::object x;")) == ["py::object"]
    assert not PYTHON_WORDS.findall(code_of('// PyObject\nauto text = "PyObject"; /* Py_None */'))
