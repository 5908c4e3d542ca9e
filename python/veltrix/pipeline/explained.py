"""What can be asked of a pipeline without running it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from veltrix.explanations import RoutingExplainer, RoutingExplanation
from veltrix.pipeline.compile import compile_pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from veltrix.events import Event


class Explained:
    """Base of ``Pipeline``."""

    def explain(self, event: Event[Any] | Mapping[str, Any] | bytes | str) -> RoutingExplanation:
        """Says of each route whether it takes an event and, if not, what decided.

        Args:
            event: The event, or its JSON object as a mapping or text; ``id``, ``source`` and
                ``specversion`` may be absent from those.

        Returns:
            The answers of all routes; prints as text.

        Raises:
            ConfigError: The pipeline cannot run; every problem at once.
            EventError: It is no event.

        Example:
            >>> import veltrix as vx
            >>> app = vx.Pipeline("shop")
            >>> @app.handler("payment.*", where="data.amount > 900", key="data.team")
            ... def review(event): ...
            >>> print(app.explain({"id": "p-17", "type": "payment.made", "data": {"amount": 12.5}}))
            payment.made p-17
              no  review -> review: where: data.amount > 900 is false (data.amount = 12.5)
              it is filtered out: no condition holds
        """
        compiled = compile_pipeline(self, simulated=True)  # type: ignore[arg-type]
        return RoutingExplainer(compiled.model, compiled.plan).explain(event)
