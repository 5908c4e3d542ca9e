"""Engines with low latency shorten the switch interval, and put it back."""

from __future__ import annotations

import sys

import pytest

import veltrix as vx
from veltrix.switch_interval import SHORT


def engine(*, low_latency: bool) -> vx.Engine:
    app = vx.Pipeline("hunt")

    @app.handler("a")
    def score(event: vx.Event) -> None: ...

    return vx.Engine(app, low_latency=low_latency)


def test_interval_is_short_while_any_such_engine_runs() -> None:
    before = sys.getswitchinterval()
    with engine(low_latency=True):
        assert sys.getswitchinterval() == pytest.approx(SHORT)
        with engine(low_latency=True), engine(low_latency=False):
            assert sys.getswitchinterval() == pytest.approx(SHORT)
        assert sys.getswitchinterval() == pytest.approx(SHORT)
    assert sys.getswitchinterval() == before


def test_interval_is_left_alone_by_default() -> None:
    before = sys.getswitchinterval()
    with engine(low_latency=False):
        assert sys.getswitchinterval() == before


def test_interval_that_somebody_sets_meanwhile_stays() -> None:
    before = sys.getswitchinterval()
    try:
        with engine(low_latency=True):
            sys.setswitchinterval(0.002)
        assert sys.getswitchinterval() == pytest.approx(0.002)
    finally:
        sys.setswitchinterval(before)


def test_stop_restores_once_however_often_it_is_called() -> None:
    before = sys.getswitchinterval()
    one = engine(low_latency=True)
    one.start()
    one.start()
    one.stop()
    one.stop()
    assert sys.getswitchinterval() == before
