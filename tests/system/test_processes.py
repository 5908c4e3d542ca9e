"""Handlers in worker processes: what crosses the border, what a dying worker takes with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import veltrix as vx
from system import worked
from system.pipelines import LONG
from veltrix.pipeline.model import LoggingModel
from veltrix.processes import ProcessHandler, pool, process_handler

pytestmark = pytest.mark.slow


def children() -> set[int]:
    """Processes whose parent is this one."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and fields[0] != "Z":
            found.add(int(stat.parent.name))
    return found


@pytest.fixture(autouse=True)
def no_orphans() -> Iterator[None]:
    before = children()
    yield
    assert children() <= before


@pytest.fixture
def run() -> Iterator[Any]:
    """Makes a pipeline whose queue `work` runs a function in worker processes."""
    made: list[ProcessHandler] = []

    def make(function: Any, setup: dict[str, Any] | None = None, **options: Any) -> vx.Pipeline:
        handler = process_handler(function, function.__name__, **(setup or {}))
        made.append(handler)
        app = vx.Pipeline("processes")

        def work(event: vx.Event, ctx: vx.Context) -> Any:
            return handler(event, ctx)

        app.handler("a", queue="work", **options)(work)
        return app

    yield make
    for handler in made:
        handler.close()


def letters(engine: vx.Engine) -> dict[str, tuple[str, str]]:
    return {each.event.id: (each.code, each.text) for each in engine.dead_letters.list()}


ONCE = {"max_attempts": 1}


def test_follow_ups_and_the_context_cross_both_ways(run: Any) -> None:
    setup = {"lifespan": worked.resources, "payload_types": [(worked.Found, "found")]}
    app, seen = run(worked.tell, setup, timeout="1m"), list[vx.Event]()

    @app.handler(["told", "found"], queue="seen")
    def collect(event: vx.Event) -> None:
        seen.append(event)

    text = '{"specversion":"1.0","id":"p","source":"s","type":"a","traceparent":"00-1-2-01"}'
    with vx.Engine(app) as engine:
        receipt = engine.publish(vx.Event.from_json(text))
        engine.drain(timeout=LONG)
        sequence = receipt.sequence
    told, found, own = sorted(seen, key=lambda event: (event.id == "own-id", event.type != "told"))
    pid = told.data.pop("pid")
    assert pid != os.getpid()
    assert told.data == {
        "opened": pid,
        "queue": "work",
        "attempt": 1,
        "sequence": sequence,
        "deadline": True,
        "key": "s#p@work",
        "trace": "00-1-2-01",
        "group": True,
    }
    assert (found.type, found.data) == ("found", {"team": "red"})
    assert (own.priority, own.causationid, told.causationid) == (9, "p", "p")
    assert told.id[14] == found.id[14] == "8"  # derived, as those of any handler


def test_a_worker_that_dies_fails_its_attempt_and_nothing_else(run: Any) -> None:
    with vx.Engine(run(worked.work, retry=ONCE)) as engine:
        for name in ("fine", "exit", "fine", "kill", "interrupt"):
            engine.publish("a", {"do": name}, id=f"{name}-{time.monotonic_ns()}")
        engine.drain(timeout=60)
        found = {name.partition("-")[0]: said for name, said in letters(engine).items()}
        assert engine.stats().queues["work"].done == 3  # Ctrl-C is not for workers
    assert set(found) == {"exit", "kill"}
    for name, why in (("exit", "exited with status 7"), ("kill", "killed by SIGKILL")):
        code, text = found[name]
        assert code == "WorkerDiedError"
        assert (
            f"the worker process of handler 'work' died: it {why}".replace(
                "it killed", "it was killed"
            )
            in text
        )
        assert f"with event {name}-" in text


def test_errors_are_judged_by_the_rules_of_the_queue(run: Any) -> None:
    rules = {"max_attempts": 3, "backoff": "1ms", "dead_on": ["builtins.ConnectionError"]}
    with vx.Engine(run(worked.work, retry=rules)) as engine:
        engine.publish("a", {"do": "raise"}, id="dead")
        engine.publish("a", {"do": "leave"}, id="again")
        engine.drain(timeout=60)
        rows = {each.event.id: each for each in engine.dead_letters.list()}
    assert (rows["dead"].code, rows["dead"].attempts) == ("BrokenError", 1)
    assert "raise BrokenError(1, 2)" in rows["dead"].text  # the worker's own traceback
    assert (rows["again"].code, rows["again"].attempts) == ("SystemExit", 3)


def test_signals_and_payloads_cross(run: Any) -> None:
    with vx.Engine(run(worked.work)) as engine:
        receipt = engine.publish("a", {"do": "signal", "drop": True})
        assert receipt.settled(timeout=60) == {"work": "drop"}
        assert engine.stats().queues["work"].dropped == {"unwanted": 1}
        again = engine.publish("a", {"do": "signal"}, id="later")
        while not engine.stats().queues["work"].retried:
            engine.drain(timeout=0.01)
        assert engine.cancel(again.id) == ["work"]


@pytest.mark.parametrize(
    ("function", "code"), [(worked.many, "RuntimeError"), (worked.odd, "TypeError")]
)
def test_what_cannot_be_yielded_fails_the_attempt(run: Any, function: Any, code: str) -> None:
    with vx.Engine(run(function, retry=ONCE)) as engine:
        engine.publish("a", {}, id="x")
        engine.drain(timeout=60)
        assert letters(engine)["x"][0] == code


def test_a_timeout_kills_the_worker_and_the_next_one_goes_on(run: Any) -> None:
    with vx.Engine(run(worked.work, retry=ONCE, timeout="4s")) as engine:
        engine.publish("a", {"do": "spin"}, id="x")
        after = engine.publish("a", {"do": "fine"}, id="y")
        assert after.settled(timeout=60) == {"work": "done"}
        assert letters(engine)["x"][0] in ("timeout", "TimeoutError")


def test_a_payload_that_does_not_decode_is_dead_at_once() -> None:
    handler = process_handler(worked.typed, "typed")
    app = vx.Pipeline("processes")

    @app.handler("a", queue="work")
    def work(event: vx.Event[worked.Found], ctx: vx.Context) -> Any:
        return handler(event, ctx)

    with vx.Engine(app) as engine:
        engine.publish("a", {"team": 5}, id="x")
        assert engine.publish("a", {"team": "red"}).settled(timeout=60) == {"work": "done"}
        engine.drain(timeout=60)
        (letter,) = engine.dead_letters.list()
    assert (letter.code, letter.attempts) == ("invalid_payload", 1)
    handler.close()


def test_a_worker_that_dies_while_it_is_idle_costs_no_attempt() -> None:
    handler = process_handler(worked.work, "work")
    app = vx.Pipeline("processes")

    @app.handler("a", queue="work", retry=ONCE)
    def work(event: vx.Event, ctx: vx.Context) -> Any:
        return handler(event, ctx)

    with vx.Engine(app) as engine:
        assert engine.publish("a", {"do": "fine"}).settled(timeout=60) == {"work": "done"}
        (idle,) = handler._pool._idle
        os.kill(idle.process.pid, signal.SIGKILL)
        os.waitid(os.P_PID, idle.process.pid, os.WEXITED | os.WNOWAIT)
        assert engine.publish("a", {"do": "fine"}).settled(timeout=60) == {"work": "done"}
    handler.close()


def test_middleware_runs_in_the_parent_around_the_worker(run: Any) -> None:
    app, seen = run(worked.work, retry=ONCE), list[object]()

    class See(vx.Middleware):
        def before(self, event: Any, ctx: vx.Context) -> None:
            seen.append(os.getpid())

        def failed(self, event: Any, ctx: vx.Context, error: BaseException) -> None:
            seen.append(type(error))

    app.middleware(See())
    with vx.Engine(app) as engine:
        engine.publish("a", {"do": "exit"})
        engine.drain(timeout=60)
    assert seen == [os.getpid(), vx.WorkerDiedError]


def test_stop_ends_a_worker_that_computes(run: Any) -> None:
    handler = process_handler(worked.work, "work")
    app = vx.Pipeline("processes")

    @app.handler("a", queue="work")
    def work(event: vx.Event, ctx: vx.Context) -> Any:
        return handler(event, ctx)

    engine = vx.Engine(app).start()
    engine.publish("a", {"do": "spin"})
    while not handler._pool._busy:
        engine.drain(timeout=0.01)
    handler.close()
    assert not engine.stop(0)  # the attempt is left
    assert engine.stats().running is False


def test_calls_at_the_same_time_have_a_worker_each_and_leave_in_order(
    run: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    setup = {"lifespan": worked.resources, "payload_types": [(worked.Found, "found")]}
    handler = process_handler(worked.tell, "tell", **setup)  # type: ignore[arg-type]
    app, seen, meet = vx.Pipeline("processes"), set[int](), threading.Barrier(2)

    @app.handler("a", queue="work", concurrency=2, order="none")
    def work(event: vx.Event, ctx: vx.Context) -> None:
        meet.wait(LONG)
        seen.add(next(iter(handler(event, ctx))).data["pid"])

    with vx.Engine(app) as engine:
        for _ in range(2):
            engine.publish("a", {})
        engine.drain(timeout=60)
    assert len(seen) == 2
    handler.close()
    assert capfd.readouterr().err.count(worked.closed) == 2


def test_workers_log_as_the_pipeline_says(run: Any, capfd: pytest.CaptureFixture[str]) -> None:
    setup = {"logging": LoggingModel(format="json")}
    with vx.Engine(run(worked.work, setup)) as engine:
        engine.publish("a", {"do": "log"}, id="x").settled(timeout=60)
    line = capfd.readouterr().err
    assert '"message":"from the worker","event_id":"x","queue":"work","attempt":1' in line


def test_a_worker_that_cannot_start_says_why_at_every_attempt(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "FIRST_PAUSE", 0.01)
    module = tmp_path / "vx_only_here.py"
    module.write_text("def work(event): ...\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    import vx_only_here  # noqa: PLC0415 - made just now

    module.write_text("raise ImportError('no such library')\n")
    app = run(vx_only_here.work, retry={"max_attempts": 2, "backoff": "1ms"})
    with vx.Engine(app) as engine:
        engine.publish("a", {}, id="x")
        engine.drain(timeout=60)
        code, text = letters(engine)["x"]
        assert [each.code for each in engine.dead_letters.list()[0].history] == [
            "WorkerDiedError"
        ] * 2
    assert code == "WorkerDiedError"
    assert "the worker process of handler 'work' cannot start" in text
    assert "no such library" in text


def test_starts_in_vain_are_spaced(run: Any) -> None:
    frame = b'{"path": []}'  # no veltrix to import: every worker ends at once
    workers = pool.WorkerPool(frame, "work")
    begun = time.monotonic()
    for _ in range(3):
        with pytest.raises(vx.WorkerDiedError, match="did not start: it exited with status 1"):
            workers.take(None)
    assert time.monotonic() - begun >= pool.FIRST_PAUSE  # the first two at once
    workers.close()
    with pytest.raises(vx.WorkerDiedError, match="its engine stops"):
        workers.take(None)


PARENT = """
import os, sys
sys.path.insert(0, {tests!r})
import veltrix as vx
from system import worked
from veltrix.processes import process_handler
handler = process_handler(worked.{function}, "work")
app = vx.Pipeline("parent")
app.handler("a", queue="work")(lambda event, ctx: handler(event, ctx))
engine = vx.Engine(app).start()
engine.publish("a", {{"do": "fine"}}).settled(timeout=60)
if {busy}:
    engine.publish("a", {{"do": "spin"}})
    while not handler._pool._busy:
        engine.drain(timeout=0.01)
if {fork}:
    pid = os.fork()
    if pid == 0:
        sys.exit(0)
    assert os.waitpid(pid, 0)[1] == 0
    engine.publish("a", {{"do": "fine"}}).settled(timeout=60)
workers = handler._pool._idle + list(handler._pool._busy)
print(*[worker.process.pid for worker in workers], flush=True)
{ending}
"""


@pytest.mark.parametrize("busy", [False, True])
@pytest.mark.parametrize("ending", ["sys.exit(0)", "sys.stdin.read()"])
def test_workers_end_with_their_parent_however_it_ends(busy: bool, ending: str) -> None:
    tests = str(Path(__file__).parents[1])
    text = PARENT.format(tests=tests, function="work", busy=busy, fork=not busy, ending=ending)
    with subprocess.Popen(
        [sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert pids
        if "stdin" in ending:
            parent.kill()
        assert parent.wait(30) in (0, -signal.SIGKILL)
    until = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < until:
        threading.Event().wait(0.05)
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
