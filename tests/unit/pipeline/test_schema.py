"""The JSON Schema: every option is there, explained, and as strict as the loader."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from veltrix.pipeline.schema import json_schema


def test_every_option_is_explained() -> None:
    schema = json_schema()
    groups = {"PipelineModel": schema, **schema["$defs"]}
    bare = [
        f"{group}.{name}"
        for group, model in groups.items()
        for name, option in model["properties"].items()
        if not option.get("description") and "$ref" not in option  # a group explains itself
    ]
    bare += [name for name, group in groups.items() if not group.get("description")]
    assert bare == []


def test_unknown_options_are_refused_everywhere() -> None:
    schema = json_schema()
    for group in (schema, *schema["$defs"].values()):
        assert group["additionalProperties"] is False


def test_schema_says_what_the_loader_takes() -> None:
    definitions = json_schema()["$defs"]
    route = definitions["RouteModel"]["properties"]
    assert {kind["type"] for kind in route["type"]["anyOf"]} == {"string", "array"}
    assert definitions["QueueModel"]["properties"]["concurrency"]["maximum"] == 1_024
    assert definitions["RouteModel"]["required"] == ["type", "to"]


@pytest.mark.slow
def test_module_prints_the_schema() -> None:
    command = [sys.executable, "-m", "veltrix.pipeline.schema"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == json_schema()
