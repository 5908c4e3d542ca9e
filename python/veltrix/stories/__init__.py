"""The five stories that define veltrix, each told twice in one run: before, and with veltrix.

``veltrix demo`` lists them, ``veltrix demo s0`` runs one. A story is a module that holds a
:class:`.story.Story`; :data:`CATALOGUE` says which there are and which are still to come.
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import Final

from .story import Story

# name -> title; a story is there as soon as the module of its name is.
CATALOGUE: Final = {
    "s0": "One monolithic queue: slow types block fast ones, events are lost",
    "s1": "Filtering and prioritisation over several buses",
    "s2": "Event sourcing: missing, duplicate and out-of-order events",
    "s3": "Ingestion, routing and metadata: time-outs and connection failures",
    "s4": "Priority queues and configuration: thread contention, errors in production",
}


def find(name: str) -> Story | None:
    """Find a story.

    Args:
        name: A key of :data:`CATALOGUE`.

    Returns:
        The story, or None when this version does not have it yet.

    Raises:
        KeyError: There is no story of that name.

    Example:
        >>> find("s0").name
        's0'
    """
    if name not in CATALOGUE:
        raise KeyError(f"no story {name!r}; there are {', '.join(CATALOGUE)}")
    path = f"{__name__}.{name}"
    if importlib.util.find_spec(path) is None:
        return None
    story = importlib.import_module(path).STORY
    assert isinstance(story, Story)
    return story
