"""Messages and routes that no well-meaning peer makes, by name, and a name server and broker that serve them."""

import ctypes
import functools
import itertools
import json
import struct
import threading
import time
import zlib

from .messages import encode_batch_member, encode_stored
from .relay import Answer, Raw
from .remoting import MAX_OFFSET, MIN_OFFSET, PULL, QUERY_COMMITTED, ROUTE, SEARCH_OFFSET, UPDATE_COMMITTED

MIB = 2**20
COMPRESSED, LZ4, ZSTD, ZLIB = 0x1, 0x101, 0x201, 0x301  # sysFlag
INNER_BATCH = 0xC0
TABLES = {  # columns and options by the name of the source table
    "csv": (", ".join(f"c{i} VARCHAR" for i in range(50)), {"lengthCheck": "PAD"}),
    "strict": ("a VARCHAR, b VARCHAR", {}),  # skips a record of one field
    "numbers": ("a BIGINT, b DECIMAL(38, 18), c DOUBLE, d TIMESTAMP(3)", {}),
    "quoted": ("a VARCHAR, b VARCHAR", {"quoteCharacter": '"'}),
    "gbk": ("a VARCHAR, b VARCHAR", {"encoding": "GBK"}),
    "bytes": ("b VARBINARY, tags VARCHAR METADATA, `keys` VARCHAR METADATA", {}),
}
_HARMLESS = {"strict": b"1,2", "numbers": b"1,2,3,20240101", "quoted": b"1,2", "gbk": b"1,2"}
_FOUND, _NOTHING_THERE = 0, 19


# ---- what is said of a message: a function of its topic and offset that gives how many offsets it spans, and its answer

def stored(body, *arguments, **more):
    return lambda topic, offset: (1, encode_stored(topic, offset, body, *arguments, **more))


def members(bodies, flags=0, properties="", pack=lambda data: data):
    """An inner batch."""
    inner = pack(b"".join(encode_batch_member(body, properties) for body in bodies))
    return lambda topic, offset: (len(bodies), encode_stored(topic, offset, inner, INNER_BATCH | flags, _INNER_NUM % len(bodies)))


_INNER_NUM = b"INNER_NUM\x01%d\x02"


def together(*parts):
    """Several messages in one answer."""
    def say(topic, offset):
        data = []
        begin = offset
        for part in parts:
            span, one = part(topic, offset)
            data.append(one)
            offset += span
        return offset - begin, b"".join(data)
    return say


def lone(data, span=1):
    """A pull's body, whatever it is."""
    return lambda topic, offset: (span, data)


def says(span=1, **ext):
    """A message with such fields in the header around it."""
    return lambda topic, offset: (span, Answer(_FOUND, ext={**_where(offset + span, offset + span), **ext},
                                               body=encode_stored(topic, offset, b"x")))


def broken(data):
    """No frame at all."""
    return lambda topic, offset: (1, Raw(data))


def _where(offset, end):
    return {"nextBeginOffset": offset, "minOffset": 0, "maxOffset": end, "suggestWhichBrokerId": 0}


# ---- compressed by the libraries themselves, as Python's own has one of the three

@functools.cache
def _library(name):
    library = ctypes.CDLL(name)
    for function in ("ZSTD_compressBound", "ZSTD_compress", "LZ4F_compressFrameBound", "LZ4F_compressFrame"):
        if hasattr(library, function):
            getattr(library, function).restype = ctypes.c_size_t
    return library


def zstd(data):
    library = _library("libzstd.so.1")
    out = ctypes.create_string_buffer(library.ZSTD_compressBound(ctypes.c_size_t(len(data))))
    used = library.ZSTD_compress(out, ctypes.c_size_t(len(out)), data, ctypes.c_size_t(len(data)), 3)
    return out.raw[:used]


def lz4(data):
    library = _library("liblz4.so.1")
    out = ctypes.create_string_buffer(library.LZ4F_compressFrameBound(ctypes.c_size_t(len(data)), None))
    used = library.LZ4F_compressFrame(out, ctypes.c_size_t(len(out)), data, ctypes.c_size_t(len(data)), None)
    return out.raw[:used]


_PACKERS = {LZ4: lz4, ZSTD: zstd, ZLIB: lambda data: zlib.compress(data, 1)}


@functools.cache
def packed(how, unit, size=60 * MIB):
    """`unit` again and again, so many bytes once it is inflated."""
    return stored(_PACKERS[how](unit * (size // len(unit))), how)


def _zstd_frame(window, size, blocks=b"\x01\x00\x00"):
    """A frame whose header says what it likes; its one block is the last one, raw and empty."""
    return b"\x28\xb5\x2f\xfd" + bytes([0xC0, window]) + struct.pack("<Q", size) + blocks


ROW = b",".join([b"0123456789abcdef"] * 50) + b"\n"
LONG = b"x" * 1024
ENDLESS_ZSTD = b"\x28\xb5\x2f\xfd\x00\x58" + b"\x02\x00\x10x" * 4096  # blocks of 128 KiB without a last one

_FIELDS = b'{"code":0,"flag":1,"opaque":1,"extFields":{' + b",".join(b'"n%d":"v"' % i for i in range(500_000)) + b"}}"
_MANY_FIELDS = struct.pack(">iI", 4 + len(_FIELDS), len(_FIELDS)) + _FIELDS

# True: what cannot be read on from, and ends a job; it is there twice. Cases are served in this order, each behind the one before.
MESSAGES = {
    "64 that zstd inflates to 60 MiB": ("strict", lambda: 64 * [packed(ZSTD, LONG)]),
    "16 that zlib inflates to 60 MiB": ("strict", lambda: 16 * [packed(ZLIB, LONG)]),
    "16 that LZ4 inflates to 60 MiB": ("strict", lambda: 16 * [packed(LZ4, LONG)]),
    "60 MiB of rows, of zstd": ("csv", lambda: [packed(ZSTD, ROW)]),
    "60 MiB of empty rows, of zlib": ("csv", lambda: [packed(ZLIB, b"\n" * 1024)]),
    "60 MiB of rows, of LZ4": ("strict", lambda: [packed(LZ4, ROW)]),
    "a field of 60 MiB": ("csv", lambda: 4 * [packed(ZSTD, LONG)]),
    "rows of one character, padded to 50 columns": ("csv", lambda: [stored(b"1\n" * (2 * MIB))]),
    "nothing but field delimiters": ("csv", lambda: 4 * [stored(b"," * 4 * MIB)]),
    "nothing but line delimiters": ("csv", lambda: 4 * [stored(b"\n" * 4 * MIB)]),
    "a field as large as a message": ("csv", lambda: 16 * [stored(b"x" * 4 * MIB)]),
    "bytes that are no text": ("csv", lambda: 4 * [stored(b"\xff" * 4 * MIB)]),
    "60 MiB that are no text": ("csv", lambda: 2 * [packed(ZSTD, b"\xff" * 1024)]),
    "zeros": ("csv", lambda: 2 * [packed(ZSTD, b"\0" * 1024)]),
    "zstd, more than is allowed": ("csv", lambda: 4 * [packed(ZSTD, LONG, 256 * MIB)]),
    "zlib, more than is allowed": ("csv", lambda: 4 * [packed(ZLIB, LONG, 80 * MIB)]),
    "LZ4, more than is allowed": ("csv", lambda: 4 * [packed(LZ4, LONG, 80 * MIB)]),
    "zstd that claims all memory": ("csv", lambda: 64 * [stored(_zstd_frame(0, 2**62), ZSTD)]),
    "zstd that wants a window of 2 GiB": ("csv", lambda: 64 * [stored(_zstd_frame(0xA8, 2**31), ZSTD)]),
    "zstd that claims less than it holds": ("csv", lambda: 64 * [stored(_zstd_frame(0x58, 1, b"\x03\x00\x10x"), ZSTD)]),
    "zstd without an end": ("csv", lambda: 16 * [stored(ENDLESS_ZSTD, ZSTD)]),
    "zstd, 500 frames of 60 MiB in a row": ("csv", lambda: 2 * [stored(zstd(LONG * 60 * 1024) * 500, ZSTD)]),
    "LZ4, frames of 60 MiB in a row": ("csv", lambda: 2 * [stored(lz4(LONG * 60 * 1024) * 16, LZ4)]),
    "zlib cut short": ("csv", lambda: 2 * [stored(zlib.compress(LONG * 60 * 1024, 1)[:-4], ZLIB)]),
    "LZ4 cut short": ("csv", lambda: 2 * [stored(lz4(LONG * 60 * 1024)[:-8], LZ4)]),
    "LZ4 that claims 2^62 bytes": ("csv", lambda: 64 * [stored(b"\x04\x22\x4d\x18\x68\x70" + struct.pack("<Q", 2**62) + b"\0" * 5, LZ4)]),
    "zlib within zlib": ("csv", lambda: 2 * [stored(zlib.compress(zlib.compress(LONG * 60 * 1024)), ZLIB)]),
    "no compression that is known": ("csv", lambda: [stored(b"x" * MIB, how << 8 | 1) for how in range(4, 8)]),
    "compressed nothing": ("csv", lambda: 64 * [stored(b"", how) for how in (LZ4, ZSTD, ZLIB)]),
    "a wrong CRC": ("csv", lambda: 16 * [stored(b"x" * 4 * MIB, crc=1)]),
    "a batch of 100,000": ("csv", lambda: [members([b"x"] * 100_000)]),
    "a batch of bombs": ("csv", lambda: [members([zstd(LONG * 60 * 1024)] * 16, ZSTD)]),
    "a batch packed as a whole": ("csv", lambda: [members([LONG * 64] * 950, ZSTD, pack=zstd)]),
    "a batch within a batch": ("csv", lambda: [members([encode_batch_member(encode_batch_member(LONG, ""), "")] * 1000)]),
    "a batch of lying lengths": ("csv", lambda: [stored(struct.pack(">5i", length, 0, 0, 0, length) + LONG, INNER_BATCH)
                                                for length in (2**31 - 1, -1, 0, 21, 22, 1000, -2**31)]),
    "digits without end": ("numbers", lambda: 4 * [stored(b"9" * MIB + b"," + b"1" * MIB + b",1." + b"5" * MIB + b"," + b"0" * MIB)]),
    "an exponent without end": ("numbers", lambda: 4 * [stored(b"1,1e-999999999999," * 1000 + b"1e" + b"9" * MIB + b"\n")]),
    "60 MiB of digits": ("numbers", lambda: 2 * [packed(ZSTD, b"7" * 1024)]),
    "quotes, nothing else": ("quoted", lambda: 8 * [stored(b'"' * 4 * MIB)]),
    "quotes that are never closed": ("quoted", lambda: 4 * [stored(b'"a\n' * MIB)]),
    "text behind quotes": ("quoted", lambda: 4 * [stored(b'"a"x,"",""""\n' * (MIB // 4))]),
    "60 MiB of doubled quotes": ("quoted", lambda: 2 * [packed(ZSTD, b'""' * 512)]),
    "GBK, 60 MiB": ("gbk", lambda: 2 * [packed(ZSTD, b"\xd6\xd0" * 512)]),
    "GBK, 60 MiB that are no text": ("gbk", lambda: 2 * [packed(ZSTD, b"\xff\x30" * 512)]),
    "60 MiB as they are": ("bytes", lambda: 4 * [packed(ZSTD, LONG)]),
    "properties of 32 KB": ("bytes", lambda: 10 * [together(*100 * [stored(b"x", 0, b"KEYS\x01" + b"k" * 32000 + b"\x02")])]),
    "properties of separators": ("bytes", lambda: 5 * [together(*100 * [stored(b"x", 0, b"\x01\x02" * 16_000)])]),
    "properties of one name": ("bytes", lambda: 5 * [together(*100 * [stored(b"x", 0, b"TAGS\x01\x02" * 5000)])]),
    "100,000 tags": ("bytes", lambda: [members([b"x"] * 1000, 0, "TAGS\x01%s\x02" % "||".join(f"t{i}" for i in range(0, 400)))] * 4 +
                     [together(*(stored(b"x", 0, b"TAGS\x01t%d\x02" % i) for i in range(100_000)))]),
    "of another topic, and of another place": ("bytes", lambda: [lone(encode_stored("other", 0, LONG), 8),
                                                               lone(encode_stored("other", -1, LONG) * 1000, 8)]),
    "an answer that leads nowhere": ("bytes", lambda: [says(nextBeginOffset=-1), says(nextBeginOffset="x"), says(minOffset=2**70)], True),
    "a header of 500,000 fields": ("bytes", lambda: [broken(_MANY_FIELDS)]),
    "a header larger than what it brings": ("bytes", lambda: 200 * [says(remark="r" * 250_000)]),
    "frames of lying lengths": ("bytes", lambda: [broken(struct.pack(">iI", length, word) + b"{" * 1000) for length, word in (
        (2**31 - 1, 0), (-1, 0), (2**24 - 8, 2**24 - 12), (0, 0), (100, 2**24 - 1))]),
    "a header of brackets": ("bytes", lambda: [broken(struct.pack(">iI", 4 + 2**23, 2**23) + b'{"a":' + b"[" * (2**23 - 5))]),
    "messages of lying lengths": ("bytes", lambda: [stored(b"x", **{what: length}) for what, length in (
        ("size", 2**31 - 1), ("body_length", 2**31 - 1), ("properties_length", -1))], True),
}


# ---- routes

def _route(address, queues=None, brokers=None, **more):
    return json.dumps({"queueDatas": queues or [], "brokerDatas": brokers or [{"brokerName": "b", "cluster": "c", "brokerAddrs": {"0": address}}],
                       "filterServerTable": {}, **more}).encode()


def _queues(broker="b", count=1, perm=6):
    return {"brokerName": broker, "readQueueNums": count, "writeQueueNums": count, "perm": perm, "topicSysFlag": 0}


def _mapping(total, scope="__global__", ids=()):
    return {"scope": scope, "totalQueues": total, "epoch": 1, "bname": scope, "currIdMap": {str(i): i for i in ids}}


ROUTES = {
    "50 brokers of 100,000 queues": lambda at: _route(at, [_queues(f"b{i}", 100_000) for i in range(50)]),
    "more than 4 MiB": lambda at: _route(at, [_queues(f"b{i}") for i in range(60_000)]),
    "a broker 30,000 times": lambda at: _route(at, [_queues()] * 30_000, [{"brokerName": "b", "cluster": "c", "brokerAddrs": {"0": at}}] * 10_000),
    "brokers without an address": lambda at: _route(at, [_queues()], [{"brokerName": "b", "cluster": "c", "brokerAddrs": {"0": ""}},
                                                                    {"brokerName": "b", "cluster": "", "brokerAddrs": {}}] * 10_000),
    "100,000 addresses of a broker": lambda at: _route(at, [_queues()], [{"brokerName": "b", "brokerAddrs": {str(i): at for i in range(100_000)}}]),
    "addresses under odd ids": lambda at: _route(at, [_queues()], [{"brokerName": "b", "brokerAddrs": {"-1": at, "-9223372036854775808": at}}]),
    "absurd permissions": lambda at: _route(at, [_queues(perm=2**31), _queues(perm=-1)]),
    "numbers of queues below 0": lambda at: _route(at, [_queues(count=-1)]),
    "numbers beyond all types": lambda at: _route(at).replace(b"[]", b'[{"brokerName":"b","readQueueNums":1e400,"writeQueueNums":1' + b"0" * 10_000 + b"}]", 1),
    "arrays within arrays": lambda at: b'{"queueDatas":' + b"[" * (4 * MIB - 20),
    "the same, closed": lambda at: b'{"queueDatas":' + b"[" * (2 * MIB - 20) + b"]" * (2 * MIB - 20) + b"}",
    "objects within objects": lambda at: b'{"a":' * (MIB // 2),
    "a list of nothing": lambda at: b'{"queueDatas":[' + b"[]," * MIB + b"0]}",
    "4 MiB of small members": lambda at: b'{"filterServerTable":{' + b",".join(b'"%d":{}' % i for i in range(300_000)) + b"}}",
    "an order of billions of queues": lambda at: _route(at, [_queues()], orderTopicConf="b:100000;" * 300_000),
    "static mappings of billions of queues": lambda at: _route(at, [_queues()], topicQueueMappingByBroker={
        f"b{i}": _mapping(100_000, f"s{i}") for i in range(20_000)}),
    "a static mapping beside many brokers": lambda at: _route(at, [_queues(f"b{i}", perm=0) for i in range(20_000)],
                                                             topicQueueMappingByBroker={"b19999": _mapping(100_000, ids=range(100_000))}),
    "no JSON": lambda at: b"\0" * (4 * MIB),
    "a text that never ends": lambda at: b'{"orderTopicConf":"' + b"\\u0000" * (MIB // 2),
}


class HostileBroker:
    """Handles a relay's requests: it serves a queue of each of its topics itself."""

    def __init__(self, relay, topics):
        self._lock = threading.Lock()
        self._answers = {topic: [] for topic in topics}  # (offset, the next one, verdict, whether it is served twice only)
        self._served = {}
        self.committed = {topic: 0 for topic in topics}
        self._route = _route(relay.endpoint, [_queues()])
        self.route = None  # stands in for every topic's
        self.routes_asked = 0
        self.address = relay.endpoint
        relay.handler = self

    def add(self, topic, says, passes=False):
        """Behind what is there. `passes`: it is there twice only, and then nothing in its place."""
        with self._lock:
            offset = self._end(topic)
            span, verdict = says(topic, offset)
            if isinstance(verdict, bytes):
                verdict = Answer(_FOUND, ext=_where(offset + span, offset + span), body=verdict)
            self._answers[topic].append((offset, offset + span, verdict, passes or isinstance(verdict, Raw)))

    def end(self, topic):
        with self._lock:
            return self._end(topic)

    def _end(self, topic):
        answers = self._answers[topic]
        return answers[-1][1] if answers else 0

    def forget(self, topic):
        """What has been read, so that it takes no memory."""
        with self._lock:
            self._answers[topic] = self._answers[topic][-1:]

    def read(self, topic):
        """Whether all of it is committed."""
        return self.committed[topic] >= self.end(topic)

    def __call__(self, request):
        topic = request.ext.get("topic")
        if topic not in self._answers:
            return None
        if request.code == ROUTE:
            self.routes_asked += 1
            return Answer(0, body=self.route or self._route)
        if request.code == PULL:
            return self._pull(topic, int(request.ext["queueOffset"]))
        if request.code == QUERY_COMMITTED:
            return Answer(0, ext={"offset": self.committed[topic]})
        if request.code == UPDATE_COMMITTED:
            self.committed[topic] = max(self.committed[topic], int(request.ext["commitOffset"]))
            return Answer(0)
        if request.code in (MAX_OFFSET, MIN_OFFSET, SEARCH_OFFSET):
            return Answer(0, ext={"offset": self.end(topic) if request.code == MAX_OFFSET else 0})
        return Answer(0)

    def _pull(self, topic, offset):
        for waited in range(20):  # as a broker holds a pull at its queue's end
            with self._lock:
                end = self._end(topic)
                found = next((each for each in self._answers[topic] if each[0] <= offset < each[1]), None)
                if found:
                    return self._answer(topic, *found, end)
            time.sleep(0.05)
        return Answer(_NOTHING_THERE, ext=_where(offset, end))

    def _answer(self, topic, first, following, verdict, passes, end):
        times = self._served[topic, first] = self._served.get((topic, first), 0) + 1
        if passes and times > 2:
            return Answer(_FOUND, ext=_where(following, end))
        return verdict


def harmless(table):
    return stored(_HARMLESS.get(table, b"x"))


# ---- what it costs

ANSWERS, MESSAGE, SLACK = 48 * MIB, 64 * MIB, 48 * MIB
# Of docs/architecture.md: answers that are held; a message while it is decompressed, which is moved as it grows; its row.
BOUND = ANSWERS + 2 * MESSAGE + MESSAGE + SLACK
NO_TEXT = 2 * 3 * MESSAGE  # each byte of it becomes a replacement of three, once in the decoder and once in the row
_ONE_CASE = 300


class Peak:
    """How far a process's memory goes beyond what it is now."""

    def __init__(self, pid):
        self._status = f"/proc/{pid}/status"
        with open(f"/proc/{pid}/clear_refs", "w") as reset:
            reset.write("5")
        self._before = self._read("VmRSS")

    def grown(self):
        return self._read("VmHWM") - self._before

    def _read(self, what):
        with open(self._status) as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith(what + ":"))


def costs(broker, topics, pids, check):
    """Serves everything, case by case, and gives by how many bytes each made one of the processes grow. `topics` by the
    tables that read them; `check` is called meanwhile, and may start what has ended."""

    def wait(done, name):
        deadline = time.monotonic() + _ONE_CASE
        while not done():
            check()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name} is not over after {_ONE_CASE} s")
            time.sleep(0.02)

    def measured(name, begin, done):
        peaks = {pid: Peak(pid) for pid in pids()}
        begin()
        wait(done, name)
        most = max(peaks[pid].grown() if pid in peaks else Peak(pid).grown() for pid in pids())
        print(f"{most // MIB:6} MiB: {name}", flush=True)
        return most

    def serve(kind, says, ends=False):
        for each in itertools.chain(says(), [harmless(kind)]):
            broker.add(topics[kind], each, ends)

    def route(made):
        broker.route, broker.routes_asked = made, 0

    for kind in topics:
        serve(kind, lambda: [])
        wait(lambda: broker.read(topics[kind]), f"the first message of {kind}")
    grown = {}
    for name, (kind, says, *ends) in MESSAGES.items():
        made = says()
        grown[name] = measured(name, lambda: serve(kind, lambda: made, *ends), lambda: broker.read(topics[kind]))
        broker.forget(topics[kind])
    for name, make in ROUTES.items():
        made = make(broker.address)
        grown[name] = measured(name, lambda: route(made), lambda: broker.routes_asked >= 2 * len(topics))
    route(None)
    for kind in topics:  # nothing of it lasts
        serve(kind, lambda: [])
        wait(lambda: broker.read(topics[kind]), f"the last message of {kind}")
    return grown


def too_dear(grown, more=0):
    """Those that cost more than the bounds, and `more` that the engine takes; in MiB."""
    return {name: size // MIB for name, size in grown.items() if size > BOUND + more + (NO_TEXT if "no text" in name else 0)}
