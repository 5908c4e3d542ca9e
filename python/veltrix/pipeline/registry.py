"""The handlers of a pipeline that is written with decorators: functions, queues and routes."""

from __future__ import annotations

import inspect
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from veltrix.pipeline.model import RouteModel


@dataclass(slots=True)
class Registered:
    """One queue's handler: its function, the routes it brought and the options it set."""

    function: Callable[..., Any]
    name: str  # module:qualified name
    options: dict[str, Any] = field(default_factory=dict)
    routes: dict[str, RouteModel] = field(default_factory=dict)


def _made_alike(one: Callable[..., Any], other: Callable[..., Any]) -> bool:
    codes = [getattr(inspect.unwrap(each), "__code__", None) for each in (one, other)]
    return codes[0] is codes[1] or other.__name__ == "<lambda>"


class HandlerRegistry:
    """Handlers by queue; a function that is defined again replaces its former self."""

    def __init__(self) -> None:
        self.by_queue: dict[str, Registered] = {}

    def claim(
        self, queue: str, function: Callable[..., Any], written: str | None = None
    ) -> Registered:
        """Gives the entry of a queue for a function.

        The same function may claim it again (stacked decorators). Another function of the same
        qualified name is a notebook cell run again: whatever the old one brought goes first. Not
        so for another queue, if both are lambdas or were made by the same ``def`` (in a loop).

        Args:
            queue: The queue's name.
            function: Its handler.
            written: How a file names it; default: by its module and qualified name.

        Returns:
            The entry, new or known.

        Raises:
            ValueError: The queue has another handler.
        """
        name = written or name_of(function)
        for taken, known in list(self.by_queue.items()):
            again = known.name == name and known.function is not function
            if again and (taken == queue or not _made_alike(known.function, function)):
                del self.by_queue[taken]
        entry = self.by_queue.setdefault(queue, Registered(function, name))
        if entry.function is not function:
            raise ValueError(
                f"queue {queue!r} already runs {entry.name!r}, and a queue has one handler; "
                "give this one another queue="
            )
        return entry

    def free_route_name(self, wanted: str, taken: set[str]) -> str:
        """Numbers a route's name when it is taken: ``scores``, ``scores.2`` and so on.

        Args:
            wanted: The queue's name.
            taken: Names of other routes.

        Returns:
            A name that no route has.
        """
        names = taken.union(*(entry.routes for entry in self.by_queue.values()))
        number, name = 1, wanted
        while name in names:
            number += 1
            name = f"{wanted}.{number}"
        return name


def name_of(function: Callable[..., Any]) -> str:
    """Names a function as a pipeline file would.

    Args:
        function: A function.

    Returns:
        ``module:qualified.name``.

    Example:
        >>> import json
        >>> name_of(json.dumps)
        'json:dumps'
    """
    return f"{module_of(function)}:{function.__qualname__}"


def module_of(named: Callable[..., Any] | type) -> str:
    """Names the module of a function or class as a pipeline file would.

    Args:
        named: A function or a class.

    Returns:
        The module; of a script its file's name, since a file cannot name ``__main__``.

    Example:
        >>> module_of(Path)[:7]
        'pathlib'
    """
    module = named.__module__
    if module == "__main__":  # python hunt.py: a file can only name it `hunt`
        main = sys.modules["__main__"]
        spec, file = getattr(main, "__spec__", None), getattr(main, "__file__", None)
        script = Path(file or "")
        module = spec.name if spec else script.stem if script.suffix == ".py" else module
    return module
