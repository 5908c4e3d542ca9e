"""What a handler wants, read from its parameters."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any, NamedTuple, TypedDict

import msgspec
import pydantic
import pytest

import veltrix as vx
from veltrix.pipeline.handlers import HandlerError
from veltrix.pipeline.signature import Shape, decoder_of, shape_of


class Clue(msgspec.Struct):
    team: str


@dataclasses.dataclass
class Plain:
    team: str


class Typed(TypedDict):
    team: str


class Row(NamedTuple):
    team: str


class Model(pydantic.BaseModel):
    team: str


class Odd:
    pass


def shape(function: Callable[..., Any]) -> Shape:
    return shape_of(function, "hunt:score")


def bare(event): ...
def event(event: vx.Event) -> None: ...
def anything(event: Any) -> None: ...
def generator(event: vx.Event) -> Any:
    yield


def with_ctx(event: vx.Event, ctx: Any) -> None: ...
def with_context(event: vx.Event, c: vx.Context) -> None: ...
def with_default(event: vx.Event, limit: int = 5) -> None: ...
def with_stars(event: vx.Event, *args: Any, **kwargs: Any) -> None: ...


@pytest.mark.parametrize(
    ("function", "wants_context"),
    [
        (bare, False),
        (event, False),
        (anything, False),
        (generator, False),
        (with_ctx, True),
        (with_context, True),
        (with_default, False),
        (with_stars, False),
    ],
)
def test_shape_is_the_event_without_decoder_when_no_payload_is_named(
    function: Callable[..., Any], wants_context: bool
) -> None:
    assert shape(function) == Shape(wants_context, "event", None)


@pytest.mark.parametrize("payload", [Clue, Plain, Typed, Model, dict, dict[str, str]])
def test_shape_decodes_into_the_payload_that_is_named(payload: Any) -> None:
    def of_event(event: Any) -> None: ...
    def of_data(found: Any) -> None: ...

    of_event.__annotations__ = {"event": vx.Event[payload]}
    of_data.__annotations__ = {"found": payload}
    assert (shape(of_event).argument, shape(of_data).argument) == ("event", "data")
    for function in (of_event, of_data):
        decode = shape(function).decoder
        assert decode is not None
        found = decode(b'{"team": "red"}')
        assert (found["team"] if isinstance(found, dict) else found.team) == "red"


def test_decoder_reads_a_named_tuple_from_a_list() -> None:
    assert decoder_of(Row)(b'["red"]') == Row("red")


def test_shape_follows_a_decorated_function_to_its_parameters() -> None:
    @functools.wraps(with_ctx)
    def wrapped(*args: Any) -> None: ...

    assert shape(wrapped).wants_context


def no_event() -> None: ...
def only_keyword(*, event: vx.Event) -> None: ...
def context_first(ctx: vx.Context, event: vx.Event) -> None: ...
def wrong_second(event: vx.Event, limit: int) -> None: ...
def third(event: vx.Event, ctx: vx.Context, x: int) -> None: ...
def keyword(event: vx.Event, *, x: int) -> None: ...
def odd(found: Odd) -> None: ...
def odd_event(event: vx.Event[Odd]) -> None: ...
def union(found: Clue | Plain) -> None: ...


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (no_event, "it takes no event"),
        (only_keyword, "it takes no event"),
        (context_first, "an event goes first"),
        (wrong_second, "second parameter 'limit' is not a context; call it 'ctx'"),
        (third, "nothing is passed for 'x'"),
        (keyword, "nothing is passed for 'x'"),
        (odd, "no payload can be decoded into 'Odd'"),
        (odd_event, "no payload can be decoded into 'Odd'"),
        (union, "no payload can be decoded"),
    ],
)
def test_shape_refuses_with_the_cure_when_the_signature_is_wrong(
    function: Callable[..., Any], message: str
) -> None:
    with pytest.raises(HandlerError, match=message) as caught:
        shape(function)
    assert caught.value.code == "handler-signature"
    assert "write 'def score(event)' or 'def score(event, ctx)'" in str(caught.value)


def batch_bare(events): ...
def batch_plain(events: list) -> None: ...
def batch_events(events: list[vx.Event], ctx: vx.Context) -> None: ...
def batch_typed(events: list[vx.Event[Clue]]) -> None: ...
def batch_payloads(found: list[Clue]) -> None: ...
def batch_lists(found: list[list[int]]) -> None: ...
def single_typed(event: vx.Event[Clue]) -> None: ...
def single_payload(found: Clue) -> None: ...
def batch_generator(events: list[vx.Event]) -> Any:
    yield


@pytest.mark.parametrize(
    ("function", "argument", "decodes"),
    [
        (batch_bare, "event", False),
        (batch_plain, "event", False),
        (batch_events, "event", False),
        (batch_typed, "event", True),
        (batch_payloads, "data", True),
        (batch_lists, "data", True),
    ],
)
def test_shape_of_a_batch_is_that_of_its_rows(
    function: Callable[..., Any], argument: str, decodes: bool
) -> None:
    found = shape_of(function, "hunt:score", batch=True)
    assert (found.argument, found.decoder is not None) == (argument, decodes)
    assert found.wants_context == (function is batch_events)


@pytest.mark.parametrize("function", [batch_plain, batch_events, batch_payloads, batch_lists])
def test_shape_refuses_a_list_when_its_queue_has_no_batch(function: Callable[..., Any]) -> None:
    with pytest.raises(
        HandlerError, match=r"takes a list; add batch=vx\.Batch\(\) to its"
    ) as caught:
        shape(function)
    assert caught.value.code == "handler-signature"


@pytest.mark.parametrize("function", [event, single_typed, single_payload])
def test_shape_refuses_a_single_event_when_its_queue_has_a_batch(
    function: Callable[..., Any],
) -> None:
    message = r"says batch=, and its first parameter is no list; write 'def score\(events: list\["
    with pytest.raises(HandlerError, match=message) as caught:
        shape_of(function, "hunt:score", batch=True)
    assert caught.value.code == "handler-signature"


def test_shape_refuses_a_generator_when_its_queue_has_a_batch() -> None:
    with pytest.raises(HandlerError, match=r"has no single parent; publish\(\) instead") as caught:
        shape_of(batch_generator, "hunt:score", batch=True)
    assert caught.value.code == "handler-kind"
