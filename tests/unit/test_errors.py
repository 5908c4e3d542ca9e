"""The error tree: classes that users catch, and the table of codes."""

from __future__ import annotations

import pytest

import veltrix as vx
from veltrix import errors

BUILTINS = [
    (vx.ConfigError, ValueError),
    (vx.EventError, ValueError),
    (vx.OptionError, ValueError),
    (vx.NotAvailableError, NotImplementedError),
    (vx.WaitTimeoutError, TimeoutError),
    (vx.DeadlockError, RuntimeError),
    (vx.FileError, OSError),
]


@pytest.mark.parametrize(("own", "builtin"), BUILTINS)
def test_error_is_also_what_python_calls_it(own: type, builtin: type) -> None:
    assert issubclass(own, vx.VeltrixError)
    assert issubclass(own, builtin)


def test_codes_and_classes_name_each_other() -> None:
    for code, cls in errors.ERRORS_BY_CODE.items():
        assert cls.code == code
        assert str(cls("what happened")) == "what happened"


def test_table_does_not_change_when_a_user_subclasses_an_error() -> None:
    class Mine(errors.QueueFullError):
        pass

    assert errors.ERRORS_BY_CODE[Mine.code] is errors.QueueFullError
