"""Errors across processes keep name, bases and text; functions that no worker can import."""

from __future__ import annotations

import traceback
from typing import Any

import pytest

import veltrix as vx
from system import worked
from system.worked import BrokenError
from veltrix.pipeline.handlers import HandlerError
from veltrix.processes import process_handler
from veltrix.processes.failures import describe, rebuild
from veltrix.processes.names import importable


def across(error: BaseException) -> BaseException:
    try:
        raise error  # noqa: TRY301 - where it is raised is what is told
    except BaseException as raised:  # noqa: BLE001 - any
        return rebuild(describe(raised))


def test_an_error_is_an_instance_of_its_class_again() -> None:
    error = across(BrokenError(1, 2))
    assert isinstance(error, BrokenError)
    assert isinstance(error, ConnectionError)
    assert (type(error).__name__, str(error)) == ("BrokenError", "broken 1 2")
    shown = "".join(traceback.format_exception(error))
    assert "raise error" in shown  # where it was raised, there
    assert shown.endswith("BrokenError: broken 1 2\n")


def test_an_unknown_class_keeps_its_name_and_its_known_bases() -> None:
    class LocalError(KeyError):
        pass

    error = across(LocalError("a"))
    assert type(error).__name__ == "LocalError"
    assert type(error) is not LocalError
    assert isinstance(error, KeyError)


@pytest.mark.parametrize(
    "error", [SystemExit(3), UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), OSError(2, "gone")]
)
def test_classes_with_constructors_of_their_own_cross_too(error: BaseException) -> None:
    made = across(error)
    assert isinstance(made, type(error))
    assert str(made) == str(error)


def test_an_error_without_text_crosses() -> None:
    class MuteError(Exception):
        def __str__(self) -> str:
            raise ValueError

    assert str(across(MuteError())) == "(no text)"


async def later(event: vx.Event) -> None: ...


def main(event: vx.Event) -> None: ...


main.__module__ = "__main__"


def renamed(event: vx.Event) -> None: ...


shadowed = renamed


def renamed(event: vx.Event) -> None: ...  # type: ignore[no-redef]


def inner() -> Any:
    def nested(event: vx.Event) -> None: ...

    return nested


@pytest.mark.parametrize(
    ("function", "cure"),
    [
        (lambda event: None, "write it as a function at the top of a module"),
        (inner(), r"from inside inner\(\); move it to the top of a module"),
        (main, "from the script that was started; move it to a module"),
        (later, "take another pool"),
        (shadowed, "give it a name of its own"),
    ],
)
def test_what_a_worker_cannot_import_is_refused_with_the_cure(function: Any, cure: str) -> None:
    with pytest.raises(HandlerError, match=cure) as caught:
        importable(function, "work")
    assert caught.value.code == "handler-process"


def test_a_lifespan_must_be_importable_too() -> None:
    with pytest.raises(HandlerError, match=r"lifespan '.*lambda.*' runs in worker processes"):
        process_handler(worked.work, "work", lifespan=lambda state: iter([None]))
