"""Writes the seed corpora that cannot be typed by hand: frames and message sets. Run from anywhere; the result is kept
in the repository, so this is needed only when a seed is added."""
import pathlib
import struct
import zlib

CORPUS = pathlib.Path(__file__).parent / "corpus"


def save(kind, name, data):
    (CORPUS / kind).mkdir(parents=True, exist_ok=True)
    (CORPUS / kind / name).write_bytes(data)


def frame(serialize_type, header, body=b""):
    return struct.pack(">II", 4 + len(header) + len(body), serialize_type << 24 | len(header)) + header + body


def binary_header(code, flag, remark, ext):
    block = b"".join(struct.pack(">H", len(k)) + k + struct.pack(">I", len(v)) + v for k, v in ext)
    return struct.pack(">hBhiiI", code, 1, 513, 7, flag, len(remark)) + remark + struct.pack(">I", len(block)) + block


def message(offset, body, flags=0, properties=b"TAGS\x01a\x02KEYS\x01k\x02UNIQ_KEY\x01u\x02", v2=False):
    ip = b"\x7f\0\0\1"
    born = ip * 4 if flags & 0x10 else ip
    store = ip * 4 if flags & 0x20 else ip
    topic = struct.pack(">H" if v2 else ">B", 6) + b"orders"
    rest = (struct.pack(">IIiiqqiq", 0xDAA320AB if v2 else 0xDAA320A7, zlib.crc32(body) & 0x7FFFFFFF, 0, 0, offset, 0,
                        flags, 1) + born + struct.pack(">iq", 1, 2) + store + struct.pack(">iiqI", 10911, 0, 0, len(body))
            + body + topic + struct.pack(">h", len(properties)) + properties)
    return struct.pack(">I", len(rest) + 4) + rest


def member(body, properties=b""):
    return struct.pack(">IIIiI", 22 + len(body) + len(properties), 0, 0, 0, len(body)) + body + struct.pack(
        ">h", len(properties)) + properties


JSON = (b'{"code":0,"extFields":{"offset":"0","n":1,"t":true},"flag":1,"language":"JAVA","opaque":7,"remark":"FOUND",'
        b'"serializeTypeCurrentRPC":"JSON","version":513}')
save("frame", "binary", frame(1, binary_header(30, 0, b"", [(b"topic", b"T"), (b"queueId", b"0")])))
save("frame", "binary_remark", frame(1, binary_header(21, 1, b"OFFSET_RESET", [(b"nextBeginOffset", b"5")]), b"body"))
save("frame", "json", frame(0, JSON, b"body"))
save("frame", "json_header_alone", JSON)
save("frame", "binary_header_alone", binary_header(0, 1, b"r", [(b"a", b""), (b"b", b"c")]))

INNER = member(b"one", b"TAGS\x01a\x02") + member(b"two")
# 20 times "body ", by the libraries' own programs.
LZ4 = bytes.fromhex("04224d186040820f0000005f626f64792005004750626f64792000000000")
ZSTD = bytes.fromhex("28b52ffd206465000028626f64792001008ca96801")
save("message_set", "plain", message(0, b"body") + message(1, b""))
save("message_set", "hosts", message(0, b"a", 0x10) + message(1, b"b", 0x20) + message(2, b"c", 0x30, v2=True))
save("message_set", "zlib", message(0, zlib.compress(b"body" * 50), 0x1) + message(1, zlib.compress(b""), 0x301))
save("message_set", "lz4", message(0, LZ4, 0x101))
save("message_set", "zstd", message(0, ZSTD, 0x201))
save("message_set", "inner", message(0, INNER, 0xC0) + message(2, zlib.compress(INNER), 0xC1))
save("message_set", "open_properties", message(0, b"x", 0, b"TAGS\x01a\x02last\x01open"))
