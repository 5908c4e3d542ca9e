"""Which routes take an event and, of the others, what decided: ``explain`` of a pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from veltrix import _core
from veltrix.errors import EvaluationError
from veltrix.events import Event
from veltrix.expressions import Expression, as_text, explain
from veltrix.plain_values import plain_value
from veltrix.priorities import format_priority

if TYPE_CHECKING:
    from veltrix.pipeline.model import PipelineModel, RouteModel

FATES = {
    "dead": "it becomes a dead letter (unmatched)",
    "drop": "it is dropped (unmatched)",
    "reject": "it is refused (unmatched)",
}


@dataclass(frozen=True, slots=True)
class RouteAnswer:
    """What one route makes of an event.

    Attributes:
        route: The route's name.
        queue: Where it leads.
        matched: Whether it takes the event.
        reason: Why, or why not, for people.
        deciding: The part of its condition that decided, where one did: ``data.amount > 900``.
        values: The members that this part names: ``data.amount = 12.5``.
        priority: Of the delivery; None where the route does not take the event.
        key: Of the delivery; None where it has none.
    """

    route: str
    queue: str
    matched: bool
    reason: str
    deciding: str = ""
    values: str = ""
    priority: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class RoutingExplanation:
    """Where an event goes, and why it does not go elsewhere.

    Attributes:
        event: The event.
        routes: An answer of every route, in the order of the pipeline.
        otherwise: What becomes of an event that no route takes; empty where one does.
    """

    event: Event[Any]
    routes: tuple[RouteAnswer, ...]
    otherwise: str = ""

    @property
    def queues(self) -> list[str]:
        """The queues that the event reaches by its routes."""
        return list(dict.fromkeys(answer.queue for answer in self.routes if answer.matched))

    def __str__(self) -> str:
        lines = [f"{self.event.type} {self.event.id}"]
        width = max((len(answer.route) for answer in self.routes), default=0)
        for answer in self.routes:
            takes = "yes" if answer.matched else "no "
            said = answer.reason
            if answer.priority is not None:
                said += f"; priority {format_priority(answer.priority)}"
            if answer.key:
                said += f"; key {answer.key}"
            lines.append(f"  {takes} {answer.route:{width}} -> {answer.queue}: {said}")
        return "\n".join([*lines, *([f"  {self.otherwise}"] if self.otherwise else [])])


class RoutingExplainer:
    """Asks the routes of a compiled pipeline; none of its handlers runs."""

    def __init__(self, model: PipelineModel, plan: _core.PlanOptions) -> None:
        self._model = model
        self._native = _core.RoutePlan(plan)

    def explain(self, given: Event[Any] | Mapping[str, Any] | bytes | str) -> RoutingExplanation:
        """Explains one event.

        Args:
            given: The event, or its JSON object as a mapping or text; ``id``, ``source`` and
                ``specversion`` may be absent from those.

        Returns:
            Where it goes, and why.

        Raises:
            EventError: It is no event.
        """
        event = event_of(given, self._model.name)
        keys: dict[str, str | None] = {}  # of a queue: the first route into it decides
        answers = tuple(self._answer(event, told, keys) for told in self._native.explain(event))
        taken = any(answer.matched for answer in answers)
        return RoutingExplanation(event, answers, "" if taken else self._otherwise(event, answers))

    def _answer(
        self, event: Event[Any], told: dict[str, Any], keys: dict[str, str | None]
    ) -> RouteAnswer:
        queue = told["queue"]
        if not told["matched"]:
            return RouteAnswer(**told)
        if queue not in keys:
            keyed = self._model.queues[queue].order.by != "none"
            keys[queue] = _key(self._model.routes[told["route"]], event) if keyed else None
        return RouteAnswer(**told, key=keys[queue])

    def _otherwise(self, event: Event[Any], answers: tuple[RouteAnswer, ...]) -> str:
        asked = [answer.route for answer in answers if answer.deciding]
        for name in asked:
            where = self._model.routes[name].where
            if where and explain(Expression(where), event).verdict == "error":
                return f"it becomes a dead letter (filter_error of route {name})"
        if asked:
            return "it is filtered out: no condition holds"
        to = self._model.unmatched
        return FATES.get(to, f"it goes to queue {to} (unmatched)")


def _key(route: RouteModel, event: Event[Any]) -> str | None:
    if route.key is None:
        return event.key
    try:
        text = as_text(Expression(route.key), event)
    except EvaluationError:
        return event.key
    return event.key if text is None else text


def event_of(given: Event[Any] | Mapping[str, Any] | bytes | str, source: str) -> Event[Any]:
    """Takes an event in any of its forms.

    Args:
        given: An event, or its JSON object as a mapping or text.
        source: For an object that names none.

    Returns:
        The event.

    Raises:
        EventError: It is no event.

    Example:
        >>> event_of({"type": "clue.found", "data": {"team": "red"}}, "hunt").source
        'hunt'
    """
    if isinstance(given, Event):
        return given
    defaults = {"specversion": "1.0", "id": "explained", "source": source}
    if isinstance(given, Mapping):
        return Event.from_json(msgspec.json.encode(defaults | dict(given), enc_hook=plain_value))
    try:
        said = msgspec.json.decode(given)
    except msgspec.DecodeError:
        said = None
    if isinstance(said, dict) and not said.keys() >= defaults.keys():
        return Event.from_json(msgspec.json.encode(defaults | said))
    return Event.from_json(given)
