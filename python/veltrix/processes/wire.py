"""What goes over the socket between a parent and its worker: JSON objects, one a frame."""

from __future__ import annotations

import msgspec


class Start(msgspec.Struct):
    """The first frame: what the worker runs, and where it finds it."""

    function: str  # module:qualified.name
    name: str
    path: list[str]  # sys.path
    lifespan: str | None = None
    payload_types: dict[str, str] = msgspec.field(default_factory=dict)  # class -> event type
    logging: dict[str, str] | None = None


class Task(msgspec.Struct):
    """One attempt."""

    event: msgspec.Raw
    queue: str
    attempt: int
    sequence: int
    timeout_ns: int  # from now on; 0: none


class Emitted(msgspec.Struct):
    """A follow-up event, with what its JSON does not say."""

    event: msgspec.Raw
    given_id: bool
    after_ns: int
    at_ns: int


class Decision(msgspec.Struct):
    """A signal."""

    kind: str  # retry, dead_letter, drop
    reason: str = ""
    after_ns: int | None = None


class Failure(msgspec.Struct):
    """An error: its class and their bases, its text, and its traceback as text."""

    classes: list[str]
    text: str
    trace: str
    bad_payload: bool = False  # the event's data did not decode


class Answer(msgspec.Struct):
    """How an attempt ended, or the start; an empty one is success."""

    emitted: list[Emitted] = []
    decision: Decision | None = None
    failure: Failure | None = None


encode = msgspec.json.Encoder().encode
decode_start = msgspec.json.Decoder(Start).decode
decode_task = msgspec.json.Decoder(Task).decode
decode_answer = msgspec.json.Decoder(Answer).decode
