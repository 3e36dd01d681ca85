"""What scripts/rocketmq and scripts/flink share."""
import concurrent.futures
import contextlib
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import servers

# Dies as a JVM may on a busy machine: its first thread at once, and another holds the port until it is let go.
SLOW_TO_DIE = """
import ctypes, os, signal, socket, sys, threading, time
let_go = os.path.join(sys.argv[2], "let-go")
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
dying = threading.Event()

def last():
    dying.wait()
    while not os.path.exists(let_go):
        time.sleep(0.01)
    os._exit(0)

def die(*_):
    dying.set()
    ctypes.CDLL(None).pthread_exit(None)

signal.signal(signal.SIGTERM, die)
threading.Thread(target=last).start()
print("up", flush=True)
while True:
    signal.pause()
"""


class OneServer(servers.Servers):
    """A cluster of one process."""

    def __init__(self, folder):
        super().__init__(folder)
        self.settings = {"pids": {}}
        self.port = servers.Ports(folder).choose()
        (folder / "logs").mkdir()

    def main_class(self, process):
        return "SLOW_TO_DIE"

    def name(self):
        return "a program"

    def serves(self, process):
        return not servers.is_free(self.port)

    def let_go_soon(self):
        threading.Timer(1, (self.folder / "let-go").touch).start()

    def start(self):
        self.launch("server", [sys.executable, "-c", SLOW_TO_DIE, str(self.port), str(self.folder), "SLOW_TO_DIE"], [self.port], {})
        self.wait("server", 120)
        until(lambda: "up" in self.log("server").read_text())
        return self.pid("server")


def until(condition):
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def taken(port):
    """A socket that listens there, once it is free: others may look at it at the same time."""
    found = []

    def take():
        with contextlib.suppress(OSError):
            found.append(socket.create_server(("127.0.0.1", port)))
        return found

    until(take)
    return found[0]


@pytest.fixture
def server(tmp_path):
    made = OneServer(tmp_path)
    yield made
    made.end(["server"], signal.SIGKILL)


def test_what_is_ended_has_freed_its_ports(server):
    server.start()
    server.let_go_soon()
    server.end(["server"], signal.SIGTERM)
    assert servers.is_free(server.port)


def test_a_server_that_is_started_again_waits_for_what_it_was(server):
    first = server.start()
    server.log("server").unlink()
    os.kill(first, signal.SIGTERM)
    until(lambda: not server.pid("server"))
    assert not servers.is_free(server.port)
    server.let_go_soon()
    assert server.start() not in (first, None)


def test_a_server_that_is_started_again_waits_until_its_port_is_free(server):
    first = server.start()
    server.end(["server"], signal.SIGKILL)
    other = taken(server.port)
    threading.Timer(1, other.close).start()
    server.log("server").unlink()
    assert server.start() not in (first, None)


def test_whoever_has_a_port_is_named(server, monkeypatch):
    server.start()
    server.end(["server"], signal.SIGKILL)
    monkeypatch.setattr(servers, "PATIENCE", 0.1)
    with taken(server.port):
        with pytest.raises(servers.PortTaken, match=rf"port {server.port} .*0A.*process {os.getpid()}: "):
            server.start()


def test_the_ports_of_a_cluster_that_is_stopped_are_no_others(tmp_path, monkeypatch):
    monkeypatch.setattr(servers, "candidates", lambda: range(20000, 20003))
    monkeypatch.setattr(servers, "is_free", lambda port: True)
    monkeypatch.setattr(servers.tempfile, "gettempdir", lambda: str(tmp_path))
    one, another = tmp_path / "one", tmp_path / "another"
    one.mkdir(), another.mkdir()
    assert {servers.Ports(one).choose(0, 1), servers.Ports(another).choose()} in ({20000, 20002}, {20001, 20000})
    with pytest.raises(servers.Failure, match="no free ports between 20000 and 20002"):
        servers.Ports(another).choose()
    one.rmdir()
    assert servers.Ports(another).choose(0, 1) in (20000, 20001)


def test_a_register_that_was_cut_is_begun_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(servers.tempfile, "gettempdir", lambda: str(tmp_path))
    ports = servers.Ports(tmp_path)
    ports.register.write_text('{"10010": "/tmp/clust')
    chosen = ports.choose()
    assert servers.json.loads(ports.register.read_text()) == {str(chosen): str(tmp_path)}


@pytest.mark.parametrize("outgoing, expected", [
    ("32768 60999", range(10010, 32000)), ("16000 65535", range(10010, 16000)), ("9000 40000", range(40001, 65536)),
    ("1024 65535", range(10010, 65536))])
def test_ports_are_none_that_outgoing_connections_get(outgoing, expected, monkeypatch):
    monkeypatch.setattr(servers.Path, "read_text", lambda self: outgoing)
    assert servers.candidates() == expected


def test_what_two_want_at_once_is_fetched_once(tmp_path):
    fetches = []

    def fetch(folder):
        fetches.append(folder)
        time.sleep(0.2)
        folder.mkdir()

    folder = tmp_path / "deps" / "jars"
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda _: servers.fetched(folder, fetch), range(2))) == [folder, folder]
    assert fetches == [folder]
