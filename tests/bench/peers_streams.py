"""Publish -> handler that reads three fields, beside stream processors and a message framework:
make bench-peers. As ``peers.py`` says; building a graph and starting it is not counted.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from measure import Figure
from peers import Peer, side_by_side
from peers_tasks import TEXT, read_parts
from python_dispatch import PAYLOAD, TYPE, Message, read_fields


def csp(count: int) -> float:
    """Pushed from a thread into a real-time graph, one engine cycle per event."""
    import csp  # noqa: PLC0415
    from csp.impl.pushadapter import PushInputAdapter  # noqa: PLC0415
    from csp.impl.wiring import py_push_adapter_def  # noqa: PLC0415

    times: list[float] = []

    class Source(PushInputAdapter):
        def start(self, starttime: object, endtime: object) -> None:
            self.thread = threading.Thread(target=self.publish)
            self.thread.start()

        def stop(self) -> None:
            self.thread.join()

        def publish(self) -> None:
            times.append(time.perf_counter())
            for _ in range(count):
                self.push_tick(Message(TYPE, PAYLOAD, 4))
            self.push_tick(None)

    events = py_push_adapter_def("events", Source, csp.ts[object])

    @csp.node
    def handle(event: csp.ts[object]) -> None:
        if csp.ticked(event):
            if event is None:
                times.append(time.perf_counter())
                csp.stop_engine()
            else:
                read_fields(event)

    @csp.graph
    def graph() -> None:
        handle(events(push_mode=csp.PushMode.NON_COLLAPSING))

    csp.run(graph, realtime=True, endtime=timedelta(seconds=60))
    return count / (times[1] - times[0])


def bytewax(count: int, batch: int) -> float:
    """Pulled from a generator, which is not a live publish; one worker."""
    import bytewax.operators as op  # noqa: PLC0415
    from bytewax.dataflow import Dataflow  # noqa: PLC0415
    from bytewax.testing import TestingSink, TestingSource, run_main  # noqa: PLC0415

    begin = 0.0

    def events() -> Iterator[Message]:
        nonlocal begin
        begin = time.perf_counter()
        for _ in range(count):
            yield Message(TYPE, PAYLOAD, 4)

    flow = Dataflow("bench")
    pulled = op.input("in", flow, TestingSource(events(), batch_size=batch))
    nothing = op.filter_map("handle", pulled, read_fields)  # which gives None: the event ends here
    op.output("out", nothing, TestingSink([]))
    run_main(flow)
    return count / (time.perf_counter() - begin)


def pathway(count: int) -> float:
    """Its Python connector and a subscriber; a row arrives as a dict, 100 ms at a time."""
    import pathway as pw  # noqa: PLC0415

    begin = 0.0

    class Source(pw.io.python.ConnectorSubject):  # type: ignore[misc,name-defined]
        def run(self) -> None:
            nonlocal begin
            begin = time.perf_counter()
            for _ in range(count):
                self.next(kind=TYPE, priority=4, data=TEXT)

    def handle(key: object, row: dict[str, Any], time: int, is_addition: bool) -> None:
        read_parts(row["kind"], row["priority"], row["data"])

    schema = pw.schema_from_types(kind=str, priority=int, data=str)
    pw.internals.parse_graph.G.clear()  # of the last round
    rows = pw.io.python.read(Source(), schema=schema, autocommit_duration_ms=100)
    pw.io.subscribe(rows, on_change=handle)
    pw.run(monitoring_level=pw.MonitoringLevel.NONE)
    return count / (time.perf_counter() - begin)


def faststream(count: int, broker: Any, test: Any) -> float:
    """Its brokers for tests: the handler runs inside publish, after JSON and pydantic."""
    broker = broker(logger=None)

    @broker.subscriber("events")
    async def on_event(event: dict[str, Any]) -> None:
        read_parts(event["kind"], event["priority"], event["data"])

    async def run() -> float:
        async with test(broker) as running:
            begin = time.perf_counter()
            for _ in range(count):
                await running.publish({"kind": TYPE, "priority": 4, "data": TEXT}, "events")
            return time.perf_counter() - begin

    return count / asyncio.run(run())


def faststream_rabbit(count: int) -> float:
    """Without a server."""
    from faststream.rabbit import RabbitBroker, TestRabbitBroker  # noqa: PLC0415

    return faststream(count, RabbitBroker, TestRabbitBroker)


def faststream_kafka(count: int) -> float:
    """Without a server."""
    from faststream.kafka import KafkaBroker, TestKafkaBroker  # noqa: PLC0415

    return faststream(count, KafkaBroker, TestKafkaBroker)


PEERS: tuple[Peer, ...] = (
    ("csp, push adapter, real time", "csp", csp, 3),
    ("bytewax, pulled 1 by 1", "bytewax", partial(bytewax, batch=1), 10),
    ("bytewax, pulled 256 at a time", "bytewax", partial(bytewax, batch=256), 2),
    ("pathway, Python connector", "pathway", pathway, 20),
    ("faststream, TestKafkaBroker, no queue", "faststream", faststream_kafka, 200),
    ("faststream, TestRabbitBroker, no queue", "faststream", faststream_rabbit, 1_000),
)


def figures(*, quick: bool) -> list[Figure]:
    """The engine beside every peer that is there."""
    return side_by_side(PEERS, 10_000 if quick else 500_000)
