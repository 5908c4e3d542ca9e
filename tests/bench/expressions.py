"""A filter over a JSON event: ``vx.Expression`` against ``cel-expr-python``, Google's C++ runtime.

The event is a CloudEvents line of 263 bytes, of which the filter reads two members. Each side
compiles its expression once. The baseline takes the same bytes by ``json.loads``, which is the
shortest way that it has; given an event that is parsed already, it is measured as well.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from cel_expr_python import cel
from measure import Figure, alternate, compare

import veltrix as vx

TEXT = "event.type == 'com.shop.order.created' && event.data.amount > 900"
EVENT = {
    "specversion": "1.0",
    "id": "0123456789abcdef",
    "source": "/shop/042",
    "type": "com.shop.order.created",
    "subject": "customer-01234",
    "time": "2024-05-17T12:34:56Z",
    "datacontenttype": "application/json",
    "partitionkey": "c01234",
    "priority": 5,
    "data": {"amount": 950, "note": "." * 20},
}
LINE = json.dumps(EVENT, separators=(",", ":")).encode()


def per_second(call: Callable[[], object], count: int) -> Callable[[], float]:
    """Measures a call; it must say yes."""

    def run() -> float:
        assert call()
        begin = time.perf_counter()
        for _ in range(count):
            call()
        return count / (time.perf_counter() - begin)

    return run


def figures(*, quick: bool) -> list[Figure]:
    """Measure with the event as bytes, and as an object of either side."""
    count = 200 if quick else 100_000
    rounds = 1 if quick else 5
    mine = vx.Expression(TEXT)
    event = vx.Event.from_json(LINE)
    environment = cel.NewEnv(variables={"event": cel.Type.DYN})
    theirs = environment.compile(TEXT)

    def from_bytes() -> bool:
        return bool(theirs.eval(data={"event": json.loads(LINE)}).plain_value())

    def from_dict() -> bool:
        return bool(theirs.eval(data={"event": EVENT}).plain_value())

    sides = {
        "bytes": per_second(lambda: mine.evaluate(LINE), count),
        "vx.Event": per_second(lambda: mine.evaluate(event), count),
        "dict": per_second(lambda: mine.evaluate(EVENT), count),
        "cel-expr-python, bytes": per_second(from_bytes, count // 10),
        "cel-expr-python, dict": per_second(from_dict, count // 10),
    }
    runs = alternate(sides, rounds)
    pairs = [
        ("JSON bytes", "bytes", "cel-expr-python, bytes", 5.0),
        ("an Event", "vx.Event", "cel-expr-python, dict", 5.0),
        ("a dict", "dict", "cel-expr-python, dict", None),
    ]
    return [
        compare(one, other, runs, name=f"filter over {name}", unit="events/s", target=target)
        for name, one, other, target in pairs
    ]
