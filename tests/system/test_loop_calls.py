"""What a program calls on its own event loop: receipts, ``apublish``, ``adrain``, ``astop``."""

from __future__ import annotations

import asyncio

import pytest

import veltrix as vx
from system.coroutine_gate import WAIT, Gate


def test_receipts_are_awaited_without_holding_the_loop_up() -> None:
    app, gate = vx.Pipeline("hunt"), Gate()

    @app.handler("a", concurrency=5)
    async def push(event: vx.Event) -> None:
        await gate.hold()

    async def main() -> None:
        async with vx.Engine(app) as engine:
            receipts = engine.publish_many(range(5), type="a")
            assert await receipts is receipts
            assert (await receipts[0]).state == "accepted"
            with pytest.raises(vx.WaitTimeoutError):
                await receipts[0].asettled(0.01)
            with pytest.raises(vx.DeadlockError, match="asettled"):
                receipts[0].settled(1)
            gate.open()
            assert await receipts.asettled(WAIT) == {("push", "done"): 5}
            assert await receipts[0].asettled() == {"push": "done"}

    asyncio.run(main())


def test_publish_that_would_wait_raises_on_a_loop_and_apublish_waits() -> None:
    app, gate = vx.Pipeline("hunt"), Gate()

    @app.handler("a", key="data.team", capacity={"events": 2}, overflow={"timeout": "20s"})
    async def push(event: vx.Event) -> None:
        await gate.hold()

    async def main() -> None:
        async with vx.Engine(app) as engine:
            engine.publish("a")
            engine.publish("a")
            with pytest.raises(vx.QueueFullError, match="apublish"):
                engine.publish("a")
            waiting = [asyncio.ensure_future(engine.apublish("a", n)) for n in range(3)]
            await asyncio.sleep(0)
            assert not any(task.done() for task in waiting)
            gate.open()
            receipts = await asyncio.gather(*waiting)
            assert [await receipt.asettled(WAIT) for receipt in receipts] == [{"push": "done"}] * 3
            totals = engine.stats().totals
            assert totals.rejected == 1, "only the refused one"
            assert totals.key_missing == 6, "once each, however often they asked for room"

    asyncio.run(main())


def test_apublish_gives_up_when_the_queue_says_so() -> None:
    app, gate = vx.Pipeline("hunt"), Gate()

    @app.handler("a", capacity={"events": 1}, overflow={"timeout": "20ms"})
    async def push(event: vx.Event) -> None:
        await gate.hold()

    async def main() -> None:
        async with vx.Engine(app) as engine:
            await engine.apublish("a")
            with pytest.raises(vx.QueueFullError, match="'push' is full"):
                await engine.apublish("a")
            assert engine.stats().totals.rejected == 1
            gate.open()

    asyncio.run(main())


def test_calls_that_would_stop_the_loop_are_refused_by_name() -> None:
    app = vx.Pipeline("hunt")

    @app.handler("a")
    async def push(event: vx.Event) -> None: ...

    async def main() -> None:
        async with vx.Engine(app) as engine:
            with pytest.raises(vx.DeadlockError, match=r"await adrain\(\)"):
                engine.drain()
            with pytest.raises(vx.DeadlockError, match=r"await astop\(\)"):
                engine.stop()

    asyncio.run(main())


def test_a_cancelled_block_stops_without_draining() -> None:
    app, gate = vx.Pipeline("hunt"), Gate()

    @app.handler("a")
    async def hangs(event: vx.Event) -> None:
        await gate.hold()

    engine = vx.Engine(app)

    async def main() -> None:
        async with engine:
            engine.publish("a")
            await asyncio.sleep(3600)  # hangs on purpose

    async def cancel() -> None:
        task = asyncio.ensure_future(main())
        assert await asyncio.to_thread(gate.full.wait, WAIT)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    assert engine.stats().queues["hangs"].in_flight == 1


def test_a_cancelled_drain_gives_its_thread_back() -> None:
    app, gate = vx.Pipeline("hunt"), Gate()

    @app.handler("a")
    async def hangs(event: vx.Event) -> None:
        await gate.hold()

    async def main(engine: vx.Engine) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(engine.adrain(), 0.05)
        report = await engine.adrain("120ms")  # more than one slice
        assert (bool(report), report.elapsed >= 0.119) == (False, True)

    engine = vx.Engine(app).start()
    engine.publish("a")
    asyncio.run(main(engine))  # waits for the threads of its executor, which drained for ever
    assert not engine.drain(0)
    gate.open()
    assert engine.stop()
