"""Writes a pipeline as YAML that the loader reads back to the same pipeline."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from veltrix.pipeline.core_schema import resolve

if TYPE_CHECKING:
    from veltrix.pipeline.model import PipelineModel


def to_yaml(model: PipelineModel) -> str:
    """Writes what was said about a pipeline; defaults stay unsaid.

    Args:
        model: The pipeline.

    Returns:
        The text of a pipeline file.

    Example:
        >>> from veltrix.pipeline.model import PipelineModel
        >>> print(to_yaml(PipelineModel(veltrix=1, name="hunt")), end="")
        veltrix: 1
        name: hunt
    """
    yaml = YAML()
    yaml.width = 100
    text = io.StringIO()
    yaml.dump(_quoted(model.model_dump(mode="json", exclude_unset=True)), text)
    return text.getvalue()


def _quoted(value: Any) -> Any:
    if isinstance(value, dict):
        return {_text(key): _quoted(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_quoted(entry) for entry in value]
    return _text(value.replace("${", "$${")) if isinstance(value, str) else value


def _text(value: str) -> str:
    """Quotes what would be read as something else than text."""
    odd = resolve(value) != value or not value.isprintable() or value != value.strip()
    return DoubleQuotedScalarString(value) if odd else value
