"""A pipeline written in Python: decorators over the same model that a YAML file fills."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, Unpack, cast

from veltrix.errors import ConfigError
from veltrix.pipeline.build import build, problems_of, refuse_later
from veltrix.pipeline.checks import Outline, check
from veltrix.pipeline.explained import Explained
from veltrix.pipeline.handlers import HandlerError, check_function
from veltrix.pipeline.loader import Loaded, load, load_model
from veltrix.pipeline.model import VERSION, PipelineModel, RouteModel, SinkModel, SourceModel
from veltrix.pipeline.parts import Parts
from veltrix.pipeline.payload_types import PayloadType
from veltrix.pipeline.queue_model import QueueModel
from veltrix.pipeline.writer import to_yaml

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

    from veltrix.middleware import Middleware
    from veltrix.pipeline.arguments import (
        HandlerArguments,
        QueueDeclaration,
        RouteArguments,
        Settings,
        SourceArguments,
    )
    from veltrix.problems import Problem
    from veltrix.signals import Signal

    Emitted = Iterator[Any] | AsyncIterator[Any]  # events, or instances of declared classes
    Handled = Signal | None | Emitted | Awaitable[Signal | None]

Handler = TypeVar("Handler", bound="Callable[..., Handled]")
Class = TypeVar("Class", bound=type)
Lifespan = TypeVar("Lifespan", bound="Callable[[Any], Iterator[Any] | AsyncIterator[Any]]")

ROUTE_ARGUMENTS = ("key", "priority", "unless", "where")


class Pipeline(Explained):
    """What runs: routes, queues and their handlers, sources and sinks.

    Args:
        name: The pipeline's name; the default ``source`` of what it publishes.
        settings: ``dispatch``, ``dedup``, ``unmatched``, ``shutdown``, ``logging`` and
            ``defaults``, each with the options that it has in a YAML file.

    Raises:
        ConfigError: A setting is wrong; every problem at once.
        NotAvailableError: A setting that a later version brings.

    Example:
        >>> app = Pipeline("hunt", shutdown={"grace": "5s"})
        >>> @app.handler("clue.found", key="data.team")
        ... def score(event): ...
        >>> app
        Pipeline('hunt', queues=['score'])
    """

    def __init__(self, name: str, **settings: Unpack[Settings]) -> None:
        refuse_later(settings)
        header = {"veltrix": VERSION, "name": name, **settings}
        self.parts = Parts(build(PipelineModel, (), header))
        self.warnings: tuple[Problem, ...] = ()
        self._from_file = False  # then the warnings have places, better than any made here

    @property
    def name(self) -> str:
        """The pipeline's name."""
        return self.parts.header.name

    def __repr__(self) -> str:
        return f"Pipeline({self.name!r}, queues={self.parts.queue_names})"

    # ---- declaring

    def event(self, type: str, *, key: str | None = None) -> Callable[[Class], Class]:  # noqa: A002
        """Declares a class as the payload of an event type.

        Args:
            type: The event type, such as ``clue.found``; no pattern.
            key: Key of its events where a route names none, such as ``data.team``.

        Returns:
            A decorator for a msgspec Struct, dataclass, NamedTuple or pydantic model.

        Raises:
            ConfigError: From the decorator: no payload class, or the type has another one.

        Example:
            >>> import msgspec
            >>> app = Pipeline("hunt")
            >>> @app.event("clue.found", key="data.team")
            ... class ClueFound(msgspec.Struct):
            ...     team: str
        """
        build(RouteModel, ("events",), {"type": type, "key": key, "to": "any"})

        def declare(cls: Class) -> Class:
            try:
                self.parts.types.add(PayloadType(cls, type, key))
            except ValueError as error:
                raise self.parts.error(("events", type), "invalid-payload", str(error)) from None
            return cls

        return declare

    def handler(
        self,
        type: str | type | Sequence[str | type],  # noqa: A002
        **options: Unpack[HandlerArguments],
    ) -> Callable[[Handler], Handler]:
        """Makes a function the handler of a queue and routes events to it.

        Running its definition again (a notebook cell) replaces the function, its routes and
        options; what a loop makes, each with its own ``queue``, stays. Decorators may be stacked
        to route several times.

        Args:
            type: A type pattern (``*`` is one dotted part, ``**`` zero or more), a class declared
                with ``event``, or a list of those.
            options: ``queue`` (default: the function's name); of the route ``where``, ``priority``,
                ``key`` (expressions, see docs/expressions.md) and ``unless``; and the options of
                the queue.

        Returns:
            A decorator that gives the function back unchanged.

        Raises:
            ConfigError: An option or the function is wrong; the message says how to mend it.
            NotAvailableError: An argument or a kind of handler that a later version brings.

        Example:
            >>> app = Pipeline("hunt")
            >>> @app.handler("clue.*", queue="scores", priority="urgent", concurrency=2)
            ... def score(event): ...
        """
        given = dict(options)
        refuse_later(given, ("queues", "*"))
        queue = cast("str | None", given.pop("queue", None))
        routing = {name: given.pop(name) for name in ROUTE_ARGUMENTS if name in given}

        def declare(function: Handler) -> Handler:
            target = queue or str(getattr(function, "__name__", "handler"))
            try:
                check_function(function, getattr(function, "__qualname__", repr(function)))
            except HandlerError as error:
                raise self.parts.error(("queues", target), error.code, str(error)) from None
            patterns = self.parts.patterns(type, ("queues", target))
            route = build(
                RouteModel, ("routes", target), {"type": patterns, "to": target, **routing}
            )
            build(QueueModel, ("queues", target), given)
            self.parts.register(function, route, given)
            return function

        return declare

    def queue(self, name: str, **options: Unpack[QueueDeclaration]) -> None:
        """Sets the options of a queue, or declares one that empties into a sink.

        Args:
            name: The queue's name.
            options: As in YAML; ``sink`` for a queue without handler.

        Raises:
            ConfigError: An option is wrong; every problem at once.
            NotAvailableError: An option that a later version brings.

        Example:
            >>> app = Pipeline("hunt")
            >>> app.queue("scores", concurrency=4, retry={"max_attempts": 3})
        """
        refuse_later(options, ("queues", "*"))
        build(QueueModel, ("queues", name), options)
        self.parts.queues[name] = dict(options)

    def route(
        self,
        name: str,
        *,
        type: str | type | Sequence[str | type],  # noqa: A002
        to: str,
        **options: Unpack[RouteArguments],
    ) -> None:
        """Adds a route.

        Args:
            name: The route's name, for ``unless`` and messages.
            type: As in ``handler``.
            to: The queue.
            options: ``where``, ``key``, ``priority`` and ``unless``.

        Raises:
            ConfigError: An option is wrong; every problem at once.
            NotAvailableError: An option that a later version brings.

        Example:
            >>> app = Pipeline("hunt")
            >>> app.route("rest", type="**", to="archive", unless=["scores"])
            >>> app.route("large", type="payment.*", to="review", where="data.amount > 900")
        """
        refuse_later(options, ("routes", "*"))
        patterns = self.parts.patterns(type, ("routes", name))
        values = {"type": patterns, "to": to, **options}
        self.parts.routes[name] = build(RouteModel, ("routes", name), values)

    def source(
        self, name: str, path: str | Sequence[str], **options: Unpack[SourceArguments]
    ) -> None:
        """Adds a source of events.

        Args:
            name: The source's name.
            path: Files or patterns of lines, or ``-`` for standard input.
            options: ``connector``, ``priority``, ``rejects`` and ``parallel``; ``envelope``,
                ``where`` and ``pattern`` for records that are no CloudEvents (docs/sources.md).

        Raises:
            ConfigError: An option is wrong; every problem at once.

        Example:
            >>> app = Pipeline("hunt")
            >>> app.source("game", "in/*.jsonl", priority="bulk")
        """
        values = {"path": path if isinstance(path, str) else list(path), **options}
        self.parts.sources[name] = build(SourceModel, ("sources", name), values)

    def keep_rejects_in(self, path: str) -> None:
        """Changes where the rejects of all sources go.

        Args:
            path: The file; with several sources, each has its own with its name before the suffix.

        Example:
            >>> app = Pipeline("hunt")
            >>> app.source("game", "in/*.jsonl")
            >>> app.keep_rejects_in("bad.jsonl")
        """
        sources, file = self.parts.sources, Path(path)
        for name, source in sources.items():
            own = file if len(sources) == 1 else file.with_suffix(f".{name}{file.suffix}")
            sources[name] = source.model_copy(update={"rejects": str(own)})

    def sink(self, name: str, path: str, **options: Any) -> None:
        """Adds a sink.

        Args:
            name: The sink's name, for a queue's ``sink=``.
            path: The file of JSON lines, or ``-`` for standard output.
            options: ``connector``.

        Raises:
            ConfigError: An option is wrong; every problem at once.

        Example:
            >>> app = Pipeline("hunt")
            >>> app.sink("out", "archive.jsonl")
            >>> app.queue("archive", sink="out")
        """
        self.parts.sinks[name] = build(SinkModel, ("sinks", name), {"path": path, **options})

    def lifespan(self, function: Lifespan) -> Lifespan:
        """Sets the generator function that opens and closes what handlers share.

        Args:
            function: Takes the state (set attributes on it), yields once; runs once per executor.
                Handlers read the state as ``ctx.state``. An ``async def`` one runs once on the
                event loop, for ``async def`` handlers; a pipeline may have one of each.

        Returns:
            The function, unchanged.

        Raises:
            ConfigError: No generator function.

        Example:
            >>> app = Pipeline("hunt")
            >>> @app.lifespan
            ... def resources(state):
            ...     state.seen = set()
            ...     yield
        """
        kind: Any = function  # what it really is; the checks below narrow types wrongly
        if inspect.isasyncgenfunction(kind):
            self.parts.async_lifespan = kind
            return function
        if not inspect.isgeneratorfunction(kind):
            message = "a lifespan is a generator function: def resources(state): …; yield; …"
            raise self.parts.error(("lifespan",), "handler-kind", message)
        self.parts.lifespan = kind
        return function

    def middleware(self, middleware: Middleware) -> None:
        """Adds what runs around every attempt of every handler, inside what was added before.

        Args:
            middleware: An instance of a class derived from ``vx.Middleware``.

        Raises:
            ConfigError: It is something else.

        Example:
            >>> import veltrix as vx
            >>> app = Pipeline("hunt")
            >>> app.middleware(vx.Middleware())
        """
        self.parts.add_middleware(middleware)

    # ---- the model and back

    def to_model(self) -> PipelineModel:
        """Gives the pipeline as data.

        Returns:
            The model, the same that a YAML file gives.

        Raises:
            ConfigError: Something does not fit together; every problem at once.
        """
        model = self.parts.model()
        faults = list(check(Outline.of(model.model_dump(mode="json", exclude_unset=True))))
        problems = problems_of(self.name, faults)
        if any(problem.severity == "error" for problem in problems):
            raise ConfigError(problems)
        if not self._from_file:
            self.warnings = tuple(problems)
        return model

    def to_yaml(self) -> str:
        """Writes the pipeline as a YAML file; handlers are named as ``module:function``.

        Returns:
            Text that ``from_yaml`` reads back to the same pipeline.

        Raises:
            ConfigError: A handler or an exception stands inside a function, where no file can name
                it; or something does not fit together.
        """
        model = self.to_model()
        for path, code, name in self.parts.imported(model):
            if "<" in name or name.startswith("__main__"):
                message = f"{path[-1]} {name!r} is out of a file's reach; move it to a module"
                raise self.parts.error(path, code, message)
        return to_yaml(model)

    @classmethod
    def from_yaml(cls, path: str | Path) -> Pipeline:
        """Reads a pipeline file and imports its handlers.

        Args:
            path: A YAML file.

        Returns:
            The pipeline; ``warnings`` holds what is odd but runs.

        Raises:
            ConfigError: Every problem of the file, each with its place.
        """
        return cls.from_loaded(load(path))

    @classmethod
    def from_model(cls, model: PipelineModel, folder: Path | None = None) -> Pipeline:
        """Takes a pipeline from data and imports its handlers.

        Args:
            model: The pipeline.
            folder: Where handlers are looked for first; default: the working folder.

        Returns:
            The pipeline.

        Raises:
            ConfigError: Every problem of the model.
        """
        return cls.from_loaded(load_model(model, folder or Path()))

    @classmethod
    def from_loaded(cls, loaded: Loaded) -> Pipeline:
        """Takes a pipeline from what the loader gave.

        Args:
            loaded: The model with its functions.

        Returns:
            The pipeline.
        """
        pipeline = cls(loaded.model.name)
        pipeline.parts = Parts.of(loaded)
        pipeline.warnings, pipeline._from_file = loaded.warnings, True
        return pipeline
