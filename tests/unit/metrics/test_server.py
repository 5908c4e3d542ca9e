"""The listener: where it listens, and what it says when it cannot."""

from __future__ import annotations

import http.client
import socket
import urllib.request

import pytest

import veltrix as vx
from veltrix.metrics.server import parse_address
from veltrix.testing import Simulation

GOOD = [
    ("127.0.0.1:9464", ("127.0.0.1", 9464)),
    ("localhost:0", ("localhost", 0)),
    ("0.0.0.0:80", ("0.0.0.0", 80)),
    ("[::1]:9464", ("::1", 9464)),
    ("9464", ("127.0.0.1", 9464)),
    (9464, ("127.0.0.1", 9464)),
    (0, ("127.0.0.1", 0)),
    ("65535", ("127.0.0.1", 65535)),
]
BAD = ["", ":9464", "localhost", "localhost:", "::1:9464", "[::1]", "65536", -1, "a b:1", "1:2:3"]
BAD += ["http://localhost:9464", "localhost:9464/metrics", "９４６４", 1.5]


def idle() -> Simulation:
    app = vx.Pipeline("idle")
    app.handler("a", queue="q")(lambda event: None)
    return Simulation(app)


@pytest.mark.parametrize(("address", "read"), GOOD)
def test_address_is_read(address: str | int, read: tuple[str, int]) -> None:
    assert parse_address(address) == read


@pytest.mark.parametrize("address", BAD)
def test_address_is_refused_with_its_cure(address: str) -> None:
    with pytest.raises(ValueError, match="is not an address to listen on; write"):
        parse_address(address)
    with pytest.raises(vx.OptionError, match="is not an address to listen on; write"):
        vx.metrics.serve(idle(), address)


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


IPV6 = pytest.param("[::1]", marks=pytest.mark.skipif(not has_ipv6(), reason="no IPv6 here"))


@pytest.mark.slow
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", IPV6])
def test_server_listens_where_it_says_until_it_is_closed(host: str) -> None:
    with vx.metrics.serve(idle(), f"{host}:0") as server:
        assert server.address.startswith(f"{host}:")
        assert repr(server) == f"<MetricsServer at http://{server.address}/metrics>"
        with urllib.request.urlopen(f"http://{server.address}/metrics") as page:
            assert page.headers["Content-Type"].startswith("text/plain; version=")
            assert b'\nveltrix_queue_depth{engine="idle",queue="q"} 0.0\n' in page.read()
    server.close()  # again: nothing to do
    with vx.metrics.serve(idle(), server.address) as second:
        assert second.address == server.address


def test_error_names_the_cure_when_the_port_is_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(vx.AddressError, match="the port is in use; choose another") as caught:
            vx.metrics.serve(idle(), address)
        assert address in str(caught.value)
        assert isinstance(caught.value, OSError)


def test_error_tells_when_the_host_is_another_machine() -> None:
    with pytest.raises(vx.AddressError, match=r"served at 192\.0\.2\.1:1: Cannot assign"):
        vx.metrics.serve(idle(), "192.0.2.1:1")


HOSTS = {
    200: ["localhost", "LOCALHOST:9464", "127.0.0.1:1", "[::1]:9464"],
    403: ["evil.example", "127.0.0.1.evil.example", "localhost:9464@evil", "localhost.evil:80"],
}


@pytest.mark.slow
@pytest.mark.parametrize("expected", HOSTS)
def test_server_of_this_machine_answers_only_to_local_names(expected: int) -> None:
    with vx.metrics.serve(idle(), 0) as server:
        for host in HOSTS[expected]:
            connection = http.client.HTTPConnection(server.address)
            connection.request("GET", "/metrics", headers={"Host": host})
            answer = connection.getresponse()
            assert answer.status == expected, host
            assert (b"ask for localhost" in answer.read()) == (expected == 403)
            connection.close()
