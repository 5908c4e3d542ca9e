"""What makes events of records that are no CloudEvents."""

from __future__ import annotations

from veltrix.pipeline.base_model import Options
from veltrix.pipeline.expression_types import LineExpression


class EnvelopeModel(Options):
    """Attributes of an event, as expressions (CEL) over ``line``; ``null`` leaves one out."""

    type: LineExpression
    """A text, such as ``'"log." + line.level'``; required."""
    id: LineExpression | None = None
    """Default: file and byte offset, so that a record that is read again is a duplicate."""
    source: LineExpression | None = None
    """Default: the source's name."""
    time: LineExpression | None = None
    """RFC 3339, or a number of seconds, of milliseconds above 1e11; default: now."""
    key: LineExpression | None = None
    """The partition key, for routes without a key of their own."""
    subject: LineExpression | None = None
    """What the event is about."""
    priority: LineExpression | None = None
    """0 to 9; routes and queues may say another one."""
