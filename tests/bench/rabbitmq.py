"""A RabbitMQ server for the length of a benchmark, with ports and a folder of its own, and nothing
that can be reached from elsewhere. ``make bench-peers`` unpacks Debian's package below build/; a
system that has it installed is looked at too."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_UNPACKED = Path(__file__).resolve().parents[2] / "build" / "rabbitmq" / "usr"
_SERVER = "lib/rabbitmq/bin/rabbitmq-server"  # what the one in sbin wraps, to change the user
START_S = 60.0

_SETTINGS = """\
listeners.tcp.1 = 127.0.0.1:{port}
log.file.level = warning
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 50MB
"""


def missing() -> str | None:
    """Why there can be no server here."""
    if importlib.util.find_spec("pika") is None:
        return "pika is not installed, see peers.txt"
    if _root() is None:
        return "rabbitmq-server is not installed: make bench-peers"
    return None


def _root() -> Path | None:
    return next((root for root in (_UNPACKED, Path("/usr")) if (root / _SERVER).exists()), None)


@contextlib.contextmanager
def rabbitmq() -> Iterator[int]:
    """Run a server and give its port; with it ends Erlang's name server, a child of its own.

    Raises:
        RuntimeError: It did not start.
    """
    root = _root()
    if root is None:
        raise RuntimeError(missing())
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as running:
        folder = Path(name)
        port, distribution, names = _free_ports(3)
        environment = _environment(root, folder, port, distribution, names)
        epmd = shutil.which("epmd", path=environment["PATH"])
        if epmd is None:
            raise RuntimeError("epmd, which belongs to Erlang, was not found")
        # Started here and not by the server, which would leave it behind as a daemon.
        command = [epmd, "-port", str(names), "-address", "127.0.0.1"]
        running.enter_context(_group(command, environment, folder))
        server = running.enter_context(_group([str(root / _SERVER)], environment, folder))
        _wait_until_up(server, port, folder)
        yield port


def _environment(
    root: Path, folder: Path, port: int, distribution: int, names: int
) -> dict[str, str]:
    """Nothing is read from or written to the system's own folders."""
    (folder / "rabbitmq.conf").write_text(_SETTINGS.format(port=port), encoding="ascii")
    (folder / "plugins").write_text("[].\n", encoding="ascii")
    return {
        **os.environ,
        "PATH": f"{root / 'bin'}:{os.environ['PATH']}",
        "HOME": str(folder),
        "RABBITMQ_NODENAME": f"bench{port}@localhost",
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "ERL_EPMD_PORT": str(names),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as opened:
        sockets = [opened.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


@contextlib.contextmanager
def _group(
    command: list[str], environment: dict[str, str], folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process and what it starts; nothing that it leaves is worth a slow end."""
    with (folder / f"{Path(command[0]).name}.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_until_up(server: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    import pika  # noqa: PLC0415

    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(pika.exceptions.AMQPError, OSError):
            connect(port).close()
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(0.2)  # until the next try
    said = (folder / "rabbitmq-server.log").read_text(errors="replace").strip().splitlines()
    raise RuntimeError(f"RabbitMQ did not start: {said[-1] if said else 'it said nothing'}")


def connect(port: int) -> Any:
    """A connection that waits for its answers."""
    import pika  # noqa: PLC0415

    return pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", port))
