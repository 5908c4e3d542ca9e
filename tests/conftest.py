"""What holds for every test."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """A shell without job control starts what runs in its background deaf to Ctrl-C.

    The programs that tests start would inherit that, and ignore the signals meant for them.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
