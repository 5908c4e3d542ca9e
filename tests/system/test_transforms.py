"""Transforms from end to end: the page's own example, and what a simulation shows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import veltrix as vx
from system.pipelines import LONG, balanced
from veltrix import testing

PAGE = Path(__file__).resolve().parents[2] / "docs/expressions.md"
(EXAMPLE,) = (
    text
    for text in re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    if "transform:" in text
)


def orders() -> str:
    rows: list[dict[str, Any]] = [
        {"kind": "paid", "amount": 4, "customer": "ada", "card": "4111"},
        {"kind": "paid", "amount": "four", "customer": "bob"},
        {"kind": "lost", "amount": 1, "customer": "cyd", "internal": {"note": 1, "team": "x"}},
    ]
    return "".join(
        json.dumps({"specversion": "1.0", "id": str(n), "source": "/shop", "type": "order"})[:-1]
        + f', "data": {json.dumps(row)}}}\n'
        for n, row in enumerate(rows)
    )


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_example_of_the_page_runs_without_python_handlers(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(EXAMPLE, encoding="utf-8")
    (tmp_path / "orders.jsonl").write_text(orders(), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "veltrix", "run", "shop.yaml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "transform_error" in done.stdout + done.stderr, "amount is a text in one of them"
    (paid,) = lines(tmp_path / "paid.jsonl")
    assert (paid["type"], paid["partitionkey"], paid["causationid"]) == ("order.paid", "ada", "0")
    assert paid["data"] == {"kind": "paid", "amount": 8, "customer": {"name": "ada"}}
    assert (paid["id"], paid["source"]) != ("0", "/shop")
    (other,) = lines(tmp_path / "others.jsonl")
    assert other["data"] == {"kind": "lost", "amount": 2, "customer": {"name": "cyd"}}
    assert other["id"] != "2"


def app(**transform: Any) -> vx.Pipeline:
    made = vx.Pipeline("shop")
    made.route("orders", type="order", to="clean")
    made.queue("clean", transform={"type": "'clean'", "publish": True, **transform})
    return made


def test_handler_gets_what_became_of_the_event() -> None:
    pipeline, got = app(set={"n": "data.n + 1"}), list[vx.Event]()

    @pipeline.handler("clean")
    def take(event: vx.Event) -> None:
        got.append(event)

    with vx.Engine(pipeline) as engine:
        engine.publish("order", {"n": 1}, id="o-1")
        assert engine.drain(timeout=LONG)
        stats = engine.stats()
    (event,) = got
    assert (event.type, event.data) == ("clean", {"n": 2})
    assert (event.causationid, event.correlationid) == ("o-1", "o-1")
    assert balanced(stats)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "set n: data.n: no member 'n' in"),
        ({"n": "x"}, "set n: data.n + 1"),
        ([1], "set n: data.n: data is no object"),
    ],
)
def test_event_is_a_dead_letter_when_an_expression_has_no_value(data: object, said: str) -> None:
    with testing.Simulation(app(set={"n": "data.n + 1"})) as sim:
        sim.publish("order", data)
        sim.run()
        (attempt,) = sim.attempts("clean")
    assert (attempt.outcome, attempt.code) == ("dead", "transform_error")
    assert said in attempt.text


@pytest.mark.parametrize("data", [None, [1], "text", b"bytes", 5, {"other": {"a": 1}}, {"a": "x"}])
def test_to_drop_what_is_not_there_does_no_harm(data: object) -> None:
    with testing.Simulation(app(drop=["a.b", "secret"])) as sim:
        sim.publish("order", data)
        sim.run()
        assert [attempt.outcome for attempt in sim.attempts("clean")] == ["done"]


def test_simulation_applies_the_transform_of_a_sink() -> None:
    pipeline = vx.Pipeline("shop")
    pipeline.route("orders", type="order", to="out")
    pipeline.sink("file", "never-written.jsonl")
    pipeline.queue("out", sink="file", transform={"set": {"n": "data.n + 1"}})
    with testing.Simulation(pipeline) as sim:
        sim.publish("order", {"n": 1})
        sim.publish("order", {})
        sim.run()
        assert [each.outcome for each in sim.attempts("out")] == ["done", "dead"]
