"""``vx.Middleware``: what runs around every attempt of every handler of a pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from veltrix.events import Context


class Middleware:
    """Base of what runs around handlers: override the hooks that you need.

    ``before`` hooks run in the order of ``app.middleware(...)``, the others in reverse, so that the
    first one added is the outermost. All hooks and the handler of one attempt share a fresh context
    of ``contextvars``: what ``before`` sets there they see, and the next event does not. Several
    threads may call the hooks of one instance at the same time.

    Attributes:
        errors: How many ``after`` and ``failed`` hooks of this instance raised.

    Example:
        >>> import veltrix as vx
        >>> class Audit(vx.Middleware):
        ...     def before(self, event, ctx):
        ...         print("before", event.type)
        ...     def after(self, event, ctx, result):
        ...         print("after", event.type)
        >>> app = vx.Pipeline("hunt")
        >>> app.middleware(Audit())
        >>> @app.handler("clue.found")
        ... def score(event): ...
        >>> with vx.Engine(app) as engine:
        ...     receipt = engine.publish("clue.found", {"clue": 1})
        before clue.found
        after clue.found
    """

    errors: int = 0

    def before(self, event: Any, ctx: Context) -> None:
        """Runs before the handler.

        What it raises, an error or a signal such as ``vx.Drop()``, ends the attempt with that
        outcome: the handler is not called, and ``failed`` runs for the middleware around this one.

        Args:
            event: The event; of a batch handler the list of its events.
            ctx: The attempt.
        """

    def after(self, event: Any, ctx: Context, result: Any) -> None:
        """Runs after a handler that returned; a generator, when its last event was taken.

        What it raises is logged and counted, and changes no outcome.

        Args:
            event: The event, or the list of events.
            ctx: The attempt.
            result: What the handler returned: None or a signal.
        """

    def failed(self, event: Any, ctx: Context, error: BaseException) -> None:
        """Runs instead of ``after`` when the handler, or a ``before`` inside this one, raised.

        What it raises is logged and counted, and changes no outcome.

        Args:
            event: The event, or the list of events.
            ctx: The attempt.
            error: What was raised; a signal is one too (``isinstance(error, vx.Signal)``).
                ``GeneratorExit``: the engine could not take what the handler yielded.
        """
