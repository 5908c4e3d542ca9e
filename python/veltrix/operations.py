"""What people do to single events of an engine or a simulation: look, cancel, run again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from veltrix.dead_letters import DeadLetters
from veltrix.explanations import RoutingExplainer, RoutingExplanation
from veltrix.publisher import Publisher
from veltrix.timelines import Timeline

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from veltrix import _core
    from veltrix.events import Event
    from veltrix.pipeline.compile import Compiled


class Operations(Publisher):
    """Base of what events are published to and asked about."""

    def __init__(self, native: _core.Engine | _core.StepEngine, compiled: Compiled) -> None:
        super().__init__(native)
        self._operated = native
        self._routing = compiled.model, compiled.plan  # not its handlers, which may refer to us
        self.dead_letters = DeadLetters(native)

    def cancel(self, id: str, source: str = "") -> list[str]:  # noqa: A002 - CloudEvents' name
        """Drops what waits of an event: ready, delayed, held, or before a retry.

        What runs is not broken off. Looks at everything that waits, which takes about a tenth of
        a second for a million events.

        Args:
            id: The event's id.
            source: Its source; default: any.

        Returns:
            The queues in which it waited; it counts there as dropped, ``cancelled``. Empty: it is
            unknown, running or over.

        Example:
            >>> import veltrix as vx
            >>> app = vx.Pipeline("hunt")
            >>> @app.handler("clue.*")
            ... def score(event): ...
            >>> with vx.Engine(app) as engine:
            ...     receipt = engine.publish("clue.found", {}, after="1h")
            ...     _ = receipt.accepted()
            ...     engine.cancel(receipt.id)
            ['score']
        """
        queues: list[str] = self._operated.cancel(id, source)
        return queues

    def timeline(self, id: str) -> list[Timeline]:  # noqa: A002
        """Tells what became of an event.

        In full for events that failed and for one in 1,024; of other recent ones the stamps of
        their last attempt. Both are bounded (4,096 and 16,384 events), so old ones are forgotten.

        Args:
            id: The event's id; events of several sources may have it.

        Returns:
            One timeline per event, each with its stations, oldest first; empty: nothing is known.

        Example:
            >>> import veltrix as vx
            >>> app = vx.Pipeline("hunt")
            >>> @app.handler("clue.*")
            ... def score(event): ...
            >>> with vx.Engine(app) as engine:
            ...     receipt = engine.publish("clue.found", {})
            ...     _ = receipt.settled()
            ...     [station.name for station in engine.timeline(receipt.id)[0].stations]
            ['published', 'ready', 'started', 'done']
        """
        return [Timeline.of(row) for row in self._operated.timeline(id)]

    def explain(self, event: Event[Any] | Mapping[str, Any] | bytes | str) -> RoutingExplanation:
        """Says of each route whether it takes an event and, if not, what decided.

        Nothing is published, and nothing counts.

        Args:
            event: The event, or its JSON object as a mapping or text; ``id``, ``source`` and
                ``specversion`` may be absent from those.

        Returns:
            The answers of all routes; prints as text.

        Raises:
            EventError: It is no event.

        Example:
            >>> import veltrix as vx
            >>> app = vx.Pipeline("shop")
            >>> @app.handler("payment.*", where="data.amount > 900")
            ... def review(event): ...
            >>> vx.Engine(app).explain({"type": "payment.made", "data": {"amount": 950}}).queues
            ['review']
        """
        return RoutingExplainer(*self._routing).explain(event)
