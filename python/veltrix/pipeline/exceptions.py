"""Exception classes in a pipeline: given as classes in Python, by their dotted names in a file."""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    PlainSerializer,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from veltrix.pipeline.handlers import HandlerError, find_object
from veltrix.pipeline.registry import module_of
from veltrix.problems import did_you_mean
from veltrix.signals import Signal

_BUILT_IN = [name for name in dir(builtins) if isinstance(getattr(builtins, name), type)]


@dataclass(frozen=True, slots=True)
class ExceptionClass:
    """A class with the name under which a file finds it; the same class is the same option."""

    cls: type[BaseException]
    name: str = field(compare=False)


def read_exception(value: Any, folder: Path | None = None) -> ExceptionClass:
    """Reads an exception class.

    Args:
        value: A class, or its name: ``ValueError``, ``httpx.TransportError``, and
            ``module:Outer.Inner`` for a class inside another.
        folder: Where modules are looked for first; default: nowhere else than in ``sys.path``.

    Returns:
        The class.

    Raises:
        PydanticCustomError: ``exception-import`` when there is nothing of that name, else
            ``exception-kind``.

    Example:
        >>> read_exception("ConnectionError").cls, read_exception(ConnectionError).name
        (<class 'ConnectionError'>, 'ConnectionError')
    """
    if isinstance(value, ExceptionClass):
        return value
    found = _find(value, folder) if isinstance(value, str) else value
    shown = value if isinstance(value, str) else getattr(value, "__name__", repr(value)[:80])
    if not isinstance(found, type) or not issubclass(found, BaseException):
        message = f"{shown!r} is no exception class; name one such as ValueError"
        raise PydanticCustomError("exception-kind", "{text}", {"text": message})
    if issubclass(found, Signal):
        message = f"{shown!r} is a signal, which decides its delivery's outcome itself; remove it"
        raise PydanticCustomError("exception-kind", "{text}", {"text": message})
    return ExceptionClass(found, value if isinstance(value, str) else _name(found))


def _find(text: str, folder: Path | None) -> Any:
    module, _, name = text.rpartition("." if ":" not in text else ":")
    if not module:
        if not hasattr(builtins, text):
            cure = f"write its module too: MODULE.{text}"
            raise _not_found(f"{text!r} is not built in{did_you_mean(text, _BUILT_IN)}; {cure}")
        return getattr(builtins, text)
    try:
        return find_object(f"{module}:{name}", folder)
    except HandlerError as error:
        cure = "write a name that can be imported, as in httpx.TransportError"
        raise _not_found(f"{error}; {cure}") from None


def _name(cls: type[BaseException]) -> str:
    module = module_of(cls)
    if module == "builtins":
        return cls.__qualname__
    return f"{module}{':' if '.' in cls.__qualname__ else '.'}{cls.__qualname__}"


def _not_found(message: str) -> PydanticCustomError:
    return PydanticCustomError("exception-import", "{text}", {"text": message})


def _read(value: Any, info: ValidationInfo) -> ExceptionClass:
    return read_exception(value, (info.context or {}).get("folder"))


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, (str, type)) else value


def _names(classes: list[ExceptionClass]) -> str | list[str]:
    names = [each.name for each in classes]
    return names[0] if len(names) == 1 else names


_Read = Annotated[ExceptionClass, PlainValidator(_read), WithJsonSchema({"type": "string"})]
ExceptionClasses = Annotated[  # one, or a list of them
    list[_Read],
    BeforeValidator(_listed, json_schema_input_type=str | list[str]),
    PlainSerializer(_names, when_used="json"),
]
