"""The loader: every problem of a file with its place, all at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from unit.pipeline.bad_files import CASES, SOUND, added, replaced
from veltrix.errors import ConfigError
from veltrix.pipeline.loader import load, load_text
from veltrix.problems import Problem


def problems(text: str, folder: Path) -> list[Problem]:
    with pytest.raises(ConfigError) as caught:
        load_text("hunt.yaml", text.encode(), folder)
    return list(caught.value.problems)


@pytest.mark.parametrize(("text", "place", "code", "message"), CASES)
def test_load_names_place_and_code_when_one_thing_is_wrong(
    tmp_path: Path, text: str, place: str, code: str, message: str
) -> None:
    found = problems(text, tmp_path)
    wanted = [p for p in found if (str(p.place), p.code) == (f"hunt.yaml:{place}", code)]
    assert len(wanted) == 1, "\n".join(map(str, found))
    assert message in wanted[0].message
    assert wanted[0].place.source == text.splitlines()[wanted[0].place.line - 1]


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 40
    assert load_text("hunt.yaml", SOUND.encode(), Path()).warnings == ()


def test_load_tells_every_problem_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = """\
veltrix: 1
name: my hunt
sources: {game: {path: &p a.jsonl}}
routes: {all: {type: "**", prority: 1, to: score}}
queues:
  scores: {sink: out, concurrency: 0, breaker: {}}
"""
    found = [(str(p.place).removeprefix("hunt.yaml:"), p.code) for p in problems(text, tmp_path)]
    assert found == [
        ("2:7", "invalid-name"),
        ("3:24", "alias"),
        ("4:28", "unknown-field"),
        ("4:44", "unknown-queue"),
        ("6:3", "unreachable-queue"),
        ("6:18", "unknown-sink"),
        ("6:36", "invalid-value"),
        ("6:39", "not-available-yet"),
    ]


def test_error_shows_line_and_caret(tmp_path: Path) -> None:
    text = replaced(9, "    prority: 7")
    found = str(ConfigError(problems(text, tmp_path)))
    assert (
        "hunt.yaml:9:5: error[unknown-field]: 'prority' is not a route option; "
        "did you mean 'priority'?\n"
        "    9 |     prority: 7\n"
        "      |     ^^^^^^^\n"
    ) in f"{found}\n"


def test_load_warns_and_goes_on_when_a_queue_is_out_of_reach(tmp_path: Path) -> None:
    text = SOUND.replace("sinks:", "  spare: {sink: out}\nsinks:")
    (warning,) = load_text("hunt.yaml", text.encode(), tmp_path).warnings
    assert (warning.code, warning.severity) == ("unreachable-queue", "warning")
    assert (warning.place.line, warning.place.column) == (13, 3)


def test_load_is_quiet_when_unmatched_events_go_to_a_queue(tmp_path: Path) -> None:
    text = SOUND.replace("sinks:", "  rest: {sink: out}\nsinks:") + "unmatched: rest\n"
    assert load_text("hunt.yaml", text.encode(), tmp_path).warnings == ()


def test_load_warns_once_when_a_key_goes_to_several_queues(tmp_path: Path) -> None:
    routes = "routes: {a: {ROUTE, to: q}, b: {ROUTE, to: q}, c: {ROUTE, to: r}, d: {ROUTE, to: s}}"
    queues = "queues: {q: {sink: out}, r: {sink: out}, s: {sink: out}}"
    text = f"veltrix: 1\nname: x\n{routes}\n{queues}\nsinks: {{out: {{path: o}}}}\n"
    text = text.replace("ROUTE", "type: a, key: data.k")
    (warning,) = load_text("hunt.yaml", text.encode(), tmp_path).warnings
    assert (warning.code, warning.place.line) == ("shared-key", 3)
    assert "key 'data.k' goes to several queues (q, r)" in warning.message


EXPRESSIONS = """\
veltrix: 1
name: hunt
routes:
  a: {type: a, where: "data.x + 1.0 > 1 + 1.0 && date.y", key: lenth(data.x), to: q}
  b: {type: b, priority: 'data.x > 1 ? 9 : siz(data.y)', to: q}
queues:
  q: {sink: out, dedup: {by: [event.id, "data.a +"], window: 1h}}
sinks: {out: {path: out.jsonl}}
"""


def test_every_fault_of_every_expression_is_told_at_its_place(tmp_path: Path) -> None:
    found = problems(EXPRESSIONS, tmp_path)
    assert [(str(p.place), p.code) for p in found] == [
        ("hunt.yaml:4:50", "unknown-variable"),
        ("hunt.yaml:4:64", "unknown-function"),
        ("hunt.yaml:5:44", "unknown-function"),
        ("hunt.yaml:7:50", "unexpected-end"),
    ]
    assert str(found[2]).splitlines()[2].endswith("^^^")


def test_warnings_of_expressions_have_their_places(tmp_path: Path) -> None:
    text = added("route", 'where: "data.x > 0.5 + 1"') + "\n"
    (warning,) = load_text("hunt.yaml", text.encode(), tmp_path).warnings
    assert (str(warning.place), warning.code) == ("hunt.yaml:10:26", "mixed-arithmetic")
    assert warning.severity == "warning"


def test_variables_in_an_expression_are_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "hunter2' + oops + '")
    (problem,) = problems(added("route", "where: event.subject == '${TOKEN}'"), tmp_path)
    assert (str(problem.place), problem.code) == ("hunt.yaml:10:12", "unknown-variable")
    assert "oops" not in str(problem)


def test_priority_may_be_a_name_a_number_or_an_expression(tmp_path: Path) -> None:
    for written, read in (("urgent", 9), ("3", 3), ("'data.p + 1'", "data.p + 1")):
        model = load_text("a", added("route", f"priority: {written}").encode(), tmp_path).model
        assert model.routes["score"].priority == read


@pytest.mark.parametrize("option", ["where: data.x > 1", "key: data.x", "priority: 'data.x'"])
def test_data_of_objects_is_out_of_reach(tmp_path: Path, option: str) -> None:
    text = added("route", option).replace("    sink: out", "    handler: json:dumps")
    text = text.replace("dumps\n", "dumps\n    payload: reference\n")
    (problem,) = problems(text, tmp_path)
    assert problem.code == "option-clash"
    sound = text.replace("data.x", "event.priority")
    assert load_text("hunt.yaml", sound.encode(), tmp_path).model.routes


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_load_says_what_is_wrong_when_the_file_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=re.escape("error[io]:")):
        load(tmp_path / name)


def test_load_imports_handlers_from_the_folder_of_the_file_first(tmp_path: Path) -> None:
    (tmp_path / "vx_load_handlers.py").write_text("def score(event): return 'mine'\n")
    text = replaced(12, "    handler: vx_load_handlers:score")
    loaded = load_text("hunt.yaml", text.encode(), tmp_path)
    assert loaded.functions["scores"](None) == "mine"


def test_load_refuses_when_another_module_of_that_name_is_loaded(tmp_path: Path) -> None:
    text = replaced(12, "    handler: vx_namesake:score")
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "vx_namesake.py").write_text("def score(event): ...\n")
    load_text("hunt.yaml", text.encode(), tmp_path / "one")
    (problem,) = problems(text, tmp_path / "two")
    assert problem.code == "handler-import"
    assert "is loaded from" in problem.message


@pytest.mark.parametrize(
    ("source", "code", "message"),
    [
        ("1 / 0", "handler-import", "ZeroDivisionError: division by zero"),
        ("def f(:", "handler-import", "SyntaxError"),
        ("import vx_no_such", "handler-import", "No module named 'vx_no_such'"),
        ("raise SystemExit(3)", "handler-import", "SystemExit: 3"),
        ("f = 5", "handler-kind", "is a int, not a function"),
        ("def f(): ...", "handler-signature", "it takes no event"),
        ("def f(e, x): ...", "handler-signature", "call it 'ctx'"),
        ("def f(e, ctx, x): ...", "handler-signature", "nothing is passed for 'x'"),
        ("def f(e, *, x): ...", "handler-signature", "nothing is passed for 'x'"),
        ("def f(e: 'Nothing'): ...", "handler-signature", "annotations cannot be read"),
    ],
)
def test_load_names_the_handlers_line_when_it_cannot_be_used(
    tmp_path: Path, source: str, code: str, message: str
) -> None:
    module = f"vx_bad_{abs(hash(source))}"
    (tmp_path / f"{module}.py").write_text(f"{source}\n")
    (problem,) = problems(replaced(12, f"    handler: {module}:f"), tmp_path)
    assert (problem.place.line, problem.place.column, problem.code) == (12, 14, code)
    assert message in problem.message


def test_load_reports_the_line_of_the_handler_module_when_it_raises(tmp_path: Path) -> None:
    (tmp_path / "vx_raises.py").write_text("x = 1\n\nraise OSError('no disk')\n")
    (problem,) = problems(replaced(12, "    handler: vx_raises:f"), tmp_path)
    assert "OSError: no disk" in problem.message
    assert "vx_raises.py:3)" in problem.message


def test_load_takes_the_whole_schema(tmp_path: Path) -> None:
    text = added("queue", "capacity: {events: 10, bytes: 1MiB, per_key: 2}")
    text += "dispatch: {policy: strict, min_share: 1%}\ndefaults: {queue: {max_wait: 10s}}\n"
    model = load_text("hunt.yaml", text.encode(), tmp_path).model
    assert model.queues["scores"].capacity.bytes == 1 << 20
    assert model.dispatch.min_share == 0.01
    assert model.defaults.queue.max_wait == 10_000_000_000
