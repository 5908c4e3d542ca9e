"""Cost: CPU time of the engine's threads, and memory."""

from __future__ import annotations

import time

import veltrix as vx
from veltrix.cost import Cost
from veltrix.testing import Simulation

CPU = 0.02  # seconds that the handler works


def busy() -> vx.Pipeline:
    app = vx.Pipeline("busy")

    @app.handler("work")
    def work(event: vx.Event) -> None:
        until = time.thread_time() + CPU
        while time.thread_time() < until:
            pass

    return app


def test_cost_is_nothing_before_the_start_and_in_a_simulation() -> None:
    with Simulation(busy()) as sim:
        sim.publish("work")
        sim.run()
        cost = sim.stats().cost
    assert (cost.native_cpu, cost.python_cpu, bool(cost)) == (0.0, 0.0, False)
    cost = vx.Engine(busy()).stats().cost
    assert not cost
    assert cost.handled == 0
    assert cost.native_cpu_per_million is cost.python_cpu_per_million is None
    assert cost.peak_rss_per_million is None
    assert cost.peak_rss > 1 << 20


def test_cost_counts_the_work_of_handlers_as_python() -> None:
    with vx.Engine(busy()) as engine:
        for _ in range(3):
            engine.publish("work")
        engine.drain()
        running = engine.stats().cost
    stopped = engine.stats().cost
    assert running.python_cpu >= 3 * CPU
    assert stopped.python_cpu >= running.python_cpu  # the threads are gone, their time is kept
    assert 0 < stopped.native_cpu < stopped.python_cpu
    assert stopped.handled == 3
    assert stopped.python_cpu_per_million == stopped.python_cpu / 3 * 1e6
    assert stopped.peak_rss_per_million == stopped.peak_rss / 3 * 1e6
    shown = f"cost: {stopped}".partition(", peak memory")[0]  # which may have risen since
    assert shown in str(engine.stats())
    assert shown in engine.stats()._repr_html_()


def test_cost_per_million_is_shown_only_when_many_were_handled() -> None:
    few = Cost(1.0, 2.0, 1 << 20, 9_999, 100.0, 200.0)
    assert str(few) == "CPU 1.00s native + 2.00s Python, peak memory 1 MiB"
    many = Cost(1.0, 2.0, 1 << 20, 10_000, 100.0, 200.0)
    assert "(per million 100s + 200s)" in str(many)
