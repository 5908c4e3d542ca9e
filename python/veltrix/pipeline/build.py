"""Turns keyword arguments into models, with errors in the words of the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from veltrix.errors import ConfigError, NotAvailableError
from veltrix.pipeline.faults import Fault, faults_of
from veltrix.pipeline.later import feature_of_argument
from veltrix.pipeline.scalars import check_name
from veltrix.problems import Place, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from veltrix.pipeline.base_model import Options

Model = TypeVar("Model", bound="Options")


def build(model: type[Model], where: tuple[str, ...], values: Mapping[str, Any]) -> Model:
    """Validates arguments as one group of options.

    Args:
        model: The group.
        where: Its place in the pipeline: ``("queues", "scores")``; the second part is its name.
        values: The arguments.

    Returns:
        The options.

    Raises:
        ConfigError: Every problem of the arguments.

    Example:
        >>> from veltrix.pipeline.queue_model import QueueModel
        >>> build(QueueModel, ("queues", "scores"), {"max_wait": "5s"}).max_wait
        5000000000
    """
    try:
        check_name(where[1] if len(where) == 2 else "any")
        return model.model_validate(dict(values))
    except PydanticCustomError as error:
        fault = Fault(where, error.type, str(error))
        raise ConfigError(problems_of("", [fault])) from None
    except ValidationError as error:
        raise ConfigError(problems_of("", faults_of(error, where))) from None


def refuse_later(arguments: Iterable[str], where: Sequence[str] = ()) -> None:
    """Refuses arguments that a later version brings.

    Args:
        arguments: Names of keyword arguments.
        where: The group of options that they belong to, such as ``["queues", "*"]``.

    Raises:
        NotAvailableError: For the first such name.

    Example:
        >>> refuse_later(["journal"])
        Traceback (most recent call last):
        ...
        veltrix.errors.NotAvailableError: journal=: not available yet: arrives with the journal
    """
    for name in arguments:
        feature = feature_of_argument(name, where)
        if feature:
            raise NotAvailableError(f"{name}=", feature)


def problems_of(pipeline: str, faults: Iterable[Fault]) -> list[Problem]:
    """Places faults of a pipeline that has no file: by its name and the option's path.

    Args:
        pipeline: The pipeline's name, or nothing.
        faults: What is wrong.

    Returns:
        Problems whose place reads ``pipeline 'hunt': queues.scores.retry``.

    Example:
        >>> problems_of("hunt", [Fault(("queues", "a"), "no-handler", "no handler")])[0].place.file
        "pipeline 'hunt': queues.a"
    """
    head = f"pipeline {pipeline!r}" if pipeline else ""
    problems = []
    for fault in faults:
        path = ".".join(map(str, fault.path))
        where = Place(": ".join(filter(None, [head, path])) or "pipeline")
        problems.append(Problem(where, fault.code, fault.shown or fault.message, fault.severity))
    return problems
