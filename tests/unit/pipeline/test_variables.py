"""${NAME} and ${file:PATH}: where values come from, and where they never go."""

from __future__ import annotations

from pathlib import Path

import pytest

from veltrix.errors import ConfigError
from veltrix.pipeline.loader import load_text
from veltrix.pipeline.reader import Document, read
from veltrix.pipeline.variables import MAX_FILE_BYTES, expand


def expanded(text: str, folder: Path) -> Document:
    document = read("a.yaml", text.encode())
    expand(document, folder)
    return document


def value(text: str, folder: Path) -> object:
    document = expanded(f"x: {text}", folder)
    assert document.problems == []
    return document.root.data()["x"]


def test_variable_is_read_again_when_the_scalar_is_plain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNT", "12")
    assert value("${COUNT}", tmp_path) == 12
    assert value("'${COUNT}'", tmp_path) == "12"
    assert value("a-${COUNT}-${COUNT}", tmp_path) == "a-12-12"


def test_variable_brings_no_structure_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIL", "1\ny: 2")
    assert expanded("x: ${EVIL}", tmp_path).root.data() == {"x": "1\ny: 2"}
    monkeypatch.setenv("EVIL", "${HOME}")
    assert value("${EVIL}", tmp_path) == "${HOME}"


def test_file_is_read_beside_the_pipeline_without_its_last_line_end(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret\n")
    assert value("${file:key}", tmp_path) == "s3cret"
    assert value(f"'${{file:{tmp_path / 'key'}}}'", Path("/")) == "s3cret"


def test_double_dollar_is_the_text_itself(tmp_path: Path) -> None:
    assert value("$${HOME}", tmp_path) == "${HOME}"
    assert value("$HOME", tmp_path) == "$HOME"


def test_keys_are_left_alone(tmp_path: Path) -> None:
    assert expanded("${x}: 1", tmp_path).root.data() == {"${x}": 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${NO_SUCH_VARIABLE}", "the environment has no variable 'NO_SUCH_VARIABLE'"),
        ("${file:missing}", "cannot be read: No such file"),
        ("${file:large}", "larger than 64 KiB"),
        ("${file:binary}", "is not UTF-8 text"),
        ("${file:.}", "cannot be read: Is a directory"),
        ("${}", "neither ${NAME} nor ${file:PATH}"),
        ("${NAME:-default}", "neither ${NAME} nor ${file:PATH}"),
        ("'${OPEN'", "'${' without its '}'"),
    ],
)
def test_problem_has_its_place_when_a_variable_cannot_be_had(
    tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "large").write_bytes(b"x" * (MAX_FILE_BYTES + 1))
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (problem,) = expanded(f"a: 1\nx: {text}", tmp_path).problems
    assert (str(problem.place), problem.code) == ("a.yaml:2:4", "unset-variable")
    assert message in problem.message


@pytest.mark.parametrize("option", ["weight", "max_wait", "order", "sink", "unknown", "priority"])
def test_secret_is_never_shown_when_its_option_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.setenv("SECRET", "hunter2")
    text = f"veltrix: 1\nname: x\nqueues: {{q: {{{option}: '${{SECRET}}'}}}}"
    with pytest.raises(ConfigError) as caught:
        load_text("a.yaml", text.encode(), tmp_path)
    assert "hunter2" not in str(caught.value)
