"""Exception classes of `retry.on` and `retry.dead_on`: which are found, and under which name."""

from __future__ import annotations

import http.client
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import PydanticCustomError

import veltrix as vx
from veltrix.pipeline.compile import compile_pipeline
from veltrix.pipeline.exceptions import read_exception


class RefusedError(Exception):
    class TwiceError(Exception): ...


@pytest.mark.parametrize(
    ("value", "cls", "name"),
    [
        ("ValueError", ValueError, "ValueError"),
        ("builtins.ValueError", ValueError, "builtins.ValueError"),
        ("builtins:ValueError", ValueError, "builtins:ValueError"),
        ("IOError", OSError, "IOError"),
        ("BaseException", BaseException, "BaseException"),
        ("json.JSONDecodeError", json.JSONDecodeError, "json.JSONDecodeError"),
        ("http.client.HTTPException", http.client.HTTPException, "http.client.HTTPException"),
        ("subprocess:TimeoutExpired", subprocess.TimeoutExpired, "subprocess:TimeoutExpired"),
        (ValueError, ValueError, "ValueError"),
        (json.JSONDecodeError, json.JSONDecodeError, "json.decoder.JSONDecodeError"),
        (RefusedError, RefusedError, f"{__name__}.RefusedError"),
        (RefusedError.TwiceError, RefusedError.TwiceError, f"{__name__}:RefusedError.TwiceError"),
        (vx.QueueFullError, vx.QueueFullError, "veltrix.errors.QueueFullError"),
    ],
)
def test_class_is_found_with_its_name(value: Any, cls: type, name: str) -> None:
    found = read_exception(value)
    assert (found.cls, found.name) == (cls, name)
    assert read_exception(found) is found


def test_classes_are_equal_whatever_they_were_called() -> None:
    assert read_exception("IOError") == read_exception(OSError)
    assert read_exception("IOError") != read_exception(ValueError)


@pytest.mark.parametrize(
    ("value", "code", "message"),
    [
        ("", "exception-import", "'' is not built in"),
        ("Timeout", "exception-import", "write its module too: MODULE.Timeout"),
        ("ValueErr", "exception-import", "did you mean 'ValueError'?"),
        ("no.such.Error", "exception-import", "module 'no.such' is not found; looked in sys.path"),
        ("json.Nothing", "exception-import", "has no 'Nothing'"),
        ("json.", "exception-import", "has no ''"),
        (".Error", "exception-import", "is not built in"),
        ("len", "exception-kind", "'len' is no exception class"),
        ("int", "exception-kind", "'int' is no exception class"),
        ("json.dumps", "exception-kind", "'json.dumps' is no exception class"),
        (int, "exception-kind", "'int' is no exception class"),
        (ValueError("x"), "exception-kind", "no exception class; name one such as ValueError"),
        (None, "exception-kind", "'None' is no exception class"),
        (vx.Retry, "exception-kind", "'Retry' is a signal"),
        ("veltrix.DeadLetter", "exception-kind", "decides its delivery's outcome itself"),
    ],
)
def test_class_is_refused_with_its_cure(value: Any, code: str, message: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        read_exception(value)
    assert caught.value.type == code
    assert message in caught.value.message()


def test_module_is_looked_for_in_the_folder_first(tmp_path: Path) -> None:
    (tmp_path / "vx_own_errors.py").write_text("class Down(Exception): ...\n")
    with pytest.raises(PydanticCustomError, match=r"not found; looked in sys\.path"):
        read_exception("vx_own_errors.Down")
    assert read_exception("vx_own_errors.Down", tmp_path).cls.__name__ == "Down"


def test_module_that_fails_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "vx_failing_errors.py").write_text("x = 1\nraise OSError('no disk')\n")
    with pytest.raises(PydanticCustomError, match=r"no disk \(.*vx_failing_errors\.py:2\)"):
        read_exception("vx_failing_errors.Down", tmp_path)


def test_rules_reach_the_handler_from_defaults_and_queue() -> None:
    app = vx.Pipeline("hunt", defaults={"queue": {"retry": {"dead_on": ValueError}}})

    @app.handler("a", retry={"on": (OSError, RefusedError)})
    def score(event: vx.Event) -> None: ...

    retry = app.to_model().queues["score"].retry
    assert [each.cls for each in retry.on or ()] == [OSError, RefusedError]
    assert list(compile_pipeline(app).handlers) == ["score"]
    assert app.to_model().defaults.queue.retry.dead_on == [read_exception(ValueError)]


@pytest.mark.parametrize("option", ["on", "dead_on"])
@pytest.mark.parametrize("place", ["queue", "defaults"])
def test_to_yaml_refuses_when_no_file_could_name_the_exception(place: str, option: str) -> None:
    class LocalError(Exception): ...

    rules: dict[str, Any] = {"retry": {option: [LocalError]}}
    app = vx.Pipeline("hunt", **({"defaults": {"queue": rules}} if place == "defaults" else {}))
    app.handler("a", **(rules if place == "queue" else {}))(module_handler)
    told = rf"retry\.{option}: .*LocalError' is out of a file's reach"
    with pytest.raises(vx.ConfigError, match=told):
        app.to_yaml()


def module_handler(event: vx.Event) -> None: ...


@pytest.mark.parametrize(
    ("on", "dead_on"),
    [(OSError, OSError), (ConnectionError, OSError), (["KeyError", "OSError"], ["OSError"])],
)
def test_exception_is_refused_when_it_could_never_be_retried(on: Any, dead_on: Any) -> None:
    with pytest.raises(vx.ConfigError, match="which 'dead_on' never lets retry; keep one"):
        vx.Pipeline("hunt").handler("a", retry={"on": on, "dead_on": dead_on})(module_handler)
