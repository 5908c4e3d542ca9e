"""Starts a worker process while an engine runs. Argument: the start method."""

from __future__ import annotations

import multiprocessing
import sys

import veltrix as vx


def work(numbers: list[int]) -> int:
    app = vx.Pipeline("worker")
    seen = []

    @app.handler("n")
    def add(event: vx.Event) -> None:
        seen.append(event.data)

    with vx.Engine(app) as engine:
        for number in numbers:
            engine.publish("n", number)
    return sum(seen)


def use_the_parents(publish: bool) -> str:
    try:
        engine.publish("n") if publish else engine.drain()
    except vx.VeltrixError as error:
        return error.code
    return "done"


if __name__ == "__main__":
    app = vx.Pipeline("main")

    @app.handler("n")
    def nothing(event: vx.Event) -> None:
        pass

    with vx.Engine(app) as engine:
        engine.publish("n").settled(timeout=10)
        context = multiprocessing.get_context(sys.argv[1])
        with context.Pool(2) as pool:
            print(sum(pool.map(work, [[1, 2], [3, 4], [5]])))
            if sys.argv[1] == "fork":  # the others do not have it
                assert pool.map(use_the_parents, [True, False]) == ["forked", "forked"]
        assert engine.publish("n").settled(timeout=10) == {"nothing": "done"}
