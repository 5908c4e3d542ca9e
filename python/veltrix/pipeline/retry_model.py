"""Retries of a queue: how often, how soon, and of which exceptions."""

from __future__ import annotations

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from veltrix.pipeline.base_model import Options
from veltrix.pipeline.exceptions import ExceptionClass, ExceptionClasses
from veltrix.pipeline.scalars import SECOND, Count, Duration, Nanoseconds, SomeDuration


class RetryModel(Options):
    """What happens to a delivery whose attempt failed."""

    max_attempts: Count = Field(default=5, le=1_000)
    """Attempts of one delivery, the first included; 1 = never retry, at most 1,000."""
    backoff: SomeDuration = Nanoseconds(SECOND // 5)
    """Delay before the second attempt; doubles with every further one."""
    max_backoff: SomeDuration = Nanoseconds(60 * SECOND)
    """Bound of that delay."""
    max_age: Duration = Nanoseconds(0)
    """What fails later than this after its publishing is not retried; 0 = no limit."""
    on: ExceptionClasses | None = Field(default=None, min_length=1)
    """The only exceptions that are retried; any other makes a dead letter. Default: all are."""
    dead_on: ExceptionClasses = Field(default_factory=list)
    """Exceptions that make a dead letter at once; they go before ``on``."""

    @field_validator("dead_on")
    @classmethod
    def _once(cls, dead_on: list[ExceptionClass], info: ValidationInfo) -> list[ExceptionClass]:
        for retried in info.data.get("on") or ():
            if any(issubclass(retried.cls, dead.cls) for dead in dead_on):
                text = f"'on' names {retried.name}, which 'dead_on' never lets retry; keep one"
                raise PydanticCustomError("option-clash", "{text}", {"text": text})
        return dead_on
