"""Publishes the load of ``overload.py`` from a process of its own: PORT SCALE SECONDS.

Prints as JSON when it began and how late it sent high events.
"""

from __future__ import annotations

import json
import sys

import pika
from overload import SCALES, Load
from rabbitmq import connect

QUEUE = "bench"


def main() -> None:
    """Publish everything, transient, to the default exchange."""
    port, scale, seconds = sys.argv[1:]
    load = Load(SCALES[scale], float(seconds))
    connection = connect(int(port))
    channel = connection.channel()
    low, high = (pika.BasicProperties(priority=priority) for priority in (0, 9))

    def send(is_high: bool, due_ns: int) -> None:
        body = f"{int(is_high)} {due_ns}".encode()
        channel.basic_publish("", QUEUE, body, high if is_high else low)

    load.produce(send)
    connection.close()
    print(json.dumps({"begun_ns": load.begun_ns, "late_us": load.late_us}))


if __name__ == "__main__":
    main()
