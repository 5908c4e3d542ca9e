"""What the configuration will have and does not have yet, in one table.

Such an option is refused by name, never ignored: a pipeline file that asks for more than this
version does must not run with less than it asks for. A line is deleted here when its feature comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Path of the option (``*`` is any name) -> what it arrives with. The same names are refused as
# arguments of the decorators.
FIELDS = {
    "journal": "the journal",
    "durability": "the journal",
    "projections": "projections",
    "events": "payload schemas",
    "slo": "service level objectives",
    "metrics": "metrics",
    "tests": "pipeline tests",
    "sources.*.rate_limit": "rate limits",
    "queues.*.breaker": "circuit breakers",
    "queues.*.dead_letters.retention": "the journal",
    "queues.*.durability": "the journal",
    "queues.*.on_remove": "hot reload",
    "queues.*.rate_limit": "rate limits",
    "queues.*.renamed_from": "hot reload",
    "sinks.*.batch": "batches of sinks",
    "sinks.*.rate_limit": "rate limits",
}

CONNECTORS = {
    "http": "the HTTP connector",
    "kafka": "the Kafka connector",
    "rabbitmq": "the RabbitMQ connector",
}

OVERFLOW = {
    "spill": "the journal",
}


def feature_of(path: Sequence[str | int]) -> str | None:
    """Says what an option arrives with.

    Args:
        path: The option's place in the file; ``defaults.queue`` counts as any queue.

    Returns:
        The feature, or None when no version is meant to have this option.

    Example:
        >>> feature_of(["queues", "scores", "breaker"])
        'circuit breakers'
    """
    parts = [str(part) for part in path]
    if parts[:2] == ["defaults", "queue"]:
        parts[:2] = ["queues", "*"]
    if len(parts) > 2:  # every three-part path names an entry: queues.scores.breaker
        parts[1] = "*"
    return FIELDS.get(".".join(parts))


def feature_of_argument(name: str, where: Sequence[str] = ()) -> str | None:
    """Says what an argument of ``Pipeline`` or one of its decorators arrives with.

    Args:
        name: The argument, such as ``breaker`` or ``journal``.
        where: The group of options that it belongs to, such as ``["queues", "*"]``.

    Returns:
        The feature, or None.

    Example:
        >>> feature_of_argument("journal")
        'the journal'
    """
    return feature_of([*where, name])
