"""Conversations with a broker and its name server that a seed draws. What is written down of one is the same of any two
servers that answer alike; what differs between any two runs (times, ids, what a broker makes of nonsense that no client
sends) is not asked for or not written down."""

import json
import random
import time

from . import remoting
from .messages import decode_messages, encode_batch_member
from .remoting import Connection, Queue

_RESET, _HEARTBEAT = 222, 34
_BROKER = "broker-a"
_HAS_OFFSETS = (0, 19, 20, 21)
_POLL_MS = 8000


class _Talk:
    """Asks, and writes down what is said; each in names of its own."""

    def __init__(self, name_server, broker, suffix, is_5):
        self.broker_address, self.suffix, self.is_5 = broker, suffix, is_5
        self.broker, self.name_server = Connection(broker, timeout=30), Connection(name_server, timeout=30)
        self.lines = []

    def named(self, name):
        return f"{name}-{self.suffix}"

    def write(self, what, answer, *fields):
        self.lines.append(" ".join([f"{what}: code={answer.code}", *(f"{name}={answer.ext.get(name)}" for name in fields)]))

    def write_pull(self, what, answer):
        if answer.code not in _HAS_OFFSETS:
            self.write(what, answer)
            return
        self.write(f"{what}: {answer.remark}", answer, "nextBeginOffset", "minOffset", "maxOffset", "suggestWhichBrokerId")
        for message in decode_messages(answer.body, _BROKER):
            made = {} if message.properties.get("UNIQ_KEY", "own").startswith("own") else {"UNIQ_KEY": "made"}
            properties = sorted((message.properties | made).items())
            body = message.body if len(message.body) < 20 else len(message.body)
            self.lines.append(f"  {message.offset}: {message.queue_id} {body} {message.flag} {message.sys_flag} {properties}")

    def ask_queue(self, code, topic, queue, **more):
        return self.broker.call(code, {"topic": self.named(topic), "queueId": queue, "bname": _BROKER, **more})

    def end(self, topic, queue):
        return int(self.ask_queue(remoting.MAX_OFFSET, topic, queue).ext["offset"])

    def offset(self, place):
        return max(0, self.end(place.topic, place.queue) + place.offset) if place.from_end else place.offset

    def route(self, topic):
        return self.name_server.call(remoting.ROUTE, {"topic": self.named(topic), "acceptStandardJsonOnly": "true"})

    def set_topic(self, topic, read, write, perm):
        self.broker.call(remoting.UPDATE_TOPIC, {
            "topic": self.named(topic), "defaultTopic": "TBW102", "readQueueNums": read, "writeQueueNums": write, "perm": perm,
            "topicFilterType": "SINGLE_TAG", "topicSysFlag": 0, "order": "false"})
        deadline = time.monotonic() + 30
        while not self._shows(self.route(topic), read, write, perm):
            assert time.monotonic() < deadline, f"the name server does not get to know of {topic}"
            time.sleep(0.05)

    @staticmethod
    def _shows(route, read, write, perm):
        return route.code == 0 and any((data["readQueueNums"], data["writeQueueNums"], data["perm"]) == (read, write, perm)
                                       for data in json.loads(route.body)["queueDatas"])

    def send(self, what, topic, queue, properties, body, count=1, batch=False):
        fields = remoting.send_fields(self.named(topic), Queue(_BROKER, queue), properties, batch)
        answer = self.broker.call(remoting.SEND_BATCH if batch else remoting.SEND, fields, body)
        self.write(what, answer, "queueId", "queueOffset")
        if answer.code:
            return
        deadline = time.monotonic() + 30
        while self.end(topic, queue) < int(answer.ext["queueOffset"]) + count:  # acknowledged is not yet visible
            assert time.monotonic() < deadline, f"{what}: what is acknowledged does not become visible"
            time.sleep(0.002)
        time.sleep(0.003)  # so that no two have the same store time

    def pull_fields(self, group, place, **changed):
        fields = remoting.pull_fields(self.named(group), self.named(place.topic), Queue(_BROKER, place.queue), self.offset(place))
        return {**fields, **changed}


class _Place:
    def __init__(self, draw):
        self.topic = draw.choice("aaabbcd")
        self.queue = draw.choice([0, 0, 0, 0, 1, 1, 2, 3, 7, 99, -1])
        self.from_end = draw.random() < 0.4
        self.offset = draw.choice([0, 0, 1, -1, -2, 2, -40, -300, -800] if self.from_end else
                                  [0, 0, 0, 1, 2, 3, 5, 8, -1, -5, 99, 250, 800, 1000])

    def __repr__(self):
        return f"{self.topic}/{self.queue}@{'end+' if self.from_end else ''}{self.offset}"


def _group(draw):
    return draw.choice(["g", "g", "h", "stranger"])


def _properties(draw, singly):
    """Singly also with what brokers make anew: in a batch they store what they are given."""
    pairs = [("TAGS", draw.choice(["a", "b", "c", "Aa", "BB", "a b"]))] if draw.random() < 0.6 else []
    for name, values in (("KEYS", ["k", "k l"]), ("UNIQ_KEY", ["own-1", "own-2"]), ("colour", ["x", "ü"])):
        if draw.random() < 0.2:
            pairs.append((name, draw.choice(values)))
    if singly and draw.random() < 0.2:
        pairs += draw.choice([[("TAGS", "z")], [("colour", "")], [("", "x")], [("CLUSTER", "own")], [("KEYS", "")]])
    return "".join(f"{name}\x01{value}\x02" for name, value in pairs)


def _send(draw):
    place, properties, body = _Place(draw), _properties(draw, True), draw.choice([b"m"] * 8 + [b"x" * 60_000, b"x" * 262_000, b""])
    what = f"send {place.topic}/{place.queue} {len(body)} bytes {properties!r}"
    return lambda talk: talk.send(what, place.topic, max(place.queue, 0), properties, body)


def _send_batch(draw):
    place, count, size = _Place(draw), draw.choice([1, 2, 3, 5, 300, 900]), draw.choice([0, 1, 1, 1, 900])
    properties = [_properties(draw, False) for _ in range(min(count, 5))]
    body = b"".join(encode_batch_member(b"x" * size, properties[i % len(properties)]) for i in range(count))
    what = f"batch {place.topic}/{place.queue} {count} of {size} bytes {properties!r}"
    return lambda talk: talk.send(what, place.topic, max(place.queue, 0), "", body, count, batch=True)


def _pull(draw):
    place, group = _Place(draw), _group(draw)
    changed = {"maxMsgNums": draw.choice([32, 32, 0, 1, 2, 100, 1000, 2000]),
               "subVersion": draw.choice([0, 1, 1_700_000_000_000, -1]),
               "subscription": draw.choice(["*", "*", "*", "a", "a || b", "a||", "", " ", "b||c", "Aa", "none", "||", "||a"])}
    if draw.random() < 0.1:
        changed |= {"expressionType": "SQL92", "subscription": draw.choice(["TAGS IS NULL OR TAGS IS NOT NULL", "a = (", ""])}
    what = f"pull {group} {place} {changed}"
    return lambda talk: talk.write_pull(what, talk.broker.call(remoting.PULL, talk.pull_fields(group, place, **changed)))


def _poll(draw):
    """That a message wakes, if it matches."""
    place, group, tag, wanted = _Place(draw), _group(draw), draw.choice("ab"), draw.choice("*ab")
    place.queue = max(place.queue, 0)
    if draw.random() < 0.7:
        place.from_end, place.offset = True, 0
    what = f"poll {group} {place} for {wanted}, {tag} comes"

    def step(talk):
        poller, asked = Connection(talk.broker_address, timeout=30), time.monotonic()
        poller.send(remoting.PULL, talk.pull_fields(group, place, sysFlag=6, suspendTimeoutMillis=_POLL_MS, subscription=wanted))
        time.sleep(0.2)
        talk.send(what, place.topic, place.queue, f"TAGS\x01{tag}\x02", b"m")
        answer = poller.receive()
        poller.close()
        woken = wanted not in ("*", tag) or time.monotonic() - asked < _POLL_MS / 2000
        talk.write_pull(what if woken else f"{what}, late", answer)

    return step


def _query(draw):
    place, group, zero = _Place(draw), _group(draw), draw.choice([None, "true", "false", "false"])
    what = f"query {group} {place.topic}/{place.queue} {zero}"
    return lambda talk: talk.write(what, talk.ask_queue(remoting.QUERY_COMMITTED, place.topic, place.queue,
                                                        consumerGroup=talk.named(group), setZeroIfNotFound=zero), "offset")


def _update(draw):
    place, group = _Place(draw), _group(draw)
    return lambda talk: talk.write(f"update {group} {place}", talk.ask_queue(
        remoting.UPDATE_COMMITTED, place.topic, place.queue, consumerGroup=talk.named(group), commitOffset=talk.offset(place)))


def _ends(draw):
    place, code = _Place(draw), draw.choice([remoting.MIN_OFFSET, remoting.MAX_OFFSET])
    return lambda talk: talk.write(f"end {code} of {place.topic}/{place.queue}",
                                   talk.ask_queue(code, place.topic, place.queue), "offset")


def _search(draw):
    place, behind = _Place(draw), draw.choice([-1, 0, 1, 10**6, -10**6, -10**12])
    boundary = draw.choice(["lower", "lower", "upper", None])

    def step(talk):
        answer = talk.broker.call(remoting.PULL, talk.pull_fields("searchers", place, maxMsgNums=1))
        message = next(decode_messages(answer.body, _BROKER), None) if answer.code == 0 else None
        at = behind + (message.store_ms if message else int(time.time() * 1000))
        talk.write(f"search {place} {behind:+} {boundary}", talk.ask_queue(
            remoting.SEARCH_OFFSET, place.topic, place.queue, timestamp=at, boundaryType=boundary), "offset")

    return step


def _set_topic(draw):
    topic, read, perm = draw.choice("aabc"), draw.choice([1, 2, 3, 4, 8]), draw.choice([6, 6, 6, 4, 2, 0, 7])
    write = draw.choice([read, read, 1, 2, 4])

    def step(talk):
        talk.lines.append(f"topic {topic} has {read}/{write} queues, permission {perm}")
        talk.set_topic(topic, read, write, perm)

    return step


def _delete_topic(draw):
    topic = draw.choice("abcd")
    return lambda talk: talk.write(f"delete {topic}",
                                   talk.broker.call(remoting.DELETE_TOPIC_IN_BROKER, {"topic": talk.named(topic)}))


def _reset(draw):
    """4.9 asks the group's clients."""
    place, group = _Place(draw), _group(draw)
    place.queue = max(place.queue, 0)
    if place.offset < 0:
        place.offset = 0  # -1: by time
    return lambda talk: talk.is_5 and talk.write(f"reset {group} {place}", talk.broker.call(_RESET, {
        "topic": talk.named(place.topic), "group": talk.named(group), "queueId": place.queue, "offset": talk.offset(place),
        "timestamp": -1, "isForce": "true"}))


def _heartbeat(draw):
    group = _group(draw)
    return lambda talk: talk.write(f"heartbeat {group}", talk.broker.call(_HEARTBEAT, {}, json.dumps({
        "clientID": "1@2", "producerDataSet": [], "consumerDataSet": [{
            "groupName": talk.named(group), "consumeType": "CONSUME_ACTIVELY", "messageModel": "CLUSTERING", "unitMode": False,
            "consumeFromWhere": "CONSUME_FROM_LAST_OFFSET", "subscriptionDataSet": []}]}).encode()))


_KINDS = {_send: 24, _send_batch: 12, _pull: 25, _poll: 5, _query: 12, _update: 14, _ends: 8, _search: 10, _set_topic: 8,
          _delete_topic: 4, _reset: 4, _heartbeat: 3}


def hold(name_server, broker, suffix, is_5, seed, steps, only=None):
    """The lines that are written down, of all `steps` that the seed draws or `only` of those with these numbers."""
    talk, draw = _Talk(name_server, broker, suffix, is_5), random.Random(seed)
    talk.set_topic("a", *draw.choice([(1, 1, 6), (2, 2, 6), (4, 4, 6)]))
    talk.set_topic("b", *draw.choice([(1, 1, 6), (3, 3, 6)]))
    for number in range(steps):
        step = draw.choices(list(_KINDS), list(_KINDS.values()))[0](draw)
        if only is None or number in only:
            step(talk)
    return [line.replace(f"-{suffix}", "") for line in talk.lines]
