"""Every error of veltrix, in one tree.

::

    VeltrixError
    ├── ConfigError (ValueError)              a pipeline that cannot run; all its problems at once
    ├── NotAvailableError (NotImplementedError) an option or argument that a later version brings
    ├── EventError (ValueError)               an event that cannot be taken
    │   ├── InvalidEventError                 invalid_event
    │   ├── InvalidJsonError                  invalid_json
    │   ├── InvalidUtf8Error                  invalid_utf8
    │   ├── EventTooLargeError                event_too_large
    │   ├── TooDeepError                      too_deep
    │   └── DuplicateMemberError              duplicate_member
    ├── OptionError (ValueError)              an option that the native core refuses
    │   ├── InvalidPatternError               invalid_pattern
    │   ├── InvalidKeyPathError               invalid_key_path
    │   ├── InvalidExpressionError            invalid_expression
    │   └── InvalidOptionError                invalid_option
    ├── PublishError                          a sound event that was not taken
    │   ├── UnmatchedError                    unmatched
    │   ├── QueueFullError                    queue_full
    │   ├── ConflictError                     conflict
    │   ├── EngineStoppedError                engine_stopped
    │   └── CommitFailedError                 commit_failed
    ├── WaitTimeoutError (TimeoutError)       timeout
    ├── DeadlockError (RuntimeError)          deadlock
    ├── ForkedError (RuntimeError)            forked
    ├── EvaluationError (ValueError)          an expression that has no value for this event
    ├── FileError (OSError)                   io
    ├── AddressError (OSError)                an address that nothing can listen on
    └── WorkerDiedError (RuntimeError)        a worker process that ended, or could not start

A class that stands for an error of the native core carries that error's stable name in ``code``;
``ERRORS_BY_CODE`` is the table both sides are checked against. Signals (``vx.Retry`` and so on)
are decisions, not errors, and stand in ``signals.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from veltrix.expression_faults import ExpressionFault
    from veltrix.problems import Problem


class VeltrixError(Exception):
    """Base of every error that veltrix raises."""

    code: ClassVar[str] = ""


class ConfigError(VeltrixError, ValueError):
    r"""A pipeline that cannot run, with every problem found.

    Args:
        problems: At least one error; warnings may stand among them.

    Example:
        >>> from veltrix.problems import Place, Problem
        >>> str(ConfigError([Problem(Place("a.yaml", 1, 1, "x: 1"), "unknown-field", "no 'x'")]))
        "a.yaml:1:1: error[unknown-field]: no 'x'\n    1 | x: 1\n      | ^"
    """

    code = "invalid_config"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class NotAvailableError(VeltrixError, NotImplementedError):
    """An option or argument that this version does not have yet; never silently ignored.

    Args:
        what: What was asked for, as the user wrote it.
        feature: What it arrives with.

    Example:
        >>> str(NotAvailableError("journal=", "the journal"))
        'journal=: not available yet: arrives with the journal'
    """

    code = "not_available"

    def __init__(self, what: str, feature: str) -> None:
        self.feature = feature
        super().__init__(f"{what}: not available yet: arrives with {feature}")


class EventError(VeltrixError, ValueError):
    """An event that cannot be taken, whatever the pipeline."""


class InvalidEventError(EventError):
    """An attribute is missing, misspelt or of the wrong form."""

    code = "invalid_event"


class InvalidJsonError(EventError):
    """Not JSON, or JSON outside the limits."""

    code = "invalid_json"


class InvalidUtf8Error(EventError):
    """Text that is not UTF-8."""

    code = "invalid_utf8"


class EventTooLargeError(EventError):
    """Larger than 1 MiB, or attributes beyond 64 KiB."""

    code = "event_too_large"


class TooDeepError(EventError):
    """JSON nested deeper than 64."""

    code = "too_deep"


class DuplicateMemberError(EventError):
    """An envelope member stands twice."""

    code = "duplicate_member"


class OptionError(VeltrixError, ValueError):
    """An option that the native core refuses."""


class InvalidPatternError(OptionError):
    """A type pattern that cannot be read."""

    code = "invalid_pattern"


class InvalidKeyPathError(OptionError):
    """A key that is not a plain dotted path."""

    code = "invalid_key_path"


class InvalidExpressionError(OptionError):
    """An expression that cannot be read, or that can never work.

    The message shows each fault with its column and a caret.

    Attributes:
        faults: What is wrong, in the order of the text.
        line: Of the first fault, from 1; 0 when its place is in the message only.
        column: Of the first fault, from 1, in characters; 0 likewise.
    """

    code = "invalid_expression"

    def __init__(self, message: str, faults: Iterable[ExpressionFault] = ()) -> None:
        self.faults: tuple[ExpressionFault, ...] = tuple(faults)
        self.line: int = self.faults[0].line if self.faults else 0
        self.column: int = self.faults[0].column if self.faults else 0
        super().__init__(message)

    def __reduce__(self) -> tuple[type[InvalidExpressionError], tuple[object, ...]]:
        return type(self), (str(self), self.faults)


class InvalidOptionError(OptionError):
    """An option out of its range."""

    code = "invalid_option"


class PublishError(VeltrixError):
    """A sound event that the engine did not take."""


class UnmatchedError(PublishError):
    """No route takes the event, and the pipeline says ``unmatched: reject``."""

    code = "unmatched"


class QueueFullError(PublishError):
    """The queue's capacity is taken, at once or after the overflow timeout."""

    code = "queue_full"


class ConflictError(PublishError):
    """An event with that source and id was accepted with another payload; it stays as it is."""

    code = "conflict"


class EngineStoppedError(PublishError):
    """The engine does not take events, any more or yet."""

    code = "engine_stopped"


class CommitFailedError(PublishError):
    """The event could not be made durable."""

    code = "commit_failed"


class WaitTimeoutError(VeltrixError, TimeoutError):
    """A wait ended before what it waited for."""

    code = "timeout"


class DeadlockError(VeltrixError, RuntimeError):
    """The call would wait for the very thread that makes it."""

    code = "deadlock"


class ForkedError(VeltrixError, RuntimeError):
    """An engine used in a child process after ``fork()``; start a new one there."""

    code = "forked"


class EvaluationError(VeltrixError, ValueError):
    """An expression that has no value for this event, or for these variables.

    Args:
        message: The sub-expression, why, and its column.
        reason: Why, for programs: ``missing``, ``no_overload``, ``overflow``, ``divide_by_zero``,
            ``out_of_bounds``, ``bad_conversion``, ``bad_pattern``, ``bad_time_zone``,
            ``duplicate_key``, ``too_much_work`` or ``too_much_memory``.

    Example:
        >>> EvaluationError("data.n: no member 'n' in data (column 6)", "missing").reason
        'missing'
    """

    code = "evaluation"

    def __init__(self, message: str, reason: str) -> None:
        self.reason = reason
        super().__init__(message)

    def __reduce__(self) -> tuple[type[EvaluationError], tuple[str, str]]:
        return type(self), (str(self), self.reason)


class FileError(VeltrixError, OSError):
    """A file could not be opened, read or written."""

    code = "io"


class AddressError(VeltrixError, OSError):
    """An address that nothing can listen on: in use, not allowed, or of another machine."""

    code = "address"


class WorkerDiedError(VeltrixError, RuntimeError):
    """The worker process of a handler ended while it ran an attempt, or could not start.

    The message says how: its exit status, the signal that killed it, or what it could not import.
    """

    code = "worker_died"


def _leaves(base: type[VeltrixError]) -> Iterator[type[VeltrixError]]:
    for child in base.__subclasses__():
        yield from _leaves(child) if child.__subclasses__() else [child]


# Taken when the module is loaded: a user's subclass of an error never becomes the native one.
ERRORS_BY_CODE: dict[str, type[VeltrixError]] = {
    leaf.code: leaf
    for leaf in _leaves(VeltrixError)
    if leaf not in (ConfigError, NotAvailableError, AddressError, EvaluationError, WorkerDiedError)
}
