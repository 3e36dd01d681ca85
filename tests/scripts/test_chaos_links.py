"""bench/chaos: its relays break connections in the ways that they are told."""
import socket
import struct
import sys
import threading
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench" / "chaos"))
from links import HEALTHY, Links

TEXT = b"0123456789" * 100


def _serve(listener):
    """Says what it is told, on each connection."""
    def echo(connection):
        try:
            while data := connection.recv(65536):
                connection.sendall(data)
        except OSError:
            pass

    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=echo, args=(connection,), daemon=True).start()


@pytest.fixture
def way():
    """The relays, one of them to a server that says what it is told, and its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_server(("127.0.0.1", 0)) as free:
        threading.Thread(target=_serve, args=(listener,), daemon=True).start()
        port = free.getsockname()[1]
        free.close()
        links = Links()
        yield links, links.add(port, listener.getsockname()[1]), port
        links.close()


def connect(port):
    return socket.create_connection(("127.0.0.1", port), 10)


def echo(connection, text=TEXT):
    """What comes back, up to as much as was sent; empty: the end."""
    connection.sendall(text)
    back = b""
    while len(back) < len(text) and (data := connection.recv(65536)):
        back += data
    return back


def test_healthy_it_passes_everything(way):
    _, _, port = way
    with connect(port) as connection:
        assert echo(connection, TEXT * 1000) == TEXT * 1000


def test_a_half_open_connection_stays_silent_for_good(way):
    links, link, port = way
    with connect(port) as connection, connect(port) as quiet:
        assert echo(connection) == TEXT and echo(quiet) == TEXT
        links.set([link], "half-open")
        connection.sendall(TEXT)
        connection.settimeout(0.5)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        links.set([link], HEALTHY)
        connection.sendall(TEXT)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        assert echo(quiet) == TEXT  # nothing was lost of this one
        with connect(port) as fresh:
            assert echo(fresh) == TEXT


def test_a_reset_ends_what_stands_and_what_comes(way):
    links, link, port = way
    with connect(port) as connection:
        assert echo(connection) == TEXT
        links.set([link], "reset")
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    with connect(port) as connection, pytest.raises(ConnectionResetError):
        while True:
            echo(connection, b"x")
    links.set([link], HEALTHY)
    with connect(port) as connection:
        assert echo(connection) == TEXT


def test_it_refuses_connections_and_takes_them_again(way):
    links, link, port = way
    links.set([link], "refuse")
    with pytest.raises(ConnectionRefusedError):
        connect(port)
    links.set([link], HEALTHY)
    with connect(port) as connection:
        assert echo(connection) == TEXT


@pytest.mark.parametrize("mode, amount", [("slow", 2000), ("delay", 0.2)])
def test_slow_and_late_are_whole(way, mode, amount):
    links, link, port = way
    links.set([link], mode, amount)
    begun = time.monotonic()
    with connect(port) as connection:
        assert echo(connection) == TEXT
    assert time.monotonic() - begun >= 0.4  # there and back


def test_a_cut_one_ends_in_the_middle(way):
    links, link, port = way
    links.set([link], "truncate")
    lengths = set()
    for _ in range(30):
        with connect(port) as connection:
            try:
                lengths.add(len(echo(connection)))
            except ConnectionResetError:
                pass
    assert any(0 < length < len(TEXT) for length in lengths)


def test_name_servers_answers_lead_to_relays(way):
    links, _, _ = way
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_server(("127.0.0.1", 0)) as free:
        threading.Thread(target=_serve, args=(listener,), daemon=True).start()
        port = free.getsockname()[1]
        free.close()
        links.add(port, listener.getsockname()[1], {10911: 5, 10912: 123456})

        def frame(body):
            return struct.pack(">II", 6 + len(body), 2) + b"{}" + body

        with connect(port) as connection:
            connection.sendall(frame(b'{0:"127.0.0.1:10911",1:"127.0.0.1:10912",2:"127.0.0.1:9"}'))
            stream = connection.makefile("rb")
            (length,) = struct.unpack(">I", stream.read(4))
            assert stream.read(length)[6:] == b'{0:"127.0.0.1:5",1:"127.0.0.1:123456",2:"127.0.0.1:9"}'
