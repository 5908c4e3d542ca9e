"""What comes later is refused by name in both spellings, and nothing that is here stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest

import veltrix as vx
from veltrix.pipeline.later import CONNECTORS, FIELDS, OVERFLOW, feature_of
from veltrix.pipeline.loader import load_text
from veltrix.pipeline.schema import json_schema

HEAD = "veltrix: 1\nname: x\n"


def nested(path: str) -> str:
    """A file with nothing but this option."""
    parts = path.replace("*", "one").split(".")
    return HEAD + "".join(f"{'  ' * depth}{part}:\n" for depth, part in enumerate(parts))


def properties(path: str) -> dict[str, object]:
    """The options that the schema knows beside a path's last part."""
    schema = json_schema()
    at = schema
    for part in path.split(".")[:-1]:
        at = at["additionalProperties"] if part == "*" else at["properties"][part]
        while "$ref" in at:
            at = schema["$defs"][at["$ref"].rpartition("/")[2]]
    return dict(at["properties"])


@pytest.mark.parametrize("path", FIELDS)
def test_option_is_refused_at_its_name_when_it_comes_later(tmp_path: Path, path: str) -> None:
    text = nested(path)
    with pytest.raises(vx.ConfigError) as caught:
        load_text("a.yaml", text.encode(), tmp_path)
    depth = path.count(".")
    place = f"a.yaml:{3 + depth}:{2 * depth + 1}"
    later = [p for p in caught.value.problems if p.code == "not-available-yet"]
    found = {str(problem.place): problem.message for problem in later}
    name = path.rpartition(".")[2]
    assert found == {place: f"{name!r}: not available yet: arrives with {FIELDS[path]}"}


@pytest.mark.parametrize("path", FIELDS)
def test_option_is_not_there_yet_when_the_table_says_so(path: str) -> None:
    assert path.rpartition(".")[2] not in properties(path)


def test_values_are_not_there_yet_when_the_tables_say_so() -> None:
    text = str(json_schema())
    assert not [word for word in (*CONNECTORS, *OVERFLOW) if f"'{word}'" in text]


def test_defaults_of_queues_count_as_queues() -> None:
    assert feature_of(["defaults", "queue", "dead_letters", "retention"]) == "the journal"
    assert feature_of(["defaults", "queue", "weight"]) is None
