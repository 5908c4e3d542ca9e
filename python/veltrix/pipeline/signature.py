"""What a handler wants, read from its parameters: an event or its payload, a context or none.

====================================  =============================================
``def f(event)``                      the event; ``event.data`` is plain Python data
``def f(event: vx.Event[T])``         the event; ``event.data`` is a ``T``
``def f(found: T)``                   the payload alone, as a ``T``
``…, ctx)`` or ``…, c: vx.Context``   the attempt's context as second argument
``def f(events: list[vx.Event[T]])``  with ``batch=``: up to so many events at once
``def f(founds: list[T])``            with ``batch=``: their payloads alone
====================================  =============================================

``T`` is a msgspec Struct, dataclass, TypedDict, NamedTuple, pydantic model or a builtin type.
"""

from __future__ import annotations

import inspect
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import msgspec.inspect
from pydantic import BaseModel

from veltrix.events import Context, Event
from veltrix.pipeline.handlers import HandlerError, check_function

if TYPE_CHECKING:
    from collections.abc import Callable

CURE = "write 'def {short}(event)' or 'def {short}(event, ctx)'"
BATCH_CURE = "write 'def {short}(events: list[vx.Event])'"
_EVENTS = (inspect.Parameter.empty, Any, object, Event)
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a handler is called."""

    wants_context: bool
    argument: Literal["event", "data"]
    decoder: Callable[[bytes], Any] | None
    on_loop: bool = False  # ``async def``


def shape_of(function: Callable[..., Any], name: str, *, batch: bool = False) -> Shape:
    """Reads how a handler wants to be called.

    Args:
        function: A function, generator function, ``async`` or not.
        name: What messages call it.
        batch: Its queue says ``batch``: it takes a list.

    Returns:
        Its shape, with the decoder of its payload type.

    Raises:
        HandlerError: ``handler-kind`` or ``handler-signature``.
        NotAvailableError: A kind of handler that a later version brings.

    Example:
        >>> def score(event, ctx): ...
        >>> shape_of(score, "hunt:score").wants_context
        True
    """
    check_function(function, name)
    on_loop = inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
    hints = _hints(function, name)
    first, second = _parameters(function, name)
    annotation = hints.get(first.name, inspect.Parameter.empty)
    if annotation is Context:
        raise _wrong(name, f"its first parameter {first.name!r} is a context; an event goes first")
    wants_context = second is not None and _takes_context(second, hints, name)
    annotation = _row_of(annotation, function, name) if batch else _single(annotation, name)
    if annotation in _EVENTS:
        return Shape(wants_context, "event", None, on_loop)
    if typing.get_origin(annotation) is Event:
        decoder = _decoder(typing.get_args(annotation)[0], name)
        return Shape(wants_context, "event", decoder, on_loop)
    return Shape(wants_context, "data", _decoder(annotation, name), on_loop)


def decoder_of(payload: Any) -> Callable[[bytes], Any]:
    """Gives the function that decodes JSON into a payload type.

    Args:
        payload: A type that msgspec or pydantic can decode.

    Returns:
        A function from JSON bytes to an instance.

    Raises:
        TypeError: Neither can decode this type.

    Example:
        >>> decoder_of(dict[str, int])(b'{"clue": 1}')
        {'clue': 1}
    """
    if isinstance(payload, type) and issubclass(payload, BaseModel):
        return payload.model_validate_json
    if isinstance(msgspec.inspect.type_info(payload), msgspec.inspect.CustomType):
        raise TypeError("it is no Struct, dataclass, TypedDict, NamedTuple or pydantic model")
    return msgspec.json.Decoder(payload).decode


def _single(annotation: Any, name: str) -> Any:
    if annotation is not list and typing.get_origin(annotation) is not list:
        return annotation
    raise HandlerError(
        "handler-signature",
        f"handler {name!r} takes a list; add batch=vx.Batch() to its decorator, or 'batch: {{}}' "
        "to its queue in a file (for payloads that are lists: vx.Event[list[...]])",
    )


def _row_of(annotation: Any, function: Callable[..., Any], name: str) -> Any:
    """What one row of a batch is."""
    short = name.rpartition(":")[2].rpartition(".")[2]
    if inspect.isgeneratorfunction(function):
        reason = "is a generator, and what a batch emits has no single parent; publish() instead"
        raise HandlerError("handler-kind", f"handler {name!r} has batch= and {reason}")
    if annotation in (*_EVENTS[:3], list):
        return Event
    if typing.get_origin(annotation) is not list:
        reason = "its queue says batch=, and its first parameter is no list"
        cure = f"{BATCH_CURE.format(short=short)}, or remove batch="
        raise HandlerError("handler-signature", f"handler {name!r}: {reason}; {cure}")
    (row,) = typing.get_args(annotation)
    return row


def _decoder(payload: Any, name: str) -> Callable[[bytes], Any] | None:
    if payload in (Any, object, bytes) or isinstance(payload, typing.TypeVar):
        return None  # as it was published
    try:
        return decoder_of(payload)
    except TypeError as error:
        shown = getattr(payload, "__name__", payload)
        raise _wrong(name, f"no payload can be decoded into {shown!r}: {error}") from None


def _hints(function: Callable[..., Any], name: str) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function)
    except Exception as error:  # noqa: BLE001 - annotations are code, anything may come out
        reason = f"its annotations cannot be read: {error}; define the type at module level"
        raise _wrong(name, reason) from None


def _parameters(
    function: Callable[..., Any], name: str
) -> tuple[inspect.Parameter, inspect.Parameter | None]:
    parameters = list(inspect.signature(function).parameters.values())
    positional = [known for known in parameters if known.kind in _POSITIONAL]
    if not positional:
        raise _wrong(name, "it takes no event")
    second = positional[1] if positional[1:] else None
    needed = [known for known in parameters if known.default is inspect.Parameter.empty]
    stars = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    extra = [k.name for k in needed if k not in positional[:2] and k.kind not in stars]
    if extra:
        raise _wrong(name, f"nothing is passed for {', '.join(map(repr, extra))}")
    return positional[0], second


def _takes_context(second: inspect.Parameter, hints: dict[str, Any], name: str) -> bool:
    annotation = hints.get(second.name, inspect.Parameter.empty)
    if annotation is Context or (second.name == "ctx" and annotation in _EVENTS[:3]):
        return True
    if second.default is not inspect.Parameter.empty:
        return False
    raise _wrong(name, f"its second parameter {second.name!r} is not a context; call it 'ctx'")


def _wrong(name: str, reason: str) -> HandlerError:
    short = name.rpartition(":")[2].rpartition(".")[2]
    cure = CURE.format(short=short)
    return HandlerError("handler-signature", f"handler {name!r}: {reason}; {cure}")
