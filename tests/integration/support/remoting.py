"""A slow, plain client of RocketMQ's remoting protocol: prepares the input of tests and checks their output without
any of the project's own code."""

import base64
import collections
import hashlib
import hmac
import itertools
import json
import re
import socket
import struct
import time

from .messages import decode_messages, encode_batch_member, encode_properties
from .waiting import PATIENCE

SEND = 310
SEND_BATCH = 320
PULL = 11
QUERY_COMMITTED = 14
UPDATE_COMMITTED = 15
UPDATE_TOPIC = 17
UPDATE_CONFIG = 25
GET_CONFIG = 26
SEARCH_OFFSET = 29
MAX_OFFSET = 30
MIN_OFFSET = 31
CHECK_FILTER = 46
ROUTE = 105
CLUSTER = 106
DELETE_TOPIC_IN_BROKER = 215
DELETE_TOPIC_IN_NAME_SERVER = 216
CLEAN_EXPIRED_QUEUES = 306
DELETE_EXPIRED_LOG = 329
CREATE_USER, UPDATE_USER = 3001, 3002
CREATE_ACL = 3006

SYSTEM_BUSY = 2

_SUCCESS = 0
_PULL_NOT_FOUND, _PULL_RETRY, _PULL_MOVED = 19, 20, 21
_NO_OFFSET = 22
_TOPIC_NOT_FOUND = 17
_VERSION = 513
_SUBSCRIBED = 4

Queue = collections.namedtuple("Queue", "broker id")
Response = collections.namedtuple("Response", "code remark ext body opaque")


class RemotingError(Exception):
    def __init__(self, what, response):
        super().__init__(f"{what}: code {response.code}: {response.remark}")
        self.code = response.code


class Connection:
    """One connection, JSON headers both ways; over TLS and signed for an account where these are given."""

    def __init__(self, address, timeout=60, tls=None, account=None):
        host, _, port = address.rpartition(":")
        self._account = account
        self._socket = socket.create_connection((host, int(port)), timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            self._socket = tls.wrap_socket(self._socket, server_hostname=host)
        self._stream = self._socket.makefile("rb")
        self._opaques = itertools.count(1)

    def close(self):
        self._stream.close()
        self._socket.close()

    def send(self, code, ext, body=b""):
        """Sends a request and gives its opaque."""
        opaque = next(self._opaques)
        fields = {name: str(value) for name, value in ext.items() if value is not None}
        if self._account:
            fields["AccessKey"] = self._account[0]
            text = "".join(fields[name] for name in sorted(fields)).encode("utf-8") + body
            digest = hmac.new(self._account[1].encode("utf-8"), text, hashlib.sha1).digest()
            fields["Signature"] = base64.b64encode(digest).decode()
        header = json.dumps({"code": code, "language": "PYTHON", "version": _VERSION, "opaque": opaque, "flag": 0,
                             "extFields": fields}, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
        self._socket.sendall(struct.pack(">ii", 4 + len(header) + len(body), len(header)) + header + body)
        return opaque

    def receive(self):
        """The next response, whichever it is. Requests of the server are passed over."""
        while True:
            length, word = struct.unpack(">iI", self._read(8))
            header_length = word & 0xFFFFFF
            header = json.loads(self._read(header_length))
            body = self._read(length - 4 - header_length)
            if header.get("flag", 0) & 1:
                return Response(header["code"], header.get("remark"), header.get("extFields") or {}, body, header["opaque"])

    def call(self, code, ext, body=b""):
        opaque = self.send(code, ext, body)
        while True:
            response = self.receive()
            if response.opaque == opaque:
                return response

    def _read(self, count):
        data = self._stream.read(count)
        if len(data) != count:
            raise ConnectionError("the server closed the connection")
        return data


def _loads(text):
    """JSON in which map keys may be bare integers, as Java's older writers make them."""
    return json.loads(re.sub(rb'([{,])(\d+):', rb'\1"\2":', text))


class Client:
    """Speaks to one cluster, through a name server; over TLS, and for an account (name, secret), where these are given."""

    def __init__(self, name_server, tls=None, account=None):
        self.name_server = name_server
        self._tls, self._account = tls, account
        self._connections = {}
        self._known_masters = {}

    def close(self):
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _call(self, address, code, ext, body=b"", ok=(_SUCCESS,), what=""):
        """Calls, anew on a fresh connection when the kept one has died with its server."""
        for fresh in (address not in self._connections, True):
            if fresh:
                self._drop(address)
                self._connections[address] = Connection(address, tls=self._tls, account=self._account)
            try:
                response = self._connections[address].call(code, ext, body)
                break
            except OSError as problem:
                self._drop(address)
                if fresh or isinstance(problem, TimeoutError):  # what is only late would be done twice
                    raise
        if response.code not in ok:
            raise RemotingError(what or f"request {code} {ext} at {address}", response)
        return response

    def _drop(self, address):
        if address in self._connections:
            self._connections.pop(address).close()

    # ---- topics and routes

    def brokers(self):
        """Masters by name."""
        table = _loads(self._call(self.name_server, CLUSTER, {}).body)["brokerAddrTable"]
        self._known_masters.update({name: data["brokerAddrs"]["0"] for name, data in table.items()})
        return {name: self._known_masters[name] for name in table}

    def _masters(self):
        """Those ever seen: one that is down comes back at its address."""
        return self._known_masters or self.brokers()

    def route(self, topic):
        """The topic's route, None when there is none."""
        response = self._call(self.name_server, ROUTE, {"topic": topic, "acceptStandardJsonOnly": "true"},
                              ok=(_SUCCESS, _TOPIC_NOT_FOUND))
        return _loads(response.body) if response.code == _SUCCESS else None

    def queues(self, topic):
        """Readable queues, sorted by broker and id."""
        route = self.route(topic)
        if route is None:
            return []
        return [Queue(data["brokerName"], number) for data in sorted(route["queueDatas"], key=lambda d: d["brokerName"])
                if data["perm"] & 4 for number in range(data["readQueueNums"])]

    def create_topic(self, topic, queues=4, attributes=None):
        """Creates or grows a topic at every broker, and waits until its route says so."""
        deadline = time.monotonic() + PATIENCE
        while not (brokers := self.brokers()):  # a name server that has just come back knows none
            if time.monotonic() > deadline:
                raise TimeoutError(f"no broker has registered itself within {PATIENCE} s")
            time.sleep(0.2)
        for address in brokers.values():
            self._call(address, UPDATE_TOPIC, {
                "topic": topic, "defaultTopic": "TBW102", "readQueueNums": queues, "writeQueueNums": queues, "perm": 6,
                "topicFilterType": "SINGLE_TAG", "topicSysFlag": 0, "order": "false", "attributes": attributes})
        while len(self.queues(topic)) != queues * len(brokers):
            if time.monotonic() > deadline:
                raise TimeoutError(f"the name server does not know {topic} with {queues} queues within {PATIENCE} s")
            time.sleep(0.05)

    def delete_topic(self, topic):
        for address in self.brokers().values():
            self._call(address, DELETE_TOPIC_IN_BROKER, {"topic": topic})
        self._call(self.name_server, DELETE_TOPIC_IN_NAME_SERVER, {"topic": topic, "clusterName": "DefaultCluster"})

    # ---- sending

    def send(self, topic, body, queue=None, keys=None, tags=None, properties=None):
        """Sends one message; gives the queue and the offset it got."""
        queue = queue or self.queues(topic)[0]
        body = body.encode("utf-8") if isinstance(body, str) else body
        response = self._send(SEND, topic, queue, encode_properties(keys, tags, properties), body, batch=False)
        return Queue(queue.broker, int(response.ext["queueId"])), int(response.ext["queueOffset"])

    def send_batch(self, topic, messages, queue=None):
        """Sends bodies (or (body, keys, tags) tuples) as one batch; gives the first one's offset."""
        queue = queue or self.queues(topic)[0]
        members = []
        for message in messages:
            body, keys, tags = message if isinstance(message, tuple) else (message, None, None)
            body = body.encode("utf-8") if isinstance(body, str) else body
            members.append(encode_batch_member(body, encode_properties(keys, tags)))
        # No properties in the header: a 4.9 broker would append them to every member.
        response = self._send(SEND_BATCH, topic, queue, "", b"".join(members), batch=True)
        return int(response.ext["queueOffset"])

    def _send(self, code, topic, queue, properties, body, batch):
        ext = send_fields(topic, queue, properties, batch)
        deadline = time.monotonic() + 60
        while True:
            response = self._call(self._masters()[queue.broker], code, ext, body, ok=(_SUCCESS, SYSTEM_BUSY))
            if response.code == _SUCCESS:
                return response
            if time.monotonic() > deadline:  # a slow machine's broker refuses what has waited for 200 ms; nothing is stored
                raise RemotingError(f"sending to {topic} for 60 s", response)
            time.sleep(0.1)

    # ---- offsets

    def max_offset(self, topic, queue):
        return self._offset(MAX_OFFSET, topic, queue)

    def min_offset(self, topic, queue):
        return self._offset(MIN_OFFSET, topic, queue)

    def search_offset(self, topic, queue, timestamp_ms):
        return self._offset(SEARCH_OFFSET, topic, queue, timestamp=timestamp_ms)

    def committed(self, group, topic, queue):
        """The group's committed offset; None when there is none (a 4.9 broker says 0 then)."""
        response = self._call(self._masters()[queue.broker], QUERY_COMMITTED, {
            "consumerGroup": group, "topic": topic, "queueId": queue.id, "bname": queue.broker, "setZeroIfNotFound": "false"},
            ok=(_SUCCESS, _NO_OFFSET))
        return int(response.ext["offset"]) if response.code == _SUCCESS else None

    def commit(self, group, topic, queue, offset):
        """Sets the group's committed offset. A pull comes first: it is what makes a new group known to the broker."""
        self.pull(topic, queue, 0, group=group)
        self._call(self._masters()[queue.broker], UPDATE_COMMITTED, {
            "consumerGroup": group, "topic": topic, "queueId": queue.id, "bname": queue.broker, "commitOffset": offset})

    def _offset(self, code, topic, queue, **ext):
        response = self._call(self._masters()[queue.broker], code,
                              {"topic": topic, "queueId": queue.id, "bname": queue.broker, **ext})
        return int(response.ext["offset"])

    # ---- reading

    def pull(self, topic, queue, offset, group="remoting-reader", count=32):
        """One pull; gives the response, whatever its code."""
        return self._call(self._masters()[queue.broker], PULL, pull_fields(group, topic, queue, offset, count),
                          ok=(_SUCCESS, _PULL_NOT_FOUND, _PULL_RETRY, _PULL_MOVED))

    def read_queue(self, topic, queue, begin=None):
        """All messages of a queue up to its end as of now."""
        offset = self.min_offset(topic, queue) if begin is None else begin
        end = self.max_offset(topic, queue)
        messages = []
        while offset < end:
            response = self.pull(topic, queue, offset)
            if response.code == _SUCCESS:
                messages.extend(decode_messages(response.body, queue.broker))
            following = int(response.ext["nextBeginOffset"])
            if following <= offset:
                raise RemotingError(f"{topic}@{queue} stands at {offset} of {end}", response)
            offset = following
        return [message for message in messages if message.offset < end]

    def read_topic(self, topic):
        """All messages, by queue."""
        return {queue: self.read_queue(topic, queue) for queue in self.queues(topic)}

    def read_all(self, topic):
        return [message for messages in self.read_topic(topic).values() for message in messages]

    def wait_for(self, topic, count, timeout=PATIENCE):
        """Waits until the topic holds `count` messages or more, and gives them."""
        deadline = time.monotonic() + timeout
        while True:
            total = sum(self.max_offset(topic, queue) - self.min_offset(topic, queue) for queue in self.queues(topic))
            if total >= count:
                return self.read_all(topic)
            if time.monotonic() > deadline:
                raise TimeoutError(f"{topic} holds {total} messages after {timeout} s, not {count}")
            time.sleep(0.05)

    # ---- accounts of 5.x

    def create_user(self, name, secret):
        self._user(CREATE_USER, name, secret)

    def change_secret(self, name, secret):
        self._user(UPDATE_USER, name, secret)

    def _user(self, code, name, secret):
        body = json.dumps({"username": name, "password": secret, "userType": "Normal"}).encode("utf-8")
        for address in self._masters().values():
            self._call(address, code, {"username": name}, body)

    def permit(self, name, resource, *actions):
        """Adds a right: `permit("me", "Topic:orders", "Pub")`."""
        entry = {"resource": resource, "actions": list(actions), "sourceIps": [], "decision": "Allow"}
        body = json.dumps({"subject": f"User:{name}", "policies": [{"policyType": "Custom", "entries": [entry]}]})
        for address in self._masters().values():
            self._call(address, CREATE_ACL, {"subject": f"User:{name}"}, body.encode("utf-8"))

    # ---- administration

    def broker_config(self, broker=None):
        address = self._masters()[broker or next(iter(self._masters()))]
        text = self._call(address, GET_CONFIG, {}).body.decode("utf-8")
        return dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))

    def update_broker_config(self, **values):
        for address in self._masters().values():
            self._call(address, UPDATE_CONFIG, {}, "".join(f"{n}={v}\n" for n, v in values.items()).encode("utf-8"))

    def delete_expired(self):
        """Makes the brokers delete old log files and the queue entries that pointed into them."""
        for address in self._masters().values():
            self._call(address, DELETE_EXPIRED_LOG, {})
            self._call(address, CLEAN_EXPIRED_QUEUES, {})


def send_fields(topic, queue, properties, batch):
    return {"a": "remoting-writer", "b": topic, "c": "TBW102", "d": 4, "e": queue.id, "f": 0, "g": int(time.time() * 1000),
            "h": 0, "i": properties, "j": 0, "k": "false", "l": 16, "m": str(batch).lower(), "n": queue.broker}


def pull_fields(group, topic, queue, offset, count=32):
    return {"consumerGroup": group, "topic": topic, "queueId": queue.id, "queueOffset": offset, "maxMsgNums": count,
            "sysFlag": _SUBSCRIBED, "commitOffset": 0, "suspendTimeoutMillis": 0, "subscription": "*", "subVersion": 0,
            "expressionType": "TAG", "bname": queue.broker}
