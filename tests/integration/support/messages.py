"""Stored messages and batches of RocketMQ's remoting protocol, as bytes."""

import itertools
import os
import struct
import time
import zlib

_MAGIC_V1 = 0xDAA320A7
_MAGIC_V2 = 0xDAA320AB
_COMPRESSED = 0x1
_BORN_HOST_V6 = 0x10
_STORE_HOST_V6 = 0x20
_COMPRESSION_TYPE = 0x700
_ZLIB_TYPES = (0, 0x300)
_HEAD = struct.Struct(">iIIiiqqiq")


class Message:
    """A message as a broker stored it."""

    __slots__ = ("broker", "queue_id", "offset", "body", "raw_properties", "sys_flag", "flag", "born_ms", "store_ms", "topic",
                 "log_offset")

    @property
    def properties(self):
        """The properties by name; the last one of a name wins."""
        pairs = (pair.partition("\x01") for pair in self.raw_properties.decode("utf-8").split("\x02"))
        return {name: value for name, _, value in pairs if name}

    @property
    def keys(self):
        return self.properties.get("KEYS")

    @property
    def tags(self):
        return self.properties.get("TAGS")

    @property
    def text(self):
        return self.body.decode("utf-8")

    def __repr__(self):
        return f"Message({self.topic}@{self.broker}:{self.queue_id}/{self.offset} {self.body!r} {self.properties})"


def decode_messages(data, broker):
    """Decodes the body of a pull's answer."""
    position = 0
    while position < len(data):
        size, magic, crc, queue_id, flag, offset, log_offset, sys_flag, born_ms = _HEAD.unpack_from(data, position)
        if magic not in (_MAGIC_V1, _MAGIC_V2):
            raise ValueError(f"magic {magic:#x} at byte {position} of a pull's body")
        at = position + _HEAD.size + (20 if sys_flag & _BORN_HOST_V6 else 8)
        (store_ms,) = struct.unpack_from(">q", data, at)
        at += 8 + (20 if sys_flag & _STORE_HOST_V6 else 8) + 4 + 8  # store host, reconsume times, prepared offset
        (length,) = struct.unpack_from(">i", data, at)
        body = data[at + 4:at + 4 + length]
        at += 4 + length
        if length and zlib.crc32(body) & 0x7FFFFFFF != crc:
            raise ValueError(f"CRC of the message at offset {offset}")
        topic_length = data[at] if magic == _MAGIC_V1 else struct.unpack_from(">H", data, at)[0]
        at += 1 if magic == _MAGIC_V1 else 2
        topic = data[at:at + topic_length]
        at += topic_length
        (length,) = struct.unpack_from(">h", data, at)
        message = Message()
        message.raw_properties = data[at + 2:at + 2 + length]
        if at + 2 + length != position + size:
            raise ValueError(f"the message at offset {offset} is not as long as it says")
        if sys_flag & _COMPRESSED:
            if sys_flag & _COMPRESSION_TYPE not in _ZLIB_TYPES:
                raise ValueError(f"compression of sysFlag {sys_flag:#x} is not known here")
            body = zlib.decompress(body)
        message.broker, message.queue_id, message.offset = broker, queue_id, offset
        message.body, message.sys_flag, message.flag = body, sys_flag, flag
        message.born_ms, message.store_ms, message.log_offset = born_ms, store_ms, log_offset
        message.topic = topic.decode()
        yield message
        position += size


def encode_stored(topic, offset, body=b"", sys_flag=0, properties=b"", **lies):
    """A message as a pull's answer carries it. `lies` stand in place of the lengths and the CRC that are true: `size`, `crc`,
    `body_length`, `topic_length`, `properties_length`."""
    name = topic.encode()
    size = 91 + len(body) + len(name) + len(properties)
    crc = zlib.crc32(body) & 0x7FFFFFFF
    now = int(time.time() * 1000)
    return b"".join((
        _HEAD.pack(lies.get("size", size), _MAGIC_V1, lies.get("crc", crc), 0, 0, offset, 0, sys_flag, now),
        struct.pack(">iiqiiiqi", 0x7F000001, 10911, now, 0x7F000001, 10911, 0, 0, lies.get("body_length", len(body))), body,
        struct.pack(">B", lies.get("topic_length", len(name))), name,
        struct.pack(">h", lies.get("properties_length", len(properties))), properties))


_instance = os.urandom(14).hex().upper()[:20]
_counter = itertools.count(int(time.time() * 1000) & 0xFFFFFFFF)


def unique_key():
    return f"{_instance}{next(_counter) & 0xFFFFFFFFFFFF:012X}"


def encode_properties(keys=None, tags=None, properties=None):
    """Properties as text on the wire, with a UNIQ_KEY."""
    pairs = {"UNIQ_KEY": unique_key(), "WAIT": "true", **(properties or {})}
    if keys is not None:
        pairs["KEYS"] = keys
    if tags is not None:
        pairs["TAGS"] = tags
    return "".join(f"{name}\x01{value}\x02" for name, value in pairs.items())


def encode_batch_member(body, properties):
    """One message of a batch; `properties` as text on the wire."""
    encoded = properties.encode("utf-8")
    return struct.pack(f">iiiii{len(body)}sh", 22 + len(body) + len(encoded), 0, 0, 0, len(body), body, len(encoded)) + encoded
