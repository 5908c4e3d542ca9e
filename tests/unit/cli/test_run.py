"""``veltrix run``: exit codes, the summary, and no traceback for anything a user can do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from unit.cli.command import folder, veltrix

__all__ = ["folder"]

pytestmark = pytest.mark.slow  # each test starts a Python of its own


@pytest.mark.parametrize("target", ["hunt.yaml", "vx_cli_handlers:app", "./hunt.yaml"])
def test_run_ends_with_0_and_a_table_when_all_is_well(folder: Path, target: str) -> None:
    done = veltrix(folder, "run", target)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert done.stdout.startswith("hunt: received 10 = admitted 10; ledger balances\n")
    assert ["all", "all", "10", "10", "0", "0", "0", "0"] in [line[:8] for line in lines]


def test_run_ends_with_1_and_shows_them_when_letters_are_dead(folder: Path) -> None:
    done = veltrix(folder, "run", "odd.yaml")
    assert done.returncode == 1
    told = "WARNING veltrix.dead_letters: dead letter: a 1, queue all, 1 attempt, dead_letter: odd"
    assert done.stderr.splitlines()[0].endswith(told)
    assert len(done.stderr.splitlines()) == 5
    assert "dead letters: 5" in done.stdout
    assert "a 1 (queue all, dead_letter): odd" in done.stdout


def test_run_ends_with_1_and_shows_them_when_lines_are_rejected(folder: Path) -> None:
    with (folder / "in.jsonl").open("a") as lines:
        lines.write("nonsense\n")
    for _ in range(2):  # the file grows, the report is this run's
        done = veltrix(folder, "run", "hunt.yaml", "--rejects", "bad.jsonl")
        assert (done.returncode, done.stderr) == (1, "")
        assert "rejects: 1 of 11 records, kept in bad.jsonl" in done.stdout
        assert done.stdout.count("in.jsonl:11: error[invalid_json]") == 1
    assert len((folder / "bad.jsonl").read_text().splitlines()) == 2


def test_run_prints_one_object_when_json_is_asked_for(folder: Path) -> None:
    done = veltrix(folder, "run", "odd.yaml", "--json")
    found = json.loads(done.stdout)
    assert found["exit_code"] == done.returncode == 1
    assert found["balanced"]
    assert found["drained"]
    assert found["queues"]["all"]["dead"] == 5
    assert found["sources"]["in"]["records"] == 10


def test_run_logs_as_the_pipeline_says(folder: Path) -> None:
    text = (folder / "odd.yaml").read_text() + "logging: {format: json}\n"
    (folder / "odd.yaml").write_text(text)
    done = veltrix(folder, "run", "odd.yaml", "--quiet")
    rows = [json.loads(line) for line in done.stderr.splitlines()]
    assert [row["event_id"] for row in rows] == ["1", "3", "5", "7", "9"]


def test_run_says_nothing_when_quiet(folder: Path) -> None:
    done = veltrix(folder, "run", "odd.yaml", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_run_leaves_standard_output_to_a_sink(folder: Path) -> None:
    text = (folder / "hunt.yaml").read_text()
    text = text.replace('handler: "vx_cli_handlers:ok"', "sink: out")
    (folder / "out.yaml").write_text(text + "sinks: {out: {path: '-'}}\n")
    done = veltrix(folder, "run", "out.yaml")
    assert done.returncode == 0
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [*"0123456789"]
    assert "received 10" in done.stderr


def test_run_warns_of_queues_out_of_reach(folder: Path) -> None:
    text = (folder / "hunt.yaml").read_text()
    text = text.replace("queues: {", "queues: {spare: {handler: 'vx_cli_handlers:ok'}, ")
    (folder / "spare.yaml").write_text(text)
    done = veltrix(folder, "run", "spare.yaml")
    assert done.returncode == 0
    assert "spare.yaml:5:10: warning[unreachable-queue]" in done.stderr


WRONG = [
    (["run", "bad.yaml"], 78, "bad.yaml:4:31: error[unknown-queue]"),
    (["run", "vx_cli_handlers:wrong"], 78, "routes.r.to: error[unknown-queue]"),
    (["run", "vx_cli_handlers:without_source"], 78, "it has no source"),
    (["run", "vx_cli_handlers:number"], 78, "this is a int; name a vx.Pipeline"),
    (["run", "vx_cli_handlers:nothing"], 78, "has no 'nothing'"),
    (["run", "no_such_module:app"], 78, "module 'no_such_module' is not found"),
    (["run", "missing.yaml"], 2, "there is no file 'missing.yaml'"),
    (["run", "vx_cli_handlers.py"], 2, "name its pipeline as vx_cli_handlers:app"),
    (["run", "nothing"], 2, "neither a YAML file nor module:app"),
    (["run"], 2, "Missing argument"),
    (["run", "hunt.yaml", "--grace", "soon"], 2, "is not a duration"),
    (["run", "hunt.yaml", "--metrics", "here"], 2, "is not an address to listen on"),
    (["run", "hunt.yaml", "--metrics", "192.0.2.1:80"], 78, "error[address]: metrics cannot be"),
    (["run", "hunt.yaml", "--unknown"], 2, "No such option"),
    (["walk"], 2, "No such command"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), WRONG)
def test_command_says_what_is_wrong_without_a_traceback(
    folder: Path, arguments: list[str], code: int, message: str
) -> None:
    done = veltrix(folder, *arguments)
    assert done.returncode == code
    assert message in " ".join(done.stderr.split())
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_run_ends_with_78_when_the_input_is_not_there(folder: Path) -> None:
    (folder / "in.jsonl").unlink()
    done = veltrix(folder, "run", "hunt.yaml")
    assert done.returncode == 78
    assert "error[io]" in done.stderr
    assert "in.jsonl" in done.stderr


def test_help_teaches_with_examples(folder: Path) -> None:
    top, run = veltrix(folder, "--help"), veltrix(folder, "run", "--help")
    assert "veltrix run hunt.yaml" in top.stdout
    assert "veltrix run hunt:app --quiet --json > summary.json" in run.stdout
    assert "78 the" in run.stdout


def test_version_is_printed(folder: Path) -> None:
    assert veltrix(folder, "--version").stdout.startswith("veltrix ")
