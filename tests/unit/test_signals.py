"""Signals: what handlers raise or return."""

from __future__ import annotations

import copy
import pickle

import pytest

import veltrix as vx
from veltrix.signals import MAX_REASON


def test_signals_are_no_errors() -> None:
    for signal in (vx.Retry(), vx.DeadLetter("x"), vx.Drop()):
        assert isinstance(signal, vx.Signal)
        assert not isinstance(signal, vx.VeltrixError)


@pytest.mark.parametrize(
    ("after", "nanoseconds", "text"),
    [
        (None, None, "Retry()"),
        ("250ms", 250_000_000, "Retry(after='250ms')"),
        (0, 0, "Retry(after='0s')"),
        (1.5, 1_500_000_000, "Retry(after='1500ms')"),
    ],
)
def test_retry_keeps_its_delay(after: float | str | None, nanoseconds: int, text: str) -> None:
    assert vx.Retry(after).after_ns == nanoseconds
    assert repr(vx.Retry(after)) == text


@pytest.mark.parametrize("after", ["soon", -1, True, []])
def test_retry_refuses_when_the_delay_is_none(after: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        vx.Retry(after)


@pytest.mark.parametrize("kind", [vx.DeadLetter, vx.Drop])
@pytest.mark.parametrize("reason", ["", None, 5])
def test_reason_is_refused_when_it_is_no_text(
    kind: type[vx.DeadLetter | vx.Drop], reason: str
) -> None:
    with pytest.raises(ValueError, match="a reason is a text"):
        kind(reason)


def test_reason_is_cut_when_it_is_too_long() -> None:
    assert len(vx.DeadLetter("x" * 100_000).reason) == MAX_REASON


@pytest.mark.parametrize("signal", [vx.Retry("5s"), vx.DeadLetter("why"), vx.Drop("late")])
def test_signal_survives_copy_and_pickle(signal: vx.Signal) -> None:
    for twin in (copy.copy(signal), pickle.loads(pickle.dumps(signal))):
        assert vars(twin) == vars(signal)
