"""A link of some bytes a second in front of a name server and a broker, shared by all connections, each way for itself."""

import contextlib
import socket
import threading
import time

from .relay import Relay

_CHUNK = 4096
_BUFFER = 32 * 1024  # what a machine on the way holds of a connection


class SlowLink:
    """`endpoint` stands for the cluster's name server. None: as fast as it goes."""

    def __init__(self, name_server, broker, bytes_per_second):
        self._ways = {True: _Way(bytes_per_second), False: _Way(bytes_per_second)}
        self._sockets = []
        self._relay = Relay(name_server, broker)
        self._behind = self._relay.endpoint
        self.endpoint = self._listen()
        self._relay.endpoint = self._listen()  # what routes say: were it the name server's, it would be a proxy's

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in self._sockets:
            _close(each)
        self._relay.close()

    def _listen(self):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        self._sockets.append(listener)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return "127.0.0.1:%d" % listener.getsockname()[1]

    def _accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.socket()
                server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
                host, _, port = self._behind.rpartition(":")
                server.connect((host, int(port)))
                self._sockets += [client, server]
                for each in (client, server):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for pair in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source, target, out):
        with contextlib.suppress(OSError):
            while data := source.recv(_CHUNK):
                self._ways[out].take(len(data))
                target.sendall(data)
        for each in (source, target):
            _close(each)


class _Way:
    def __init__(self, bytes_per_second):
        self._rate = bytes_per_second
        self._lock = threading.Lock()
        self._free = time.monotonic()

    def take(self, count):
        """Comes back when so many bytes have gone over, behind those that others gave it before."""
        if self._rate is None:
            return
        with self._lock:
            self._free = max(self._free, time.monotonic()) + count / self._rate
            until = self._free
        time.sleep(max(0, until - time.monotonic()))


def _close(each):
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
