"""What a drain reports."""

from __future__ import annotations

from veltrix.reports import DrainReport


def test_report_is_true_only_when_nothing_is_left() -> None:
    done = DrainReport.of({"drained": True, "left": {}, "elapsed": 1_500_000_000})
    assert done
    assert str(done) == "drained in 1.5 s"
    left = DrainReport.of({"drained": False, "left": {"q": 2, "": 1}, "elapsed": 0})
    assert not left
    assert str(left) == "3 deliveries left after 0.0 s: q 2, (not yet routed) 1"
