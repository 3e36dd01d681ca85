"""What stands between a job and the servers: a relay for each of them, which can break as networks do. Name servers' answers are
rewritten, so that brokers are reached through the relays too."""

import asyncio
import random
import re
import socket
import struct
import threading

_ADDRESS = re.compile(rb"127\.0\.0\.1:(\d+)")
_CHUNK = 64 << 10
HEALTHY = "healthy"


class Links:
    """All relays of a run, on one thread."""

    def __init__(self):
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._links = []

    def add(self, port, upstream, ports=None):
        """A relay from `port` to `upstream`; with `ports`, those of brokers and of their relays, it rewrites answers."""
        link = _Link(self._loop, port, upstream, ports)
        self._call(link.listen())
        self._links.append(link)
        return link

    def set(self, links, mode, amount=None):
        for link in links:
            self._call(link.set(mode, amount))

    def close(self):
        for link in self._links:
            self._call(link.set("refuse", None))
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)


class _Link:
    def __init__(self, loop, port, upstream, ports):
        self._loop, self._port, self._upstream, self._ports = loop, port, upstream, ports
        self._server, self._pairs = None, set()
        self.mode, self.amount = HEALTHY, None

    async def listen(self):
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._port)

    async def set(self, mode, amount):
        self.mode, self.amount = mode, amount
        if mode == "refuse":
            if self._server:
                self._server.close()
                self._server = None
            self._reset_all()
        elif self._server is None:
            await self.listen()
        if mode == "reset":
            self._reset_all()

    def _reset_all(self):
        for pair in list(self._pairs):
            pair.reset()

    async def _accept(self, reader, writer):
        if self.mode == "reset":  # after a while, in the middle of whatever it does
            self._loop.call_later(random.random(), lambda: [pair.reset() for pair in list(self._pairs) if pair.client is writer])
        try:
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        except OSError:
            _abort(writer)
            return
        pair = _Pair(self, writer, up_writer)
        self._pairs.add(pair)
        await asyncio.gather(pair.pump(reader, up_writer, to_client=False), pair.pump(up_reader, writer, to_client=True))
        self._pairs.discard(pair)

    def rewritten(self, frame):
        """A name server's answer, with the relays in place of the brokers."""
        (header,) = struct.unpack_from(">I", frame, 4)
        at = 8 + (header & 0xFFFFFF)
        body = _ADDRESS.sub(lambda found: b"127.0.0.1:%d" % self._ports.get(int(found[1]), int(found[1])), frame[at:])
        return struct.pack(">I", at - 4 + len(body)) + frame[4:at] + body

    @property
    def rewrites(self):
        return self._ports is not None


class _Pair:
    """One connection, both halves."""

    def __init__(self, link, client, server):
        self._link, self.client, self._server = link, client, server
        self._dead = False  # half-open: what is sent is lost, and nobody is told, for good

    def reset(self):
        for each in (self.client, self._server):
            _abort(each)

    async def pump(self, reader, writer, to_client):
        queue = asyncio.Queue(64)
        sending = asyncio.ensure_future(self._send(queue, writer, to_client))
        try:
            while data := await (self._frame(reader) if to_client and self._link.rewrites else reader.read(_CHUNK)):
                link = self._link
                self._dead |= link.mode == "half-open"
                if not self._dead:
                    delay = link.amount if link.mode == "delay" else 0
                    await queue.put((asyncio.get_running_loop().time() + delay, data))
        except (OSError, asyncio.IncompleteReadError):
            pass
        await queue.put(None)
        await sending

    async def _frame(self, reader):
        head = await reader.read(1)
        if not head:
            return b""
        head += await reader.readexactly(3)
        return self._link.rewritten(head + await reader.readexactly(struct.unpack(">I", head)[0]))

    async def _send(self, queue, writer, to_client):
        """In order, each piece when it is due. After a failure it only takes what comes, so that nobody waits for it."""
        failed = False
        while (item := await queue.get()) is not None:
            due, data = item
            if failed or self._dead:
                continue
            await asyncio.sleep(max(0, due - asyncio.get_running_loop().time()))
            try:
                failed = not await self._write(writer, data, to_client)
            except OSError:
                failed = True
        if not (self._dead and to_client):  # the client of a dead connection does not hear of its end
            writer.close()
            if self._dead:
                self.client.close()

    async def _write(self, writer, data, to_client):
        """False: the connection was ended."""
        link = self._link
        if link.mode == "truncate" and len(data) > 1 and random.random() < 0.3:
            writer.write(data[:random.randrange(1, len(data))])
            for each in (self.client, self._server):
                each.close()
            return False
        while data and link.mode == "slow":
            step = max(1, link.amount // 20)
            writer.write(data[:step])
            await writer.drain()
            data = data[step:]
            await asyncio.sleep(0.05)
        writer.write(data)
        await writer.drain()
        return True


def _abort(writer):
    """Closes with a reset."""
    connection = writer.get_extra_info("socket")
    if connection is not None:
        try:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass
    writer.transport.abort()
