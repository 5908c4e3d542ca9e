"""What a worker process can import, and what it cannot, with the cure."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING, Any

from veltrix.pipeline.handlers import HandlerError

if TYPE_CHECKING:
    from collections.abc import Callable


def importable(function: Callable[..., Any], name: str, what: str = "handler") -> str:
    """Names a function so that another process can import it.

    Args:
        function: A plain function or generator function.
        name: What messages call it.
        what: What it is: a handler or a lifespan.

    Returns:
        ``module:qualified.name``.

    Raises:
        HandlerError: ``handler-process``; the message says how to mend it.

    Example:
        >>> importable(lambda event: None, "work")
        Traceback (most recent call last):
        ...
        veltrix.pipeline.handlers.HandlerError: handler 'work' runs in worker processes, which \
cannot import a lambda; write it as a function at the top of a module
    """
    module, qualname = function.__module__, function.__qualname__
    reason = ""
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        reason = "which run no 'async def'; write 'def', or take another pool"
    elif "<lambda>" in qualname:
        reason = "which cannot import a lambda; write it as a function at the top of a module"
    elif "<locals>" in qualname:
        outer = qualname.partition(".<locals>")[0]
        reason = f"which cannot import it from inside {outer}(); move it to the top of a module"
    elif module == "__main__":
        reason = "which cannot import it from the script that was started; move it to a module"
    elif _found(module, qualname) is not function:
        reason = f"and {module}.{qualname} is something else there; give it a name of its own"
    if reason:
        raise HandlerError("handler-process", f"{what} {name!r} runs in worker processes, {reason}")
    return f"{module}:{qualname}"


def _found(module: str, qualname: str) -> Any:
    found: Any = sys.modules.get(module)
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return found
