"""The JSON Schema of a pipeline file: ``python -m veltrix.pipeline.schema`` prints it."""

from __future__ import annotations

import json
import sys
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from veltrix.durations import format_duration
from veltrix.pipeline.model import PipelineModel
from veltrix.pipeline.scalars import Nanoseconds


class _Generator(GenerateJsonSchema):
    """Shows the default of a duration as people write it."""

    def encode_default(self, dft: Any) -> Any:
        return format_duration(dft) if isinstance(dft, Nanoseconds) else super().encode_default(dft)


def json_schema() -> dict[str, Any]:
    """Gives the schema for editors and linters.

    Returns:
        A JSON Schema of draft 2020-12.

    Example:
        >>> json_schema()["title"]
        'veltrix pipeline, version 1'
    """
    schema = PipelineModel.model_json_schema(schema_generator=_Generator)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "veltrix pipeline, version 1"
    return schema


if __name__ == "__main__":
    json.dump(json_schema(), sys.stdout, indent=2)
    sys.stdout.write("\n")
