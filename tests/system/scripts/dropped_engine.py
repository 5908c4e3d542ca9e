"""Drops a running engine without stopping it; a receipt still tells of its events."""

from __future__ import annotations

import gc

import veltrix as vx

app = vx.Pipeline("dropped")


@app.handler("late")
def late(event: vx.Event) -> None:
    print("still here", flush=True)


def publish() -> vx.Receipt:
    return vx.Engine(app).start().publish("late", after="20ms")


receipt = publish()
gc.collect()
assert receipt.settled(timeout=10) == {"late": "done"}
