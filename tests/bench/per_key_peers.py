"""The order of every key while one key's handler sleeps, beside bytewax: make bench-peers."""

from __future__ import annotations

import time
from collections.abc import Iterator

from key_stream import Stream
from measure import Figure
from peers import installed
from per_key import side_by_side


def bytewax(stream: Stream) -> float:
    """One worker and a state per key; a handler that sleeps stops the worker."""
    import bytewax.operators as op  # noqa: PLC0415
    from bytewax.dataflow import Dataflow  # noqa: PLC0415
    from bytewax.testing import TestingSink, TestingSource, run_main  # noqa: PLC0415

    begun = 0.0

    def events() -> Iterator[tuple[str, int]]:
        nonlocal begun
        begun = time.perf_counter()
        yield from stream.events

    def handle(last: int | None, event: tuple[str, int]) -> tuple[int, None]:
        stream.handle(*event)
        return event[1], None

    flow = Dataflow("bench")
    lines = op.input("in", flow, TestingSource(events(), batch_size=256))
    keyed = op.key_on("key", lines, lambda event: event[0])
    handled = op.stateful_map("handle", keyed, handle)
    nothing = op.filter("nothing", handled, lambda pair: pair[1] is not None)
    op.output("out", nothing, TestingSink([]))
    run_main(flow)
    return stream.rate(begun)


def figures(*, quick: bool) -> list[Figure]:
    """The engine beside it, where it is installed."""
    name = "bytewax, keyed, 1 worker"
    there = installed("bytewax", name)
    peers = ((name, bytewax, 1),)
    return side_by_side(peers, 2_000 if quick else 500_000) if there else []
