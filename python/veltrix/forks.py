"""How a child that a handler forked ends, if the handler lets it come back.

Such a child is a copy of one thread of an engine or of a worker process, in the midst of its
parent's work: if it went on, it would handle the parent's events a second time.
"""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator


def leave_child(error: BaseException | None) -> NoReturn:
    """Ends this process as the interpreter would end a main program, without ``atexit``.

    Args:
        error: What its code raised: ``SystemExit`` gives the exit code, the traceback of anything
            else is printed and the code is 1; None: it returned, the code is 0.
    """
    code = 0 if error is None else 1
    with contextlib.suppress(BaseException):
        if isinstance(error, SystemExit):
            code = _exit_code(error)
        elif error is not None:
            traceback.print_exception(error)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()
    os._exit(code)


def _exit_code(error: SystemExit) -> int:
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return error.code & 0xFF
    print(error.code, file=sys.stderr)
    return 1


@contextlib.contextmanager
def leaving_children() -> Iterator[None]:
    """Around code of the user's: a child that was forked in it, and comes back, ends.

    Example:
        >>> with leaving_children():
        ...     print("the process that came in")
        the process that came in
    """
    process = os.getpid()
    error: BaseException | None = None
    try:
        yield
    except BaseException as raised:
        error = raised
        raise
    finally:
        if os.getpid() != process:
            leave_child(error)
