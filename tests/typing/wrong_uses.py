"""What mypy --strict must refuse. Every line is an error: an unused ``ignore`` fails the check."""

from __future__ import annotations

from typing import Any

import veltrix as vx
from veltrix import testing

app = vx.Pipeline("hunt")

vx.Pipeline()  # type: ignore[call-arg]
vx.Pipeline("hunt", unmached="drop")  # type: ignore[call-arg]
app.handler("a", where=True)  # type: ignore[arg-type]
app.handler("a", priority=1.5)  # type: ignore[arg-type]
app.handler("a", order="fifo")  # type: ignore[arg-type]
app.handler("a", concurrency="4")  # type: ignore[arg-type]
app.queue("q", ttl=[])  # type: ignore[arg-type]
app.queue("q", latest=True)  # type: ignore[arg-type]
app.queue("q", pool="fibres")  # type: ignore[arg-type]
app.route("r", type="a")  # type: ignore[call-arg]
app.route("r", type="a", to="q", where=5)  # type: ignore[arg-type]
app.source("s")  # type: ignore[call-arg]
app.source("s", "in", connector="kafka")  # type: ignore[arg-type]
app.event(key="data.x")  # type: ignore[call-arg]


@app.lifespan  # type: ignore[type-var]
async def resources(state: Any) -> None: ...


def wrong(event: vx.Event[int], ctx: vx.Context, engine: vx.Engine) -> None:
    event.data.team  # type: ignore[attr-defined]  # noqa: B018
    event.type = "b"  # type: ignore[misc]
    event.prority  # type: ignore[attr-defined]  # noqa: B018
    ctx.attempt = 2  # type: ignore[misc]
    ctx.settle(event, 5)  # type: ignore[arg-type]
    engine.publish("a", {}, prority=5)  # type: ignore[call-arg]
    engine.publish("a", {}, {})  # type: ignore[call-arg, arg-type]
    engine.publish("a", after=[])  # type: ignore[arg-type]
    engine.publish(vx.Event("a"), timeout=1)  # type: ignore[call-arg]
    engine.drain(timeout=[])  # type: ignore[arg-type]
    engine.stats().queues["q"].wait.p95  # type: ignore[attr-defined]  # noqa: B018
    vx.Engine(5)  # type: ignore[arg-type]
    vx.Engine(app, threads=5)  # type: ignore[call-arg]


def wrong_receipt(receipt: vx.Receipt) -> None:
    receipt.accepted(1, 2)  # type: ignore[call-arg]
    receipt.accepted(timeout=[])  # type: ignore[arg-type]
    receipt.settled().scores  # type: ignore[attr-defined]  # noqa: B018
    receipt.sequence + 1  # type: ignore[operator]
    receipt.id = "5"  # type: ignore[misc]
    assert receipt.state != "done"  # type: ignore[comparison-overlap]
    assert receipt.settled()["q"] == "doen"  # type: ignore[comparison-overlap]
    vx.Receipt("5")  # type: ignore[call-arg]


@app.handler("a")  # type: ignore[type-var]
def returns_a_number(event: vx.Event) -> int:
    return 5


vx.Event()  # type: ignore[call-overload]
vx.Event("a", prority=5)  # type: ignore[call-overload]
vx.Event("a", time=5.0)  # type: ignore[call-overload]
vx.Event("a", after=[])  # type: ignore[call-overload]
vx.Retry(after=[])  # type: ignore[arg-type]
vx.DeadLetter()  # type: ignore[call-arg]
testing.Simulation(app, sed=1)  # type: ignore[call-arg]
vx.Expression()  # type: ignore[call-arg]
vx.Expression("1", 5)  # type: ignore[arg-type]
vx.Expression("1").text = "2"  # type: ignore[misc]
vx.Expression("1").evaluate()  # type: ignore[call-arg]


class Mine(vx.Event):  # type: ignore[misc]
    pass
