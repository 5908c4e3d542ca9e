"""The pipeline that a command is about: a YAML file, or ``module:app``."""

from __future__ import annotations

from pathlib import Path

from veltrix.errors import ConfigError
from veltrix.pipeline.declare import Pipeline
from veltrix.pipeline.handlers import HandlerError, find_object
from veltrix.problems import Place, Problem

_SUFFIXES = (".yaml", ".yml", ".json")


class UsageError(ValueError):
    """What was named is neither a file nor ``module:app``."""


def find_pipeline(text: str) -> Pipeline:
    """Finds and reads a pipeline.

    Args:
        text: The path of a YAML file, or ``module:app`` with ``app`` a ``vx.Pipeline``; modules are
            looked for in the working folder first.

    Returns:
        The pipeline.

    Raises:
        UsageError: Nothing of that name exists.
        ConfigError: It cannot run; every problem at once.

    Example:
        >>> find_pipeline("nothing.yaml")
        Traceback (most recent call last):
        ...
        veltrix.cli.target.UsageError: there is no file 'nothing.yaml'
    """
    path = Path(text)
    if path.suffix in _SUFFIXES or path.is_file():
        if not path.is_file():
            raise UsageError(f"there is no file {text!r}")
        if path.suffix == ".py":
            raise UsageError(f"{text!r} is Python; name its pipeline as {path.stem}:app")
        return Pipeline.from_yaml(path)
    module, colon, name = text.partition(":")
    if not (module and colon and name):
        raise UsageError(f"{text!r} is neither a YAML file nor module:app")
    return _imported(text)


def _imported(text: str) -> Pipeline:
    try:
        found = find_object(text, Path())
    except HandlerError as error:
        raise ConfigError([Problem(Place(text), "pipeline-import", str(error))]) from error
    if not isinstance(found, Pipeline):
        message = f"this is a {type(found).__name__}; name a vx.Pipeline"
        raise ConfigError([Problem(Place(text), "pipeline-import", message)])
    return found
