"""A name server and broker in one port that passes everything on to real ones: records what a client asks, and answers
late, wrongly or not at all where a test wants it."""

import json
import re
import socket
import struct
import threading
import time

from .remoting import CLUSTER, ROUTE
from .waiting import PATIENCE

_RESPONSE = 1


class Request:
    """A client's request as it passed."""

    def __init__(self, code, opaque, ext, body):
        self.at = time.monotonic()
        self.code = code
        self.opaque = opaque
        self.ext = ext
        self.body = body
        self.answered_at = None

    def __repr__(self):
        return f"Request({self.code}, {self.ext}, {len(self.body)} bytes)"


class Answer:
    """Said instead of what the broker would."""

    def __init__(self, code, remark="", ext=None, body=b""):
        self.code, self.remark, self.ext, self.body = code, remark, ext or {}, body


class Raw:
    """Bytes that are sent in place of a frame; then the connection is closed."""

    def __init__(self, data):
        self.data = data


class Delay:
    """Passed on, the broker's answer held back."""

    def __init__(self, seconds):
        self.seconds = seconds


DROP = object()  # swallowed, never answered
CUT = object()  # the connection is closed


def _decode(frame):
    """A frame without its length word: code, opaque, flag, ext, body."""
    (word,) = struct.unpack_from(">I", frame)
    length = word & 0xFFFFFF
    header, body = frame[4:4 + length], frame[4 + length:]
    if word >> 24 == 0:
        fields = json.loads(header)
        return fields["code"], fields["opaque"], fields.get("flag", 0), fields.get("extFields") or {}, body
    code, _, _, opaque, flag, remark = struct.unpack_from(">hBHiii", header)
    at = 17 + remark
    (ext_length,) = struct.unpack_from(">i", header, at)
    at += 4
    end, ext = at + ext_length, {}
    while at < end:
        (name_length,) = struct.unpack_from(">h", header, at)
        name = header[at + 2:at + 2 + name_length].decode()
        at += 2 + name_length
        (value_length,) = struct.unpack_from(">i", header, at)
        ext[name] = header[at + 4:at + 4 + value_length].decode()
        at += 4 + value_length
    return code, opaque, flag, ext, body


def _encode(code, opaque, flag, ext, body, remark=""):
    header = json.dumps({"code": code, "language": "JAVA", "version": 513, "opaque": opaque, "flag": flag,
                         "remark": remark, "extFields": ext}).encode()
    return struct.pack(">ii", 4 + len(header) + len(body), len(header)) + header + body


def _read_frame(stream):
    word = stream.read(4)
    if len(word) < 4:
        return None
    (length,) = struct.unpack(">i", word)
    frame = stream.read(length)
    return frame if len(frame) == length else None


class Relay:
    """`endpoint` stands for the cluster. `handler` decides about each request; by default all pass."""

    def __init__(self, name_server, broker):
        self._upstreams = {"name server": name_server, "broker": broker}
        self._lock = threading.Lock()
        self._requests = []
        self._sockets = []
        self.handler = lambda request: None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = "127.0.0.1:%d" % self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        _shut(self._listener)  # closed alone it would go on to accept
        self.cut_all()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def requests(self, *codes):
        """What has passed so far, of these codes."""
        with self._lock:
            return [request for request in self._requests if request.code in codes]

    def wait_for(self, count, *codes, timeout=PATIENCE):
        """Waits for `count` requests of these codes, and gives all there are."""
        deadline = time.monotonic() + timeout
        while len(self.requests(*codes)) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.requests(*codes))} requests {codes} after {timeout} s, not {count}")
            time.sleep(0.02)
        return self.requests(*codes)

    def cut_all(self):
        """Closes every connection that stands now."""
        with self._lock:
            sockets, self._sockets = self._sockets, []
        for each in sockets:
            _shut(each)

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=_Session(self, client).run, daemon=True).start()


def gaps(requests):
    """The seconds between each of these requests and the next one."""
    return [later.at - earlier.at for earlier, later in zip(requests, requests[1:])]


class _Session:
    """One client's connection, and the connections behind it."""

    def __init__(self, relay, client):
        self._relay = relay
        self._client = client
        self._write_lock = threading.Lock()
        self._upstreams = {}
        self._pending = {}
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        relay._sockets.append(client)

    def run(self):
        try:
            stream = self._client.makefile("rb")
            while (frame := _read_frame(stream)) is not None:
                if not self._serve(frame):
                    break
        except OSError:
            pass  # cut from one side or the other
        for each in (self._client, *self._upstreams.values()):
            _shut(each)

    def _serve(self, frame):
        """False: the connection is to be closed."""
        code, opaque, flag, ext, body = _decode(frame)
        to_name_server = code in (ROUTE, CLUSTER)
        delay = 0
        if not flag & _RESPONSE:
            request = Request(code, opaque, ext, body)
            with self._relay._lock:
                self._relay._requests.append(request)
            verdict = self._relay.handler(request)
            if verdict is CUT:
                return False
            if verdict is DROP:
                return True
            if isinstance(verdict, Answer):
                self._write(_encode(verdict.code, opaque, _RESPONSE, verdict.ext, verdict.body, verdict.remark))
                return True
            if isinstance(verdict, Raw):
                self._write(verdict.data)
                return False
            delay = verdict.seconds if isinstance(verdict, Delay) else 0
            self._pending[opaque] = (request, delay)
        upstream = self._upstream("name server" if to_name_server else "broker")
        upstream.sendall(struct.pack(">i", len(frame)) + frame)
        return True

    def _upstream(self, which):
        if which not in self._upstreams:
            host, _, port = self._relay._upstreams[which].rpartition(":")
            upstream = socket.create_connection((host, int(port)), 10)
            upstream.settimeout(None)
            upstream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._upstreams[which] = upstream
            self._relay._sockets.append(upstream)
            threading.Thread(target=self._back, args=(upstream,), daemon=True).start()
        return self._upstreams[which]

    def _back(self, upstream):
        try:
            stream = upstream.makefile("rb")
            while (frame := _read_frame(stream)) is not None:
                self._pass_back(frame)
        except OSError:
            pass
        _shut(self._client)

    def _pass_back(self, frame):
        code, opaque, flag, ext, body = _decode(frame)
        request, delay = self._pending.pop(opaque, (None, 0)) if flag & _RESPONSE else (None, 0)
        if request is not None and request.code in (ROUTE, CLUSTER) and code == 0:
            own = self._relay.endpoint.encode()
            body = re.sub(rb'("?\d+"?:)"[^"]*:\d+"', rb'\1"' + own + rb'"', body)
            frame = _encode(code, opaque, flag, ext, body)[4:]
        if delay:
            timer = threading.Timer(delay, self._answer, (request, frame))
            timer.daemon = True  # pytest does not wait for it in the end
            timer.start()
        else:
            self._answer(request, frame)

    def _answer(self, request, frame):
        if request is not None:
            request.answered_at = time.monotonic()
        self._write(struct.pack(">i", len(frame)) + frame)

    def _write(self, data):
        try:
            with self._write_lock:
                self._client.sendall(data)
        except OSError:
            pass  # the client has gone


def _shut(each):
    try:
        each.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    each.close()
