"""How a record is written: one JSON object, or a short line for people."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

MAX_BYTES = 4_096  # of a field
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# What JSON leaves as it is and a terminal would obey, and halves of characters that no file takes.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_COLOURS = {"DEBUG": "2", "WARNING": "33", "ERROR": "31", "CRITICAL": "1;31"}


def cut(text: str, *, keep_end: bool = False) -> str:
    """Cuts a text to what a field may hold.

    Args:
        text: Any text.
        keep_end: Cut the beginning off: the end of a traceback says most.

    Returns:
        At most 4 KiB of UTF-8, with an ellipsis where something is missing.

    Example:
        >>> cut("short")
        'short'
    """
    if len(text) * 4 <= MAX_BYTES:
        return text
    encoded = text.encode("utf-8", "backslashreplace")
    if len(encoded) <= MAX_BYTES:
        return text
    room = MAX_BYTES - len("…".encode())
    if keep_end:
        return "…" + encoded[-room:].decode("utf-8", "ignore")
    return encoded[:room].decode("utf-8", "ignore") + "…"


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"


def _traceback(record: logging.LogRecord) -> str:
    if record.exc_info and not record.exc_text:
        record.exc_text = logging.Formatter().formatException(record.exc_info)
    stack = record.stack_info or ""
    return "\n".join(filter(None, [record.exc_text or "", stack]))


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """What the record says beyond a message: of the event, and whatever ``extra=`` gave."""
    return {
        name: value
        for name, value in vars(record).items()
        if name not in _PLAIN and value is not None and not name.startswith("_")
    }


class JsonFormatter(logging.Formatter):
    r"""One JSON object a line: ``ts``, ``level``, ``logger``, ``message`` and the event's fields.

    Control characters are escaped, and every text is cut to 4 KiB.

    Example:
        >>> record = logging.makeLogRecord({"msg": "a\nb", "levelname": "INFO", "created": 0.0})
        >>> JsonFormatter().format(record)
        '{"ts":"1970-01-01T00:00:00.000Z","level":"info","logger":null,"message":"a\\nb"}'
    """

    def format(self, record: logging.LogRecord) -> str:
        """Writes a record.

        Args:
            record: The record.

        Returns:
            The line, without its end.
        """
        at = datetime.fromtimestamp(record.created, UTC)
        row: dict[str, Any] = {
            "ts": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": cut(record.getMessage()),
        }
        for name, value in _fields(record).items():
            plain = value is None or isinstance(value, (bool, int, float))
            row.setdefault(name, value if plain else cut(str(value)))
        trace = _traceback(record)
        if trace:
            row["exception"] = cut(trace, keep_end=True)
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        return _UNSAFE.sub(_escaped, text)


class ConsoleFormatter(logging.Formatter):
    """A short line for people, with colour on a terminal.

    Example:
        >>> record = logging.makeLogRecord({"msg": "down", "levelname": "INFO", "name": "hunt"})
        >>> record.queue, record.event_id, record.attempt = "scores", "7", 2
        >>> ConsoleFormatter().format(record)[9:]
        'INFO    hunt: down [scores 7, attempt 2]'
    """

    def __init__(self, *, colour: bool = False) -> None:
        super().__init__(datefmt="%H:%M:%S")
        self._colour = colour

    def format(self, record: logging.LogRecord) -> str:
        """Writes a record.

        Args:
            record: The record.

        Returns:
            The line, and a traceback below it if there is one.
        """
        message = _CONTROL.sub(_escaped, cut(record.getMessage()))
        level = f"{record.levelname:7}"
        if self._colour and record.levelname in _COLOURS:
            level = f"\x1b[{_COLOURS[record.levelname]}m{level}\x1b[0m"
        line = f"{self.formatTime(record, self.datefmt)} {level} {record.name}: {message}"
        attempt = getattr(record, "attempt", None)
        if attempt is not None:
            where = f"{getattr(record, 'queue', '')} {getattr(record, 'event_id', '')}"
            line += f" [{_CONTROL.sub(_escaped, where)}, attempt {attempt}]"
        trace = _traceback(record)
        return f"{line}\n{trace}" if trace else line


class StderrHandler(logging.Handler):
    """Writes to whatever ``sys.stderr`` is at the moment, a line at a time."""

    def emit(self, record: logging.LogRecord) -> None:
        """Writes a record.

        Args:
            record: The record.
        """
        try:
            sys.stderr.write(f"{self.format(record)}\n")
            sys.stderr.flush()
        except Exception:  # noqa: BLE001 - as every handler of the standard library does it
            self.handleError(record)
