"""The native types that users hold: an event, what publishing it gives back, an attempt's context.

Their documentation for people and type checkers stands in ``events.pyi``, because ``Event`` is
generic in its payload, which a native type cannot say itself.
"""

from veltrix._core import Context, Event, Receipt

__all__ = ["Context", "Event", "Receipt"]
