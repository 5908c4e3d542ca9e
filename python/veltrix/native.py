"""What the native core borrows from Python: error classes, signals and the JSON codec.

``connect`` runs once, when ``veltrix`` is imported. The core itself imports nothing of Python.
"""

from __future__ import annotations

from typing import Any

import msgspec
from pydantic import BaseModel

from veltrix import _core
from veltrix.errors import ERRORS_BY_CODE, InvalidEventError
from veltrix.payload_faults import CURE
from veltrix.signals import DeadLetter, Drop, Retry


def connect() -> None:
    """Hands the classes and the codec to the native core.

    Example:
        >>> connect()  # again does no harm
    """
    encode = msgspec.json.Encoder(enc_hook=_foreign).encode  # no Python frame on the hot path
    decode = msgspec.json.Decoder().decode
    _core.set_classes(ERRORS_BY_CODE, Retry, DeadLetter, Drop, encode, decode)


def _foreign(value: Any) -> Any:
    """Asked by msgspec for what it cannot encode itself."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise InvalidEventError(f"data holds a {type(value).__name__}, which is not JSON; {CURE}")
