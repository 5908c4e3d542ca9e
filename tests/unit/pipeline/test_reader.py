"""The YAML reader: values, places and limits."""

from __future__ import annotations

from typing import Any

import pytest

from veltrix.errors import ConfigError
from veltrix.pipeline.reader import MAX_BYTES, MAX_DEPTH, MAX_NODES, read

SCALARS = [
    ("1", 1),
    ("-7", -7),
    ("0x1F", 31),
    ("0o17", 15),
    ("017", 17),
    ("1.5", 1.5),
    ("1e3", 1000.0),
    ("true", True),
    ("False", False),
    ("~", None),
    ("null", None),
    ("yes", "yes"),
    ("on", "on"),
    ("2013-02-08", "2013-02-08"),
    ("12:30:45", "12:30:45"),
    ("1_000", "1_000"),
    ('"1"', "1"),
    ("'true'", "true"),
    ("9" * 21, "9" * 21),
    (".inf", float("inf")),
]

# text, place, code: what ends the reading
FATAL = [
    (b"", "1:1", "yaml-syntax"),
    (b"# only a comment\n", "1:1", "yaml-syntax"),
    (b"a: [1, 2", "1:9", "yaml-syntax"),
    (b"a: b: c", "1:5", "yaml-syntax"),
    (b"a: 1\n\tb: 2", "2:1", "yaml-syntax"),
    (b"a: 1\n---\nb: 2", "2:1", "yaml-syntax"),
    (b"[a, b]: c", "1:1", "yaml-syntax"),
    (b"a: 'x", "1:6", "yaml-syntax"),
    (b"a: \x00", "1:1", "yaml-syntax"),
    (b"a: 1\nb: \xff", "2:4", "invalid-utf8"),
    (b"a: " + b"[" * (MAX_DEPTH + 1), "1:35", "too-deep"),
    pytest.param(
        b"a: [" + b"1," * MAX_NODES + b"]", "1:19999", "too-many-values", marks=pytest.mark.slow
    ),
    (b"#" * (MAX_BYTES + 1), "1:1", "too-large"),
]

# what is noted while the reading goes on
NOTED = [
    (b"a: &x 1\nb: 2", "1:4", "alias"),
    (b"a: 1\nb: *x", "2:4", "alias"),
    (b"a: 1\n<<: {b: 2}", "2:1", "alias"),
    (b"a: !!python/object:os.system 1", "1:4", "tag"),
    (b"a: !secret x", "1:4", "tag"),
    (b"a: 1\nb: 2\na: 3", "3:1", "duplicate-key"),
    (b"a: {b: 1, b: 2}", "1:11", "duplicate-key"),
    (b'a: 1\n"a": 2', "2:1", "duplicate-key"),
]


@pytest.mark.parametrize(("text", "value"), SCALARS)
def test_read_follows_the_core_schema(text: str, value: Any) -> None:
    found = read("a.yaml", f"x: {text}".encode()).root.data()["x"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(("text", "place", "code"), FATAL)
def test_read_refuses_with_its_place_when_it_cannot_go_on(
    text: bytes, place: str, code: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read("a.yaml", text)
    problem = caught.value.problems[-1]
    assert (str(problem.place), problem.code) == (f"a.yaml:{place}", code)


@pytest.mark.parametrize(("text", "place", "code"), NOTED)
def test_read_notes_the_place_and_goes_on_when_it_can(text: bytes, place: str, code: str) -> None:
    (problem,) = read("a.yaml", text).problems
    assert (str(problem.place), problem.code) == (f"a.yaml:{place}", code)


def test_read_keeps_the_first_when_a_key_stands_twice() -> None:
    assert read("a.yaml", b"a: 1\na: 2").root.data() == {"a": 1}


def test_read_takes_a_byte_order_mark_and_crlf() -> None:
    document = read("a.yaml", b"\xef\xbb\xbfa: 1\r\nb: [x]\r\n")
    assert document.root.data() == {"a": 1, "b": ["x"]}
    assert document.find(["b", 0]).column == 5
    assert document.lines[1] == "b: [x]"


def test_find_gives_the_deepest_place_on_the_way_when_there_is_nothing() -> None:
    document = read("a.yaml", b"a:\n  b: 1\n")
    assert document.find(["a", "missing", "x"]).line == 2
    assert document.find(["a"], key=True).line == 1


def test_read_knows_no_bomb_when_aliases_multiply() -> None:
    layers = "\n".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 30))
    document = read("a.yaml", f"a0: &a0 x\n{layers}".encode())
    assert {problem.code for problem in document.problems} == {"alias"}
