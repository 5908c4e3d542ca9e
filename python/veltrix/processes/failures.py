"""Errors across the border of a process: by the names of their classes, as text, never pickled."""

from __future__ import annotations

import sys
import traceback
from functools import lru_cache
from typing import Any

from veltrix.processes.wire import Failure

MAX_TEXT = 16_384  # characters; the native core keeps no more


class RemoteTraceback(Exception):  # noqa: N818 - never raised: the cause of one that is
    """Shows where in its worker process an error was raised."""


def describe(error: BaseException) -> Failure:
    """Puts an error into words.

    Args:
        error: What was raised.

    Returns:
        The names of its class and of that one's bases, its text and its traceback.
    """
    classes = [cls for cls in type(error).__mro__ if issubclass(cls, BaseException)]
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - a __str__ of the user's
        text = "(no text)"
    trace = "".join(traceback.format_exception(error))
    names = [f"{cls.__module__}:{cls.__qualname__}" for cls in classes]
    return Failure(names, sayable(text[:MAX_TEXT]), sayable(trace[-MAX_TEXT:]))


def sayable(text: str) -> str:
    r"""Spells out halves of surrogate pairs, which UTF-8 cannot say; file names may hold some.

    Args:
        text: Any text.

    Returns:
        The same text, nearly always.

    Example:
        >>> sayable("caf\udce9")
        'caf\\udce9'
    """
    return text.encode("utf-8", "backslashreplace").decode()


def rebuild(failure: Failure) -> BaseException:
    """Makes an error of the same name that is an instance of every base known in this process.

    So ``retry.on`` and ``dead_on`` judge it as the one that was raised.

    Args:
        failure: What the worker said.

    Returns:
        The error; its cause shows the worker's traceback.
    """
    names = tuple(failure.classes)
    error = next(made for made in map(_instance, _classes(names)) if made is not None)
    error.args = (failure.text,)
    error.__cause__ = RemoteTraceback(f'\n"""\n{failure.trace}"""')
    return error


@lru_cache(maxsize=256)
def _classes(names: tuple[str, ...]) -> tuple[type[BaseException], ...]:
    """Classes to try, the nearest first; Exception at last."""
    module, _, qualname = names[0].partition(":")
    short = qualname.rpartition(".")[2]
    body = {"__module__": module, "__str__": _text, "__init__": _initialise}
    known = [base for base in map(_loaded, names) if base is not None]
    return tuple(type(short, (base,), dict(body)) for base in [*known, Exception])


def _instance(cls: type[BaseException]) -> BaseException | None:
    try:
        return cls.__new__(cls)
    except Exception:  # noqa: BLE001 - a __new__ of the user's that wants arguments
        return None


def _loaded(name: str) -> type[BaseException] | None:
    """A class of a module that is imported here: whatever a rule of a queue names is."""
    module, _, qualname = name.partition(":")
    found: Any = sys.modules.get(module)
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


def _text(self: BaseException) -> str:
    return str(self.args[0]) if self.args else ""


def _initialise(self: BaseException, *_: object) -> None:
    """Takes anything: the class that it stands for may want arguments that are not known here."""
