"""What a review found, each once: arguments that were lost, errors that hid, calls that crashed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

import veltrix as vx
from system.child import run_script
from system.pipelines import LONG
from veltrix import testing


def test_an_argument_that_equals_the_type_is_not_the_type() -> None:
    event = vx.Event(type="clue", key="clue", id="clue", source="clue", subject="clue")
    assert (event.type, event.key, event.id) == ("clue", "clue", "clue")
    assert (event.source, event.subject) == ("clue", "clue")
    app = vx.Pipeline("hunt")
    seen = []

    @app.handler("**", queue="all")
    def look(event: vx.Event) -> None:
        seen.append((event.type, event.key, event.id))

    with testing.Simulation(app) as sim:
        sim.publish(type="clue", key="clue", id="clue")
        sim.run()
    assert seen == [("clue", "clue", "clue")]


def test_an_engine_that_cannot_be_made_leaves_nothing_behind() -> None:
    app = vx.Pipeline("hunt")

    @app.handler("clue", queue="score")
    def score(event: vx.Event) -> None:
        """Does nothing."""

    path = ".".join(["a"] * 200)
    app.queue("deep", transform={"drop": path, "publish": True})
    app.route("deep", type="other", to="deep")
    for _ in range(20):  # it crashed at the second or third
        with pytest.raises(vx.VeltrixError):
            vx.Engine(app)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"dead_letter_event": 5}, "did you mean 'dead_letter_events'"),
        ({"python_executors": "4"}, "python_executors is a whole number, not '4'"),
        ({"python_executors": -1}, "python_executors is a whole number, not -1"),
        ({"dead_letter_events": 1.5}, "dead_letter_events is a whole number, not 1.5"),
        ({"native_executors": True}, "native_executors is a whole number, not True"),
    ],
)
def test_engine_refuses_options_that_it_does_not_have(options: dict[str, Any], said: str) -> None:
    app = vx.Pipeline("hunt", unmatched="drop")
    app.handler("clue", queue="score")(lambda event: None)
    with pytest.raises((TypeError, vx.VeltrixError), match=said):
        vx.Engine(app, **options)


class Price(msgspec.Struct):
    """The payload of a declared type."""

    amount: float


def test_payloads_that_are_refused_count_however_they_are_published() -> None:
    app = vx.Pipeline("hunt")
    app.event("price")(Price)
    app.handler("price", queue="prices")(lambda event: None)
    with vx.Engine(app) as engine:
        for payload in (Price(float("nan")), Price(float("inf"))):
            with pytest.raises(vx.EventError):
                engine.publish(payload)
        with pytest.raises(vx.EventError):
            engine.publish("price", {"amount": float("nan")})
        assert engine.stats().totals.rejected == 3


def test_a_follow_up_that_is_refused_is_told(caplog: pytest.LogCaptureFixture) -> None:
    app = vx.Pipeline("hunt", unmatched="reject")

    @app.handler("clue", queue="score")
    def score(event: vx.Event):  # type: ignore[no-untyped-def]
        yield vx.Event("nobody.takes.this")

    with vx.Engine(app) as engine:
        engine.publish("clue")
        engine.drain(LONG)
    assert engine.stats().queues["score"].done == 1
    assert "its event 1 was not taken" in caplog.text


def test_patterns_of_dead_letters_are_those_of_routes() -> None:
    app = vx.Pipeline("hunt")

    @app.handler("**", queue="all", retry={"max_attempts": 1})
    def fail(event: vx.Event) -> None:
        raise ValueError

    with vx.Engine(app) as engine:
        for kind in ("user.admin.login", "user@login", "flight.departed", "a.b"):
            engine.publish(kind)
        engine.drain(LONG)
        letters = engine.dead_letters

        def types(pattern: str) -> list[str]:
            return [letter.event.type for letter in letters.list(type=pattern)]

        assert types("user@login") == ["user@login"]
        assert types("user.*.login") == ["user.admin.login"]
        assert types("a.*") == types("**.b") == ["a.b"]
        with pytest.raises(vx.VeltrixError, match="flight"):
            types("flight.dep*")


def test_priority_0_is_shown() -> None:
    app = vx.Pipeline("hunt")
    app.handler("clue", queue="score", priority="bulk")(lambda event: None)
    assert "priority bulk" in str(app.explain(vx.Event("clue")))


def test_simulation_refuses_to_fail_no_attempt() -> None:
    app = vx.Pipeline("hunt")
    app.handler("clue", queue="score")(lambda event: None)
    with testing.Simulation(app) as sim, pytest.raises(ValueError, match="1 or more"):
        sim.fail("score", ValueError("down"), times=0)


def test_a_worker_tells_errors_that_utf8_cannot_say(tmp_path: Path) -> None:
    (tmp_path / "surrogate_handlers.py").write_text(
        "import os\ndef fail(event):\n    raise FileNotFoundError(os.fsdecode(b'bad \\xff name'))\n"
    )
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, json\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        "import veltrix as vx\n"
        "from surrogate_handlers import fail\n"
        "app = vx.Pipeline('hunt')\n"
        "app.handler('clue', queue='q', pool='processes', retry={'max_attempts': 1})(fail)\n"
        "if __name__ == '__main__':\n"
        "    with vx.Engine(app) as engine:\n"
        "        engine.publish('clue'); engine.drain(20)\n"
        "        letter, = engine.dead_letters.list()\n"
        "        print(json.dumps([letter.code, letter.text.splitlines()[-1]]))\n"
    )
    code, text = json.loads(_output(script))
    assert code == "FileNotFoundError"
    assert r"bad \udcff name" in text


def test_calls_without_a_descriptor_left_raise(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import asyncio, os, resource\n"
        "import veltrix as vx\n"
        "app = vx.Pipeline('hunt')\n"
        "app.handler('clue', queue='q')(lambda event: None)\n"
        "coro = vx.Pipeline('coro')\n"
        "@coro.handler('clue', queue='q')\n"
        "async def look(event): ...\n"
        "async def main(engine):\n"
        "    receipt = engine.publish('clue', after='1h')\n"
        "    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))\n"
        "    held = []\n"
        "    try:\n"
        "        while True: held.append(os.open('/dev/null', os.O_RDONLY))\n"
        "    except OSError: pass\n"
        "    try: await receipt.asettled()\n"
        "    except vx.VeltrixError as error: print('watch', type(error).__name__)\n"
        "    try: vx.Engine(coro)\n"
        "    except vx.VeltrixError as error: print('make', type(error).__name__)\n"
        "    try: loops.start()\n"
        "    except OSError as error: print('start', type(error).__name__)\n"
        "    for one in held: os.close(one)\n"
        "loops, engine = vx.Engine(coro), vx.Engine(app)\n"
        "engine.start()\n"
        "asyncio.run(main(engine))\n"
        "engine.stop(0)\n"
    )
    assert _output(script).split() == [
        "watch",
        "FileError",
        "make",
        "FileError",
        "start",
        "OSError",
    ]


def _output(script: Path) -> str:
    ended = run_script(str(script), limit=60)
    assert ended.code == 0, ended
    return ended.out
