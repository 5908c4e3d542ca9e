"""What a pipeline in the making holds; ``Pipeline`` is its face, the model its result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from veltrix.errors import ConfigError
from veltrix.middleware import Middleware
from veltrix.pipeline.build import build, problems_of
from veltrix.pipeline.faults import Fault
from veltrix.pipeline.model import PipelineModel, RouteModel, SinkModel, SourceModel
from veltrix.pipeline.payload_types import PayloadTypes
from veltrix.pipeline.queue_model import QueueModel, QueueSettings
from veltrix.pipeline.registry import HandlerRegistry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from veltrix.pipeline.loader import Loaded


@dataclass(slots=True)
class Parts:
    """Everything that was declared so far."""

    header: PipelineModel
    types: PayloadTypes = field(default_factory=PayloadTypes)
    handlers: HandlerRegistry = field(default_factory=HandlerRegistry)
    queues: dict[str, dict[str, Any]] = field(default_factory=dict)
    routes: dict[str, RouteModel] = field(default_factory=dict)
    sources: dict[str, SourceModel] = field(default_factory=dict)
    sinks: dict[str, SinkModel] = field(default_factory=dict)
    lifespan: Callable[[Any], Iterator[Any]] | None = None
    async_lifespan: Callable[[Any], AsyncIterator[Any]] | None = None
    middleware: list[Middleware] = field(default_factory=list)

    @classmethod
    def of(cls, loaded: Loaded) -> Parts:
        """Takes a loaded pipeline apart.

        Args:
            loaded: What the loader gave.

        Returns:
            Its parts.
        """
        model = loaded.model
        empty: dict[str, Any] = {name: {} for name in ("sources", "routes", "queues", "sinks")}
        parts = cls(model.model_copy(update=empty))
        parts.routes.update(model.routes)
        parts.sources.update(model.sources)
        parts.sinks.update(model.sinks)
        for name, queue in model.queues.items():
            said = {option: getattr(queue, option) for option in queue.model_fields_set}
            handler = said.pop("handler", None)
            parts.queues[name] = said
            if handler is not None:
                parts.handlers.claim(name, loaded.functions[name], handler)
        return parts

    @property
    def queue_names(self) -> list[str]:
        """Names of all queues, in the order of their declaration."""
        return list(dict.fromkeys([*self.queues, *self.handlers.by_queue]))

    def error(self, path: tuple[str, ...], code: str, message: str) -> ConfigError:
        """Makes the error for one thing that is wrong at a path."""
        return ConfigError(problems_of(self.header.name, [Fault(path, code, message)]))

    def patterns(self, wanted: object, where: tuple[str, ...]) -> list[str]:
        """Gives the type patterns of what a user wrote for ``type``.

        Args:
            wanted: A pattern, a declared class, or a sequence of those.
            where: The place, for messages.

        Returns:
            Type patterns.

        Raises:
            ConfigError: A class that was not declared.
        """
        several = list(wanted) if isinstance(wanted, (list, tuple, set)) else [wanted]
        try:
            return [self.types.type_of(each) for each in several]
        except ValueError as error:
            raise self.error(where, "invalid-payload", str(error)) from None

    def register(
        self, function: Callable[..., Any], route: RouteModel, options: dict[str, Any]
    ) -> None:
        """Makes a function the handler of the queue that a route goes to.

        Args:
            function: The handler.
            route: The route that brings it events.
            options: The options of its queue.

        Raises:
            ConfigError: The queue has another handler.
        """
        try:
            entry = self.handlers.claim(route.to, function)
        except ValueError as error:
            raise self.error(("queues", route.to), "queue-taken", str(error)) from None
        name = self.handlers.free_route_name(route.to, set(self.routes))
        entry.routes[name] = route
        entry.options.update(options)

    def add_middleware(self, added: object) -> None:
        """Adds middleware, innermost so far.

        A class that was defined again (a notebook cell run again) replaces its former self, and the
        same instance is added once.

        Args:
            added: An instance of ``vx.Middleware``.

        Raises:
            ConfigError: Something else.
        """
        if not isinstance(added, Middleware):
            kind = added.__qualname__ if isinstance(added, type) else type(added).__qualname__
            cure = (
                f"pass an instance: {kind}()"
                if isinstance(added, type)
                else (f"derive {kind} from vx.Middleware")
            )
            message = f"middleware is an instance of a class derived from vx.Middleware; {cure}"
            raise self.error(("middleware",), "middleware-kind", message)
        if any(known is added for known in self.middleware):
            return
        for place, known in enumerate(self.middleware):
            if type(known) is not type(added) and _full_name(known) == _full_name(added):
                self.middleware[place] = added
                return
        self.middleware.append(added)

    def model(self) -> PipelineModel:
        """Puts the parts together; nothing is checked across them yet.

        Returns:
            The model.

        Raises:
            ConfigError: A queue's options are said twice, and differently.
        """
        routes = dict(self.routes)
        for entry in self.handlers.by_queue.values():
            routes.update(entry.routes)
        collections = {
            "sources": self.sources,
            "routes": {name: self._keyed(route) for name, route in routes.items()},
            "queues": {name: self._queue(name) for name in self.queue_names},
            "sinks": self.sinks,
        }
        said = {name: entries for name, entries in collections.items() if entries}
        header = {name: getattr(self.header, name) for name in self.header.model_fields_set}
        return build(PipelineModel, (), {**header, **said})

    def imported(self, model: PipelineModel) -> Iterator[tuple[tuple[str, ...], str, str]]:
        """Lists what a file of this pipeline would import.

        Args:
            model: The pipeline.

        Yields:
            Place, code of the problem if that fails, and name.
        """
        for queue, entry in self.handlers.by_queue.items():
            yield ("queues", queue, "handler"), "handler-import", entry.name
        groups: dict[tuple[str, ...], QueueSettings] = {("defaults", "queue"): model.defaults.queue}
        groups.update({("queues", name): queue for name, queue in model.queues.items()})
        for path, group in groups.items():
            for option in ("on", "dead_on"):
                for each in getattr(group.retry, option) or ():
                    yield (*path, "retry", option), "exception-import", each.name

    def _keyed(self, route: RouteModel) -> RouteModel:
        """Gives a route without key the key that its types were declared with."""
        key = self.types.key_of(route.type) if "key" not in route.model_fields_set else None
        return route if key is None else _with(route, {"key": key})

    def _queue(self, name: str) -> QueueModel:
        entry = self.handlers.by_queue.get(name)
        options = dict(self.queues.get(name, {}))
        for option, value in (entry.options if entry else {}).items():
            if options.setdefault(option, value) != value:
                message = f"queue() and handler() differ in {option!r}; say it once"
                raise self.error(("queues", name, option), "said-twice", message)
        if entry:
            options["handler"] = entry.name
        return build(QueueModel, ("queues", name), options)


def _full_name(instance: object) -> str:
    return f"{type(instance).__module__}:{type(instance).__qualname__}"


def _with(route: RouteModel, changes: dict[str, Any]) -> RouteModel:
    said = {option: getattr(route, option) for option in route.model_fields_set}
    return RouteModel.model_validate({**said, **changes})
