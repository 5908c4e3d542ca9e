"""From ``module:function`` in a file to the function, or a sentence that says why not."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
import traceback
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any

from veltrix.problems import did_you_mean

if TYPE_CHECKING:
    from types import ModuleType


class HandlerError(ValueError):
    """A handler that cannot be used; ``code`` is the problem's code."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def find_object(text: str, folder: Path | None) -> Any:
    """Imports ``module:name``.

    Args:
        text: Module and dotted name, with a colon between.
        folder: Where modules are looked for first: the folder of the pipeline file, if any.

    Returns:
        Whatever stands under that name.

    Raises:
        HandlerError: ``handler-import``, with what was looked for and where.

    Example:
        >>> find_object("json:dumps", Path(".")).__name__
        'dumps'
    """
    module_name, _, name = text.partition(":")
    found: Any = _import(module_name, folder)
    for part in name.split("."):
        if not hasattr(found, part):
            near = did_you_mean(part, [known for known in dir(found) if not known.startswith("_")])
            where = getattr(found, "__file__", None) or module_name
            raise HandlerError("handler-import", f"{where} has no {part!r}{near}")
        found = getattr(found, part)
    return found


def check_function(function: Any, name: str) -> None:
    """Makes sure that something is a handler: a function, ``async`` or not, that may ``yield``.

    Args:
        function: The candidate.
        name: What messages call it.

    Raises:
        HandlerError: ``handler-kind``.

    Example:
        >>> check_function(print, "print")
        Traceback (most recent call last):
        ...
        veltrix.pipeline.handlers.HandlerError: handler 'print' is a builtin_function_or_method, \
not a function; write 'def print(event): ...'
    """
    if not inspect.isfunction(function):
        kind = "class" if inspect.isclass(function) else type(function).__name__
        short = name.rpartition(":")[2].rpartition(".")[2]
        message = f"handler {name!r} is a {kind}, not a function; write 'def {short}(event): ...'"
        raise HandlerError("handler-kind", message)


def _import(name: str, folder: Path | None) -> ModuleType:
    looked = "sys.path"
    if folder:
        place = str(folder.resolve())
        looked = f"{place}, then in {looked}"
        if place not in sys.path:
            sys.path.insert(0, place)  # and it stays: handlers import their neighbours as they run
        _refuse_namesake(name, place)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            message = f"module {name!r} is not found; looked in {looked}"
            raise HandlerError("handler-import", message) from None
        raise HandlerError("handler-import", _failure(name, error)) from error
    except (Exception, SystemExit) as error:  # whatever the user's module raises
        raise HandlerError("handler-import", _failure(name, error)) from error


def _refuse_namesake(name: str, place: str) -> None:
    """Two pipelines in one process may each have a ``handlers.py``: never take the wrong one."""
    top = name.partition(".")[0]
    spec = PathFinder.find_spec(top, [place])
    loaded = getattr(sys.modules.get(top), "__file__", None)
    if not spec or not spec.origin or not loaded or Path(loaded).resolve() == Path(spec.origin):
        return
    message = f"module {top!r} is loaded from {loaded} already, not {spec.origin}; rename one"
    raise HandlerError("handler-import", message)


def _failure(name: str, error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "importlib" not in frame.filename]
    where = f" ({own[-1].filename}:{own[-1].lineno})" if own[1:] else ""
    if isinstance(error, SyntaxError) and error.filename:
        where = f" ({error.filename}:{error.lineno})"
    reason = str(error).splitlines()[0] if str(error) else ""
    return f"module {name!r} cannot be imported: {type(error).__name__}: {reason}{where}"
