"""What an engine writes: which attempt a record belongs to, one line per dead letter, and where."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import veltrix as vx
from system.pipelines import LONG
from veltrix import _core, testing

MINE = logging.getLogger("hunt.handlers")


class Lines(logging.Handler):
    """Keeps records, with the attempt that they were written in."""

    def __init__(self) -> None:
        super().__init__()
        self.addFilter(vx.logs.AttemptFilter())
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def messages(self, logger: str) -> list[str]:
        return [record.getMessage() for record in self.records if record.name == logger]


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    logging.root.addHandler(handler)
    level = logging.root.level
    logging.root.setLevel(logging.INFO)
    yield handler
    logging.root.setLevel(level)
    logging.root.removeHandler(handler)


def writing(**settings: object) -> vx.Pipeline:
    app = vx.Pipeline("log", **settings)  # type: ignore[arg-type]

    @app.handler("a", queue="work", retry={"max_attempts": 2, "backoff": "1ms"}, concurrency=2)
    def work(event: vx.Event, ctx: vx.Context) -> Iterator[vx.Event]:
        MINE.info("at work")
        if event.data == "bad":
            raise ValueError("no\nreally")
        yield from ()
        MINE.info("at the end")

    return app


def told(record: logging.LogRecord) -> tuple[object, ...]:
    return tuple(getattr(record, name) for name in ("event_id", "queue", "attempt"))


@pytest.mark.parametrize("kind", [vx.Engine, testing.Simulation])
def test_records_inside_a_handler_carry_its_attempt(kind: type, lines: Lines) -> None:
    with kind(writing()) as running:
        running.publish("a", "bad", id="x")
        running.publish("a", "good", id="y")
        if kind is testing.Simulation:
            running.run()
    found = sorted(told(record) for record in lines.records if record.name == "hunt.handlers")
    assert found == [("x", "work", 1), ("x", "work", 2), ("y", "work", 1), ("y", "work", 1)]
    MINE.info("outside")
    assert told(lines.records[-1]) == (None, None, None)
    assert _core.current_attempt() is None


def test_a_simulation_inside_a_handler_does_not_hide_the_handler() -> None:
    inner, outer, seen = writing(), vx.Pipeline("outer"), list[object]()

    @outer.handler("b", queue="around")
    def around(event: vx.Event) -> None:
        with testing.Simulation(inner) as simulation:
            simulation.publish("a", "good")
            simulation.run()
        seen.append(vx.logs.current_attempt())

    with vx.Engine(outer) as engine:
        engine.publish("b", id="o").settled(timeout=LONG)
    assert seen == [("o", "around", 1)]


def test_each_dead_letter_has_a_line(lines: Lines) -> None:
    with vx.Engine(writing()) as engine:
        engine.publish("a", "bad", id="x")
        engine.publish("nobody.wants.it", id="y")
    assert sorted(lines.messages("veltrix.dead_letters")) == [
        "dead letter: a x, queue work, 2 attempts, ValueError: no",
        "dead letter: nobody.wants.it y, no queue, 0 attempts, unmatched: no route takes this type",
    ]


def test_repeats_are_left_out_and_counted_exactly(lines: Lines) -> None:
    with vx.Engine(writing()) as engine:
        for _ in range(500):
            engine.publish("b")
    letters = [record for record in lines.records if record.name == "veltrix.dead_letters"]
    assert 10 <= len(letters) < 100
    left_out = sum(vars(record)["left_out"] or 0 for record in letters)
    said = sum(vars(record)["event_id"] is not None for record in letters)
    assert said + left_out == engine.stats().dead_letters == 500


def test_lines_come_while_the_engine_runs_from_threads_without_python(lines: Lines) -> None:
    came = threading.Event()
    lines.emit = lambda record: came.set()  # type: ignore[method-assign]
    app = vx.Pipeline("log", unmatched="drop")
    app.sink("out", "/dev/null")
    app.queue("late", sink="out", ttl="1ms", dead_letters={"drops": True})
    app.route("late", type="a", to="late")
    with vx.Engine(app) as engine:
        engine.publish("a", after="5ms", id="x")
        engine.publish("a", after="5ms", id="y")
        while not came.wait(0.01):
            engine.publish("a", after="10ms")


def test_warnings_of_the_engine_are_lines_too(lines: Lines) -> None:
    with vx.Engine(writing()) as engine:
        engine._native.warn("gil_held", "handler 'x' held the GIL for 20 ms")
    assert lines.messages("veltrix.engine") == ["handler 'x' held the GIL for 20 ms"]


def test_a_source_that_cannot_read_on_is_an_error_that_names_what_is_left(
    lines: Lines, tmp_path: Path
) -> None:
    packed = gzip.compress(b'{"specversion":"1.0","id":"1","source":"s","type":"a"}\n')
    (tmp_path / "1.jsonl.gz").write_bytes(packed[:-1])
    for name in ("2.jsonl", "3.jsonl", "4.jsonl"):
        (tmp_path / name).write_text("")
    app = writing()
    app.source("in", str(tmp_path / "*"))
    with vx.Engine(app) as engine:
        assert engine.drain("20s")
    (record,) = [record for record in lines.records if record.name == "veltrix.engine"]
    assert record.levelno == logging.ERROR
    said = record.getMessage()
    assert said == engine.stats().sources["in"].error
    assert "1.jsonl.gz" in said
    assert said.endswith(f'not read: "{tmp_path / "2.jsonl"}" and 2 more behind it')


def test_an_error_in_a_logging_handler_does_not_stop_the_engine(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", hooked.append)

    def emit(record: logging.LogRecord) -> None:
        raise OSError("disk full")

    lines.emit = emit  # type: ignore[method-assign]
    with vx.Engine(writing()) as engine:
        engine.publish("b")
        engine.drain(timeout=LONG)
    assert engine.stats().dead_letters == 1
    assert hooked


def test_stop_from_inside_a_logging_handler_does_not_wait_for_itself(lines: Lines) -> None:
    done = threading.Event()

    def emit(record: logging.LogRecord) -> None:
        engine.stop(0)
        done.set()

    lines.emit = emit  # type: ignore[method-assign]
    engine = vx.Engine(writing()).start()
    engine.publish("b")
    assert done.wait(LONG)
    assert engine.stop(0)


def test_without_the_option_an_engine_installs_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    before = (list(logging.root.handlers), logging.root.level)
    with vx.Engine(writing()) as engine:
        assert (list(logging.root.handlers), logging.root.level) == before
        engine.publish("b")
    assert capfd.readouterr().err == ""
    kinds = [type(handler) for handler in logging.getLogger("veltrix").handlers]
    assert kinds == [logging.NullHandler]


def test_json_lines_go_to_standard_error_while_the_engine_runs(
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = (list(logging.root.handlers), logging.root.level)
    with vx.Engine(writing(logging={"format": "json", "level": "info"})) as engine:
        engine.publish("a", "bad", id="x").settled(timeout=LONG)
    assert (list(logging.root.handlers), logging.root.level) == before
    MINE.error("after the end")
    rows = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert [(row["logger"], row["event_id"], row.get("attempt")) for row in rows] == [
        ("hunt.handlers", "x", 1),
        ("hunt.handlers", "x", 2),
        ("veltrix.dead_letters", "x", None),
    ]
    assert (rows[2]["code"], rows[2]["attempts"], rows[2]["queue"]) == ("ValueError", 2, "work")


def test_the_last_engine_decides_how_lines_look(capfd: pytest.CaptureFixture[str]) -> None:
    outer = vx.Engine(writing(logging={"format": "json", "level": "warning"}))
    inner = vx.Engine(writing(logging={"format": "console", "level": "info"}))
    with outer:
        with inner:
            MINE.info("plain")
        MINE.info("not written")
        MINE.warning("json")
    plain, line = capfd.readouterr().err.splitlines()
    assert plain.endswith("hunt.handlers: plain")
    assert json.loads(line)["message"] == "json"


def test_an_engine_that_cannot_start_takes_its_handler_away(tmp_path: Path) -> None:
    app = writing(logging={"level": "info"})
    app.sink("out", str(tmp_path))  # a folder
    app.queue("sunk", sink="out")
    app.route("r", type="x", to="sunk")
    before = list(logging.root.handlers)
    with pytest.raises(vx.FileError), vx.Engine(app):
        pass
    assert logging.root.handlers == before


@pytest.mark.parametrize(
    "wrong", [{"format": "xml"}, {"level": "loud"}, {"file": "x"}, "json"], ids=str
)
def test_wrong_options_are_refused(wrong: object) -> None:
    with pytest.raises(vx.ConfigError, match="logging"):
        vx.Pipeline("log", logging=wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("whose", ["the engine's own", "the caller's"])
def test_tasks_that_a_coroutine_starts_log_as_its_attempt(lines: Lines, whose: str) -> None:
    app = vx.Pipeline("log")

    async def beside() -> None:
        await asyncio.sleep(0)
        MINE.info("beside")

    @app.handler("a", queue="work")
    async def work(event: vx.Event) -> None:
        await asyncio.gather(beside(), beside())
        assert asyncio.get_running_loop().get_task_factory() is not None

    async def on_mine() -> None:
        async with vx.Engine(app) as engine:
            await engine.publish("a", id="x").asettled(LONG)
        await asyncio.create_task(beside())  # nobody's any more
        assert asyncio.get_running_loop().get_task_factory() is None

    if whose == "the caller's":
        asyncio.run(on_mine())
    else:
        with vx.Engine(app) as engine:
            engine.publish("a", id="x").settled(LONG)
    mine = [record for record in lines.records if record.name == MINE.name]
    seen = [(record.event_id, record.queue) for record in mine]  # type: ignore[attr-defined]
    assert seen[:2] == [("x", "work")] * 2
    assert seen[2:] == [(None, None)] * (whose == "the caller's")
