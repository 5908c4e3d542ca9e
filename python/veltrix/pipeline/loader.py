"""Reads a pipeline file; every problem at once, each with file, line, column and a caret.

In this order, each step going on as far as the ones before allow: YAML with limits (``reader``),
variables (``variables``), options with the exceptions that they name (``model``), how they fit
together (``checks``), handlers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from veltrix.errors import ConfigError, NotAvailableError
from veltrix.pipeline.build import problems_of
from veltrix.pipeline.checks import Outline, check
from veltrix.pipeline.faults import Fault, faults_of
from veltrix.pipeline.handlers import HandlerError, find_object
from veltrix.pipeline.model import PipelineModel
from veltrix.pipeline.queue_model import HANDLER
from veltrix.pipeline.reader import Document, read
from veltrix.pipeline.scalar_places import part_of
from veltrix.pipeline.signature import shape_of
from veltrix.pipeline.variables import expand, redacted
from veltrix.problems import Place, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_UNSHOWN = "the expression is wrong once its variables are put in; try it with `veltrix expr`"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A pipeline that can run: its model, its functions by queue, and what to warn of."""

    model: PipelineModel
    functions: dict[str, Callable[..., Any]] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()


def load(path: str | Path) -> Loaded:
    """Reads a pipeline file and imports its handlers.

    Args:
        path: A YAML file.

    Returns:
        The pipeline.

    Raises:
        ConfigError: Every problem of the file; the same for a file that cannot be read.

    Example:
        >>> load("no-such-file.yaml")
        Traceback (most recent call last):
        ...
        veltrix.errors.ConfigError: no-such-file.yaml: error[io]: No such file or directory; \
name a pipeline file
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"{error.strerror}; name a pipeline file"
        raise ConfigError([Problem(Place(str(path)), "io", message)]) from None
    return load_text(str(path), content, path.parent)


def load_text(file: str, content: bytes, folder: Path) -> Loaded:
    """Reads a pipeline from the text of a file.

    Args:
        file: The name for messages.
        content: The file's bytes.
        folder: Where handlers and ``${file:…}`` are looked for first.

    Returns:
        The pipeline.

    Raises:
        ConfigError: Every problem of the text.

    Example:
        >>> text = b"{veltrix: 1, name: x, queues: {q: {sink: s}}, sinks: {s: {path: o.jsonl}}}"
        >>> [warning.code for warning in load_text("x.yaml", text, Path(".")).warnings]
        ['unreachable-queue']
    """
    document = read(file, content)
    expand(document, folder)
    data = document.root.data()
    found: list[Fault] = []
    model = _validate(data, folder, found)
    outline = Outline.of(data)
    found.extend(check(outline))
    functions = _import_handlers(outline, folder, found)
    problems = _unique([*document.problems, *(_placed(document, fault) for fault in found)])
    if model is None or any(problem.severity == "error" for problem in problems):
        raise ConfigError(problems)
    return Loaded(model, functions, tuple(problems))


def _validate(data: Any, folder: Path, found: list[Fault]) -> PipelineModel | None:
    try:
        return PipelineModel.model_validate(data, context={"folder": folder})
    except ValidationError as error:
        found.extend(faults_of(error))
        return None


def load_model(model: PipelineModel, folder: Path) -> Loaded:
    """Takes a pipeline that is already data, and imports its handlers.

    Args:
        model: The pipeline.
        folder: Where handlers are looked for first.

    Returns:
        The pipeline.

    Raises:
        ConfigError: Every problem.
    """
    outline = Outline.of(model.model_dump(mode="json", exclude_unset=True))
    found = list(check(outline))
    functions = _import_handlers(outline, folder, found)
    problems = problems_of(model.name, found)
    if any(problem.severity == "error" for problem in problems):
        raise ConfigError(problems)
    return Loaded(model, functions, tuple(problems))


def _import_handlers(
    outline: Outline, folder: Path, found: list[Fault]
) -> dict[str, Callable[..., Any]]:
    functions = {}
    for name, queue in outline.queues.items():
        text = queue.get("handler")
        if not isinstance(text, str) or not HANDLER.fullmatch(text):
            continue
        path = ("queues", name, "handler")
        try:
            function = find_object(text, folder)
            shape_of(function, text)
            functions[name] = function
        except HandlerError as error:
            found.append(Fault(path, error.code, str(error)))
        except NotAvailableError as error:
            found.append(Fault(path, "not-available-yet", str(error)))
    return functions


def _placed(document: Document, fault: Fault) -> Problem:
    node = document.find(fault.path, key=fault.on_key)
    message = redacted(document.find(fault.path), fault.message)
    if fault.part is not None:
        part = part_of(document, node, *fault.part)
        if part is None:  # its text does not stand there as it is
            secret = node.value != node.written
            message = _UNSHOWN if secret else fault.shown
        node = part or node
    return Problem(document.place_of(node), fault.code, message, fault.severity)


def _unique(problems: Iterable[Problem]) -> list[Problem]:
    """In the order of the file; of several on one place with one code the first is kept."""
    kept: dict[tuple[int, int, str], Problem] = {}
    for problem in problems:
        kept.setdefault((problem.place.line, problem.place.column, problem.code), problem)
    return sorted(kept.values(), key=lambda known: (known.place.line, known.place.column))
