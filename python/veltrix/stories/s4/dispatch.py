"""S4 with veltrix: one queue with priorities, and the same handler."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import veltrix as vx
from veltrix.stats_table import summary
from veltrix.stories.story import Outcome

from .load import TYPE, Bank, Load


def pipeline(bank: Bank, threads: int, capacity: int) -> vx.Pipeline:
    """Declare the queue.

    Args:
        bank: Whose handler runs the events.
        threads: Handlers that may be at work at the same time.
        capacity: Events that the queue holds; then the sender waits.

    Returns:
        The pipeline.
    """
    app = vx.Pipeline("s4")
    room = {"events": capacity}

    # The priority queue of the other side keeps no order per account either.
    @app.handler(TYPE, queue="payments", order="none", concurrency=threads, capacity=room)
    def book(event: vx.Event) -> None:
        bank.book(int(event.data))

    return app


def publisher(engine: vx.Engine) -> Callable[[int, bytes, int], object]:
    """Give the function that sends one event."""
    publish = engine.publish

    def send(_number: int, data: bytes, priority: int) -> object:
        return publish(TYPE, data, priority=priority)

    return send


def run(options: Mapping[str, Any]) -> Outcome:
    """Run the whole load through an engine."""
    threads = options["threads"]
    bank = Bank(Load.make(options))
    app = pipeline(bank, threads, options["capacity"])
    with vx.Engine(app, python_executors=threads) as engine:
        bank.send_all(publisher(engine))
        engine.drain()
        outcome = bank.outcome()
        outcome.ledger = summary(engine.stats()).partition(": ")[2]
        return outcome
