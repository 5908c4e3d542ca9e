"""What is written about the product agrees with the product."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import veltrix as vx
from house import option_docs
from house.sources import ROOT, complain, files, name_of
from veltrix import _core
from veltrix.expressions import as_json
from veltrix.pipeline.compile import compile_pipeline
from veltrix.pipeline.loader import load_text


def test_generated_documents_are_fresh() -> None:
    for path, text in option_docs.documents().items():
        assert path.exists(), f"run `make docs`: {path.name} is missing"
        assert path.read_text() == text, f"run `make docs`: {path.name} is stale"


def test_schema_names_every_option_of_the_table() -> None:
    schema = json.loads((ROOT / "docs/pipeline.schema.json").read_text())
    table = (ROOT / "docs/options.md").read_text()
    for collection in ("sources", "routes", "queues", "sinks"):
        assert f"`{collection}.NAME`" in table
        assert collection in schema["properties"]


POLICIES = (ROOT / "docs/policies.md").read_text()


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", POLICIES, re.DOTALL))
def test_examples_of_the_policies_load(example: str) -> None:
    data = YAML(typ="safe").load(example)
    for queue in data.setdefault("queues", {"any": {}}).values():
        queue["handler"] = "json:dumps"
    text = json.dumps({"veltrix": 1, "name": "policies", **data})
    loaded = load_text("policies.md", text.encode(), ROOT)
    compile_pipeline(vx.Pipeline.from_loaded(loaded))


def test_policies_tell_of_every_policy() -> None:
    table = "".join(line for line in POLICIES.splitlines() if line.startswith("| "))
    kinds = (_core.Overflow, _core.Order, _core.OnRetry, _core.Late, _core.Policy)
    words = {word.name.lower() for kind in kinds for word in kind}
    groups = {"reserve", "sort", "latest", "ttl", "dedup", "timeout", "retry", "dead_on", "max_age"}
    named = set(re.findall(r"\w+", table))
    assert words | groups <= named


NAMES = ("expressions", "handlers", "logging", "middleware", "sources")
PAGES = [ROOT / f"docs/{name}.md" for name in NAMES]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_python_of_the_pages_runs(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    examples = re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
    assert examples
    for example in examples:
        exec(compile(example, str(page), "exec"), {"__name__": "pages"})
    logging.getLogger("hunt").handlers.clear()  # it writes to what this test has captured
    assert capsys.readouterr().err == ""


EXPRESSIONS = (ROOT / "docs/expressions.md").read_text()
ROWS = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", EXPRESSIONS, re.MULTILINE)


@pytest.mark.parametrize(("text", "value"), ROWS)
def test_examples_of_the_expressions_have_their_values(text: str, value: str) -> None:
    event = re.findall(r"```json\n(.*?)```", EXPRESSIONS, re.DOTALL)[0]
    assert as_json(vx.Expression(text.replace("\\|", "|")), event) == value


def test_expressions_tell_of_every_function() -> None:
    functions = (ROOT / "cpp/veltrix/cel/function.hpp").read_text().split("enum class Function")[1]
    names = re.findall(r"^  k(\w+),$", functions, re.MULTILINE)
    words = {name[0].lower() + name[1:] for name in names[names.index("Size") :]}
    assert len(words) > 20
    assert words <= set(re.findall(r"\w+", EXPRESSIONS))


def test_links_lead_somewhere() -> None:
    complain(
        f"{name_of(path)}: {target}"
        for path in files(".md")
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", path.read_text())
        if not (path.parent / target).exists()
    )


def test_readme_names_only_verbs_that_exist() -> None:
    verbs = set(re.findall(r"(?m)^([a-z]+):.*## ", (ROOT / "Makefile").read_text()))
    for page in files(".md"):
        named = set(re.findall(r"`make ([a-z]+)`|(?m:^make ([a-z]+))", page.read_text()))
        assert {first or second for first, second in named} <= verbs, name_of(page)
