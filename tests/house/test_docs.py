"""What is written about the product agrees with the product."""

from __future__ import annotations

import json
import re

from house import option_docs
from house.sources import ROOT, complain, files, name_of


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
