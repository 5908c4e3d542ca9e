"""How a problem is shown."""

from __future__ import annotations

from veltrix.problems import Place, Problem, did_you_mean


def test_problem_shows_line_and_caret_when_it_has_a_place() -> None:
    place = Place("a.yaml", 14, 5, "    prority: 7", width=7)
    shown = str(Problem(place, "unknown-field", "'prority' is not a route option"))
    assert shown.splitlines() == [
        "a.yaml:14:5: error[unknown-field]: 'prority' is not a route option",
        "   14 |     prority: 7",
        "      |     ^^^^^^^",
    ]


def test_problem_is_one_line_when_it_has_no_line() -> None:
    problem = Problem(Place("pipeline 'x'"), "no-queue", "no queue", "warning")
    assert str(problem) == "pipeline 'x': warning[no-queue]: no queue"


def test_problem_keeps_the_caret_in_place_when_the_line_has_tabs() -> None:
    lines = str(Problem(Place("a", 1, 3, "\t\tx"), "c", "m")).splitlines()
    assert lines[1].index("x") == lines[2].index("^")


def test_did_you_mean_is_silent_when_nothing_is_near() -> None:
    assert did_you_mean("xyz", ["priority"]) == ""
    assert did_you_mean(5, ["priority"]) == ""
