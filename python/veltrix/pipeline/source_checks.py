"""Whether the options of a source fit together, and what its expressions warn of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from veltrix.expression_faults import faults_in
from veltrix.pipeline.expression_types import LINE
from veltrix.pipeline.faults import Fault, Path, of_expression

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def check_sources(sources: Mapping[str, Mapping[str, Any]]) -> Iterator[Fault]:
    """Finds what does not fit together.

    Args:
        sources: The options of each source, as plain data.

    Yields:
        Errors and warnings.

    Example:
        >>> [fault.code for fault in check_sources({"log": {"connector": "lines"}})]
        ['no-envelope']
    """
    for name, source in sources.items():
        path = ("sources", name)
        is_text = source.get("connector") == "lines"
        if is_text and source.get("envelope") is None:
            message = f"source {name!r} reads lines of text, which are no events; add an 'envelope'"
            yield Fault(path, "no-envelope", message, on_key=True)
        if not is_text and source.get("pattern") is not None:
            message = "'pattern' is for lines of text; add 'connector: lines'"
            yield Fault((*path, "pattern"), "option-clash", message, on_key=True)
        yield from _warnings(path, source)


def _warnings(path: Path, source: Mapping[str, Any]) -> Iterator[Fault]:
    """Of expressions that load; their errors come from the models."""
    envelope = source.get("envelope")
    found: list[tuple[Path, Any]] = [((*path, "where"), source.get("where"))]
    if isinstance(envelope, dict):
        found += [((*path, "envelope", part), text) for part, text in envelope.items()]
    for at, text in found:
        for fault in faults_in(text, LINE) if isinstance(text, str) else ():
            if fault.severity == "warning":
                yield of_expression(at, fault)
