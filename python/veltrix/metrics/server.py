"""Metrics over HTTP, for Prometheus to scrape."""

from __future__ import annotations

import errno
import re
import socket
import threading
from ipaddress import ip_address
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from prometheus_client import CollectorRegistry, ProcessCollector, make_wsgi_app

from veltrix.errors import AddressError, InvalidOptionError
from veltrix.metrics.engine_collector import collector

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from veltrix.metrics.engine_collector import Counted

LOOPBACK = "127.0.0.1"
DEFAULT_ADDRESS = f"{LOOPBACK}:9464"
LOOK_SECONDS = 0.05  # how often it looks whether it shall close
CURE = 'write "127.0.0.1:9464", "[::1]:9464", or a port'
_REFUSAL = b"""\
These metrics are for this machine: ask for localhost, 127.0.0.1 or [::1].
To serve others, let the engine listen on an address of the network.
"""
_LOCAL_HOST = re.compile(
    r"(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE
)
_ADDRESS = re.compile(r"(?:(?P<host>[^:\[\]\s]+|\[[0-9A-Fa-f:.]+\]):)?(?P<port>[0-9]{1,5})")


def parse_address(address: str | int) -> tuple[str, int]:
    """Reads the address of a listener.

    Args:
        address: ``"host:port"`` or a port, which means this machine only; port 0 is any free one.

    Returns:
        Host and port.

    Raises:
        ValueError: It is neither; the message says how to write it.

    Example:
        >>> parse_address("localhost:9464"), parse_address("[::1]:9464"), parse_address(9464)
        (('localhost', 9464), ('::1', 9464), ('127.0.0.1', 9464))
    """
    found = _ADDRESS.fullmatch(str(address))
    if not found or int(found["port"]) > 65_535:
        raise ValueError(f"{address!r} is not an address to listen on; {CURE}")
    return (found["host"] or LOOPBACK).strip("[]"), int(found["port"])


class _Listener(ThreadingMixIn, WSGIServer):
    daemon_threads = True  # a scraper that does not read on keeps nobody


class _Listener6(_Listener):
    address_family = socket.AF_INET6


def _for_this_machine(app: WSGIApplication) -> WSGIApplication:
    """Refuses who was led here under another machine's name: a web page, by its own DNS."""

    def guarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        if not host or _LOCAL_HOST.fullmatch(host):
            return app(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
        return [_REFUSAL]

    return guarded


class _Scrape(WSGIRequestHandler):
    timeout = 10.0  # seconds; who asks for nothing keeps no thread

    def log_message(self, *_: object) -> None:
        """Says nothing: standard error is the program's."""


class MetricsServer:
    """Answers scrapes until it is closed; a context manager. Made by ``serve``.

    Attributes:
        address: Host and port that it listens on, as text.
    """

    def __init__(self, registry: CollectorRegistry, address: str | int) -> None:
        try:
            host, port = parse_address(address)
        except ValueError as error:
            raise InvalidOptionError(str(error)) from None
        kind, shown = (_Listener6, f"[{host}]") if ":" in host else (_Listener, host)
        try:
            self._listener = kind((host, port), _Scrape)
        except OSError as error:
            raise AddressError(f"metrics cannot be served at {address}: {_why(error)}") from error
        app = make_wsgi_app(registry)
        local = ip_address(self._listener.socket.getsockname()[0]).is_loopback
        self._listener.set_app(_for_this_machine(app) if local else app)
        self.address = f"{shown}:{self._listener.server_port}"
        serve = self._listener.serve_forever
        self._thread = threading.Thread(
            target=serve, args=(LOOK_SECONDS,), name="vx-metrics", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Frees the port; scrapes that are under way end by themselves. Again it does nothing."""
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<MetricsServer at http://{self.address}/metrics>"


def serve(
    engines: Counted | Iterable[Counted], address: str | int = DEFAULT_ADDRESS
) -> MetricsServer:
    """Serves the metrics of engines, and of this process, over HTTP for Prometheus.

    It listens on this machine only, unless the address says else: there is neither encryption nor a
    password, and queue names and reasons can be read, so name ``0.0.0.0`` only in a network that
    you trust. On this machine it answers only who calls it ``localhost`` or by a loopback address,
    so that no web page can read along. Close it after the engine: until then it tells the last
    numbers.

    Args:
        engines: An engine, or several with different names.
        address: ``"host:port"`` or a port of ``127.0.0.1``; port 0 takes a free one.

    Returns:
        The server, a context manager with ``.address`` and ``.close()``.

    Raises:
        AddressError: Nothing can listen there: the port is in use, or the host is not this machine.
        OptionError: The address cannot be read, or two engines have the same name.

    Example:
        >>> import urllib.request
        >>> import veltrix as vx
        >>> app = vx.Pipeline("hunt")
        >>> @app.handler("clue.found")
        ... def score(event): ...
        >>> with vx.Engine(app) as engine, vx.metrics.serve(engine, 0) as server:
        ...     page = urllib.request.urlopen(f"http://{server.address}/metrics").read().decode()
        >>> print(*[line for line in page.splitlines() if line.startswith("veltrix_queue_depth")])
        veltrix_queue_depth{engine="hunt",queue="score"} 0.0
    """
    registry = CollectorRegistry()
    registry.register(collector(engines))
    ProcessCollector(registry=registry)
    return MetricsServer(registry, address)


def _why(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "the port is in use; choose another one, or 0 for any that is free"
    return error.strerror or str(error)
