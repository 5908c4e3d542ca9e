"""The native core. Private: use `import veltrix`. Written by `make stubs`; do not edit."""

import collections.abc
import enum
import typing

from veltrix.events import Context as Context
from veltrix.events import Event as Event
from veltrix.events import LoopRun as LoopRun
from veltrix.events import Receipt as Receipt

class Expression:
    def __init__(self, text: str, variables: collections.abc.Sequence[tuple[str, str]] | None = None, short_data: bool = False) -> None: ...
    def evaluate(self, values: typing.Any) -> typing.Any:
        """The value; raises on errors."""
    def evaluate_json(self, values: typing.Any) -> tuple[str, bool]:
        """Its JSON text and True, or for people and False."""
    def explain(self, values: typing.Any) -> dict[str, typing.Any]:
        """Verdict, and the sub-expression that decided with its values."""

class TypePattern:
    """A type pattern, as routes have them."""
    def __init__(self, text: str) -> None:
        """Raises if it is not a type pattern."""
    def matches(self, type: str) -> bool:
        """Whether it takes that event type."""

class Order(enum.Enum):
    """What keeps its order in a queue."""
    KEY = ...
    NONE = ...
    TOTAL = ...

class OnRetry(enum.Enum):
    """What a retry does to those behind it."""
    HOLD = ...
    PASS = ...

class Late(enum.Enum):
    """What becomes of events out of their order."""
    DEAD = ...
    DELIVER = ...
    DROP = ...

class Overflow(enum.Enum):
    """What happens at a full queue."""
    BLOCK = ...
    DROP_LOWEST = ...
    DROP_NEWEST = ...
    DROP_OLDEST = ...
    REJECT = ...

class Unmatched(enum.Enum):
    """What becomes of events that no route takes."""
    DEAD = ...
    DROP = ...
    QUEUE = ...
    REJECT = ...

class Policy(enum.Enum):
    """How priorities share the executors."""
    CLASSES = ...
    STRICT = ...

class TransformSet:
    path: str
    value: str
    def __init__(self, path: str, value: str) -> None: ...

class TransformOptions:
    key: str
    publish: bool
    type: str
    def __init__(self) -> None: ...
    @property
    def drop(self) -> list[str]: ...
    @drop.setter
    def drop(self, arg0: collections.abc.Sequence[str]) -> None: ...
    @property
    def set(self) -> list[TransformSet]: ...
    @set.setter
    def set(self, arg0: collections.abc.Sequence[TransformSet]) -> None: ...

class RetryOptions:
    def __init__(self) -> None: ...
    backoff: int
    max_age: int
    max_attempts: int
    max_backoff: int

class QueueOptions:
    bury_drops: bool
    by_reference: bool
    handler: str
    name: str
    on_retry: OnRetry
    order: Order
    overflow: Overflow
    retry: RetryOptions
    sink: str
    sort_late: Late
    transform: TransformOptions
    def __init__(self) -> None: ...
    batch_linger: int
    batch_max_events: int
    capacity_bytes: int
    capacity_events: int
    capacity_per_key: int
    concurrency: int
    @property
    def dedup_by(self) -> list[str]: ...
    @dedup_by.setter
    def dedup_by(self, arg0: collections.abc.Sequence[str]) -> None: ...
    dedup_events: int
    dedup_window: int
    latest_every: int
    max_wait: int
    overflow_timeout: int
    priority: int
    reserve_priority: int
    reserve_share: float
    sort_wait: int
    timeout: int
    ttl: int
    weight: int

class RouteOptions:
    key: str
    name: str
    priority_expression: str
    to: str
    where: str
    def __init__(self) -> None: ...
    priority: int
    @property
    def type(self) -> list[str]: ...
    @type.setter
    def type(self, arg0: collections.abc.Sequence[str]) -> None: ...
    @property
    def unless(self) -> list[str]: ...
    @unless.setter
    def unless(self, arg0: collections.abc.Sequence[str]) -> None: ...

class EnvelopeOptions:
    id: str
    key: str
    priority: str
    source: str
    subject: str
    time: str
    type: str
    def __init__(self) -> None: ...

class SourceOptions:
    connector: str
    envelope: EnvelopeOptions
    name: str
    pattern: str
    rejects: str
    where: str
    def __init__(self) -> None: ...
    parallel: int
    @property
    def path(self) -> list[str]: ...
    @path.setter
    def path(self, arg0: collections.abc.Sequence[str]) -> None: ...
    priority: int

class SinkOptions:
    connector: str
    name: str
    path: str
    def __init__(self) -> None: ...

class EngineOptions:
    name: str
    policy: Policy
    source: str
    unmatched: Unmatched
    unmatched_queue: str
    def __init__(self) -> None: ...
    dead_letter_events: int
    dedup_events: int
    dedup_window: int
    min_share: float
    native_executors: int
    python_executors: int

class PlanOptions:
    engine: EngineOptions
    def __init__(self) -> None: ...
    @property
    def queues(self) -> list[QueueOptions]: ...
    @queues.setter
    def queues(self, arg0: collections.abc.Sequence[QueueOptions]) -> None: ...
    @property
    def routes(self) -> list[RouteOptions]: ...
    @routes.setter
    def routes(self, arg0: collections.abc.Sequence[RouteOptions]) -> None: ...
    @property
    def sinks(self) -> list[SinkOptions]: ...
    @sinks.setter
    def sinks(self, arg0: collections.abc.Sequence[SinkOptions]) -> None: ...
    @property
    def sources(self) -> list[SourceOptions]: ...
    @sources.setter
    def sources(self, arg0: collections.abc.Sequence[SourceOptions]) -> None: ...

class RoutePlan:
    def __init__(self, options: PlanOptions) -> None: ...
    def explain(self, event: typing.Any) -> list[typing.Any]:
        """Of each route whether it takes the event, why."""

class RecordMapper:
    def __init__(self, source: SourceOptions) -> None: ...
    def map(self, line: bytes, path: str, offset: int) -> typing.Any:
        """The event, or None where the source's `where` says no; raises on a reject."""

class Watch:
    """Tells an event loop to look at its receipts, or for room."""
    def clear(self) -> None:
        """Before the look."""
    def close(self) -> None: ...
    def fileno(self) -> int: ...

class LoopPool:
    """The engine's half of an event loop."""
    def begin(self, look: typing.Any) -> typing.Any:
        """A LoopRun, or None: nothing is ready."""
    def fileno(self) -> int:
        """Readable when there may be something to do."""
    def finish(self) -> None:
        """The loop is done with the engine."""
    def lend(self, loop: typing.Any) -> None:
        """Whose loop runs the handlers."""
    def rest(self) -> bool:
        """False: look again before the loop waits."""
    def set_resources(self, resources: typing.Any) -> None: ...
    def stopping(self) -> bool: ...
    def take_fenced(self) -> bool:
        """Whether an attempt was given up."""
    def wait(self, fd: int, timeout: float) -> None: ...

class HandlerSpec:
    """How a Python handler is called."""
    def __init__(self, function: typing.Any, *, wants_context: bool = False, argument: str = 'event', decoder: typing.Any = None, lifespan: typing.Any = None, name: str = '', retry_on: tuple[typing.Any, ...] = (), dead_on: tuple[typing.Any, ...] = (), on_loop: bool = False, threads: int = 0) -> None: ...

class Engine:
    """The native engine."""
    def __init__(self, plan: PlanOptions, handlers: collections.abc.Mapping[str, HandlerSpec]) -> None: ...
    def cancel(self, id: str, source: str = '') -> list[typing.Any]: ...
    def dead_letters(self, key: str | None = None) -> list[typing.Any]: ...
    def drain(self, timeout: int | None) -> dict[str, typing.Any]:
        """Nanoseconds; None: no limit."""
    def finished(self, timeout: int) -> bool: ...
    def inside_handler(self) -> bool:
        """Whether one of its own runs here."""
    def loop_pool(self) -> typing.Any: ...
    def redrive(self, letters: list[typing.Any], spacing: int = 0) -> int: ...
    def set_payload_types(self, types: dict[typing.Any, typing.Any]) -> None: ...
    def set_report(self, report: typing.Any) -> None:
        """Who is told of dead letters."""
    def sources(self) -> list[typing.Any]: ...
    def start(self, host: typing.Any) -> None: ...
    def stats(self) -> dict[str, typing.Any]: ...
    def stop(self, drain_timeout: int) -> dict[str, typing.Any]:
        """Nanoseconds; 0: do not drain."""
    def timeline(self, id: str) -> list[typing.Any]: ...
    def warn(self, code: str, text: str) -> None:
        """Tells people something."""
    def watch_room(self) -> typing.Any: ...
    @property
    def publish(self) -> typing.Any:
        """The publishing function."""

class StepEngine:
    """The engine without threads, in virtual time."""
    def __init__(self, plan: PlanOptions, handlers: collections.abc.Mapping[str, HandlerSpec], seed: int = 0) -> None: ...
    def attempts(self, queue: str) -> list[typing.Any]: ...
    def cancel(self, id: str, source: str = '') -> list[typing.Any]: ...
    def close(self) -> None:
        """Leaves the lifespan, if a handler entered it."""
    def dead_letters(self, key: str | None = None) -> list[typing.Any]: ...
    def fail(self, queue: str, exception: typing.Any, times: int = 1) -> None: ...
    def now(self) -> int: ...
    def redrive(self, letters: list[typing.Any], spacing: int = 0) -> int: ...
    def run(self, until: int | None = None) -> None: ...
    def set_loop_resources(self, resources: typing.Any) -> None: ...
    def set_payload_types(self, types: dict[typing.Any, typing.Any]) -> None: ...
    def stats(self) -> dict[str, typing.Any]: ...
    def timeline(self, id: str) -> list[typing.Any]: ...
    @property
    def publish(self) -> typing.Any:
        """The publishing function."""

def check_expression(text: str, variables: collections.abc.Sequence[str] | None = None, short_data: bool = False) -> list[typing.Any]:
    """Every fault of an expression's text, or the warnings of a sound one."""

def check_key_path(text: str) -> None:
    """Raises if it is neither a plain dotted path nor an expression."""

def check_line_pattern(text: str) -> None:
    """Raises if it is no regular expression for lines."""

def current_attempt() -> typing.Any:
    """Event id, queue and number of the attempt at work on this thread, or None."""

def event_from_wire(json: bytes, given_id: bool, after_ns: int, at_ns: int, decode: typing.Any = None) -> typing.Any: ...

def event_to_wire(event: typing.Any) -> tuple[typing.Any, ...]: ...

def histogram_bounds() -> list[float]:
    """Upper bounds of every histogram's buckets, in seconds."""

def make_context(event: typing.Any, queue: str, state: typing.Any, counts: tuple[typing.Any, ...]) -> typing.Any:
    """Counts: attempt, sequence, nanoseconds until the deadline or 0."""

def reads_data(text: str) -> bool:
    """Whether a sound expression over an event needs its payload."""

def set_classes(errors: dict[typing.Any, typing.Any], retry: typing.Any, dead_letter: typing.Any, drop: typing.Any, encode_json: typing.Any, decode_json: typing.Any) -> None:
    """Hands over the classes and the JSON codec that the native core uses."""

def stop_all() -> None:
    """Stops every running engine without draining (what exit does)."""

__version__: str
