"""Writes numbered messages at a bounded rate. Each number of a queue is sent once and never again, so that what a topic holds in
the end is a set without repeats; whether it holds a number that was not acknowledged is open."""

import random
import threading
import time

from admin import writable_queues
from support.messages import encode_batch_member, encode_properties
from support.remoting import SEND_BATCH, Connection, send_fields

_PERIOD = 0.4  # seconds between two batches of a queue
_SLOW = 1.0  # a send that takes longer tells of a machine or a broker at its limit
_TAGS = ("red", "green", "blue", None)
_SAFE = 0  # stored as safely as the broker is configured to: on its disk, and at its slave if it has one
_STORED = (_SAFE, 10, 11, 12)  # 10 to 12: a flush or a slave is late, so that nothing is promised
_WORDS = ("alpha", "βῆτα", "gamma delta", "", "ёж", "x" * 40, "\u2603 snow")


def name_of(topic, queue, number):
    return f"{topic}/{queue.broker}/{queue.id}/{number}"


def body_of(name, number):
    """The text of the columns id, k, n, text; the last one is often short and sometimes long."""
    chance = random.Random(name)
    text = " ".join(chance.choice(_WORDS) for _ in range(chance.choice((0, 1, 3, 8, 60))))
    return f"{name},key-{number % 20},{number},{text}"


class Loader:
    def __init__(self, admin, topics, rate):
        self._admin, self._topics, self._rate = admin, topics, rate
        self.acknowledged = {}  # (topic, queue) → numbers that are safe
        self.troubles = []  # (begin, end) in epoch ms: sends that failed or were slow, whoever is to blame
        self._queues, self._threads = {}, {}
        self._stopped = threading.Event()
        self._follow = threading.Thread(target=self._follow_routes, daemon=True)

    def start(self):
        self._follow.start()

    def stop(self):
        self._stopped.set()
        for thread in (self._follow, *self._threads.values()):
            thread.join()

    def missing(self, there):
        """Of the names of what is safe, those that are not `there`."""
        return [name for (topic, queue), numbers in self.acknowledged.items() for number in numbers
                if (name := name_of(topic, queue, number)) not in there]

    @property
    def count(self):
        return sum(map(len, self.acknowledged.values()))

    def _follow_routes(self):
        while not self._stopped.is_set():
            try:
                with self._admin.client() as client:
                    queues = [(topic, queue) for topic in self._topics for queue in writable_queues(client, topic)]
                    addresses = client.brokers()
            except (OSError, KeyError):
                queues = []  # a name server that has just started may know a slave only
            if queues:
                self._queues = {each: (addresses.get(each[1].broker), len(queues)) for each in queues}
                for broker in {queue.broker for _, queue in queues} - set(self._threads):
                    self._threads[broker] = threading.Thread(target=self._load, args=(broker,), daemon=True)
                    self._threads[broker].start()
            self._stopped.wait(1)

    def _load(self, broker):
        connection, following = None, {}
        while not self._stopped.is_set():
            begun = time.monotonic()
            for place, (address, count) in list(self._queues.items()):
                topic, queue = place
                if queue.broker != broker or address is None:
                    continue
                begin = following.get(place, 0)
                following[place] = begin + max(1, round(self._rate * _PERIOD / count))
                sent_ms, stored = time.time() * 1000, False
                try:
                    connection = connection or Connection(address, timeout=4)
                    stored = self._send(connection, topic, queue, range(begin, following[place]))
                except OSError:  # not known whether it is stored
                    if connection:
                        connection.close()
                    connection = None
                now_ms = time.time() * 1000
                if not stored or now_ms - sent_ms > _SLOW * 1000:
                    self.troubles.append((sent_ms, now_ms))
                if connection is None:
                    break
            self._stopped.wait(max(0.05, _PERIOD - (time.monotonic() - begun)))

    def _send(self, connection, topic, queue, numbers):
        members = []
        for number in numbers:
            name = name_of(topic, queue, number)
            members.append(encode_batch_member(body_of(name, number).encode(), encode_properties(name, _TAGS[number % 4], {"color": f"c{number}"})))
        response = connection.call(SEND_BATCH, send_fields(topic, queue, "", batch=True), b"".join(members))
        if response.code == _SAFE:
            self.acknowledged.setdefault((topic, queue), []).extend(numbers)
        return response.code in _STORED
