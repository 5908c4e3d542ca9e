"""High events beside low ones at 120 % load, 1 ms a handler: the engine beside RabbitMQ's priority
queue, whose consumer takes one message at a time (prefetch 1) and acknowledges it. RabbitMQ's
publisher is a process of its own, the engine's a thread beside its handlers. make bench-peers.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from isolation import through_engine, through_low_latency
from measure import Figure, left_out
from overload import PATIENCE, SCALES, Load, Side, figures_of, take_turns
from rabbitmq import connect, missing, rabbitmq

PEER = "RabbitMQ, x-max-priority, prefetch 1"
PUBLISHER = Path(__file__).with_name("rabbitmq_publisher.py")
QUEUE = "bench"


def through_rabbitmq(load: Load, port: int) -> None:
    """A classic queue, transient messages, every one acknowledged by hand."""
    connection = connect(port)
    channel = connection.channel()
    channel.queue_declare(QUEUE, arguments={"x-max-priority": 9})
    channel.queue_purge(QUEUE)
    channel.basic_qos(prefetch_count=1)

    def on_message(channel: Any, method: Any, _: Any, body: bytes) -> None:
        high, due_ns = map(int, body.split())
        load.handle(bool(high), due_ns)
        channel.basic_ack(method.delivery_tag)

    channel.basic_consume(QUEUE, on_message)
    command = [sys.executable, str(PUBLISHER), str(port), "coarse", str(load.seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as publisher:
        while publisher.poll() is None:
            connection.process_data_events(0.05)
        if publisher.returncode or publisher.stdout is None:
            raise RuntimeError(f"the publisher ended with {publisher.returncode}")
        told = json.load(publisher.stdout)
    load.begun_ns, load.late_us = told["begun_ns"], told["late_us"]
    end = time.monotonic() + load.seconds * PATIENCE
    while load.left and time.monotonic() < end:
        connection.process_data_events(0.05)
    load.over = True
    connection.close()


def figures(*, quick: bool) -> list[Figure]:
    """All sides take turns, the server idles meanwhile."""
    why = missing()
    if why:
        left_out(PEER, why)
        return []
    with rabbitmq() as port:
        sides: dict[str, Side] = {
            "engine": through_engine,
            "engine, low latency": through_low_latency,
            PEER: lambda load: through_rabbitmq(load, port),
        }
        seen = take_turns(sides, SCALES["coarse"], 0.2 if quick else 3.0)
    return [
        figure
        for mine in ("engine", "engine, low latency")
        for figure in figures_of(seen, mine, (PEER,), {"target": 1.0})
    ]
