"""The stopwatch of an engine."""

from __future__ import annotations

import pytest

from veltrix import uptime


def test_uptime_runs_from_start_to_stop_only(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(uptime.time, "monotonic", lambda: now[0])
    watch = uptime.Uptime()
    assert watch.seconds == 0
    watch.start()
    now[0] = 103.0
    watch.start()
    assert watch.seconds == 3
    watch.stop()
    now[0] = 110.0
    watch.stop()
    assert watch.seconds == 3
