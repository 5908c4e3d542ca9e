"""What an engine writes for people to read, with the standard library's ``logging``.

Everything goes to loggers below ``veltrix``: ``veltrix.dead_letters``, ``veltrix.middleware`` and
``veltrix.engine``. Nothing is written unless a program installs handlers, or its pipeline says
``logging:``.
"""

import logging as _logging

from veltrix.logs.attempt import AttemptFilter, current_attempt
from veltrix.logs.formats import ConsoleFormatter, JsonFormatter

__all__ = ["AttemptFilter", "ConsoleFormatter", "JsonFormatter", "current_attempt"]

_logging.getLogger("veltrix").addHandler(_logging.NullHandler())
