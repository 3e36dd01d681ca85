"""What `--metrics` shows to Prometheus while a job runs."""

import re
import socket
import time
import urllib.error
import urllib.request

import pytest

from support.remoting import Queue
from support.runner import run, table
from support.target import Target, unique
from support.waiting import PATIENCE

SOURCE = ["numRecordsIn", "numRecordsInPerSecond", "numBytesIn", "numBytesInPerSecond", "numRecordsInErrors", "currentEmitEventTimeLag",
          "currentFetchEventTimeLag", "sourceIdleTime", "numRetries", "numThrottled", "numApiCalls"]
QUEUE = ["pendingRecords", "currentOffset", "committedOffset"]
SINK = ["numRecordsOut", "numRecordsOutPerSecond", "numBytesOut", "numBytesOutPerSecond", "currentSendTime", "numRecordsOutErrors",
        "numRetries", "numThrottled", "numApiCalls", "numSendsDegraded", "numDelimiterConflicts"]


class Page:
    """The page of a running job."""

    def __init__(self, job):
        job.wait_log("metrics at http")
        self.url = re.search(r"metrics at (\S+)", job.log).group(1)

    def text(self):
        with urllib.request.urlopen(self.url, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def values(self):
        """By name and labels, as (name, frozenset of (label, value))."""
        found = {}
        for name, labels, value in re.findall(r"^rocketlink_(\w+){(.*)} (\S+)$", self.text(), re.MULTILINE):
            found[name, frozenset(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels))] = float(value)
        return found

    def wait_for(self, name, value, timeout=PATIENCE, **labels):
        end = time.monotonic() + timeout
        while (found := self.values().get((name, frozenset(labels.items())))) != value:
            assert time.monotonic() < end, f"{name} of {labels} is {found}, not {value}"
            time.sleep(0.1)


def copying(target, source, copy, **options):
    return (target.source(source, "id INT, v VARCHAR", options=options) + target.sink(copy, "id INT, v VARCHAR", delimiter=";") +
            table("screen", "id INT", {"connector": "print"}) +
            "INSERT INTO dst SELECT id, v FROM src;\nINSERT INTO screen SELECT id FROM src;")


def test_all_metrics_by_their_names(target, start):
    source, copy = target.topic(queues=2), target.topic()
    job = start(copying(target, source, copy), "--metrics", "127.0.0.1:0")
    page = Page(job)
    bodies = ["0,x", "1,x", "2,x", "three,x", "4,a;b"]
    for i in range(10):
        target.client.send(source, bodies[i % 5], Queue(target.broker, i % 2))
    page.wait_for("numRecordsOut", 8, role="sink", table="dst")
    page.wait_for("numRecordsOut", 8, role="sink", table="screen")
    found = page.values()

    def value(name, **labels):
        return found[name, frozenset(labels.items())]

    names = {name: value(name, role="source", table="src") for name in SOURCE}
    assert names["numRecordsIn"] == 8 and names["numRecordsInErrors"] == 2
    assert names["numBytesIn"] == 2 * sum(map(len, bodies))
    assert names["numRetries"] == names["numThrottled"] == 0 < names["numApiCalls"]
    assert names["numBytesInPerSecond"] / names["numRecordsInPerSecond"] == pytest.approx(names["numBytesIn"] / 8)
    assert 0 <= names["currentFetchEventTimeLag"] <= names["currentEmitEventTimeLag"] < 60_000
    names = {name: value(name, role="sink", table="dst") for name in SINK}
    assert names["numBytesOutPerSecond"] / names["numRecordsOutPerSecond"] == pytest.approx(names["numBytesOut"] / 8)
    assert names["numBytesOut"] == 2 * sum(len(body) for body in bodies if body[0] != "t")
    assert names["numDelimiterConflicts"] == 2 and 0 < names["numApiCalls"] <= 8
    assert names["numRecordsOutErrors"] == names["numSendsDegraded"] == names["numThrottled"] == 0
    for queue in range(2):
        place = {"role": "source", "table": "src", "topic": source, "broker": target.broker, "queue": str(queue)}
        assert all((name, frozenset(place.items())) in found for name in QUEUE)
        page.wait_for("currentOffset", 5, **place)
        page.wait_for("pendingRecords", 0, **place)
        page.wait_for("committedOffset", 5, **place)
    idle = page.values()["sourceIdleTime", frozenset({"role": "source", "table": "src"}.items())]
    assert idle > 0
    job.stop()
    with pytest.raises(urllib.error.URLError):
        page.text()


def test_readers_of_a_table_are_added_up(mq5, start):
    source = mq5.topic(queues=4)
    job = start(copying(mq5, source, mq5.topic(), **{"scan.parallelism": "4"}), "--metrics", "127.0.0.1:0")
    for queue in range(4):
        mq5.client.send(source, "1,x", Queue(mq5.broker, queue))
    page = Page(job)
    page.wait_for("numRecordsIn", 4, role="source", table="src")
    page.wait_for("numRecordsOut", 4, role="sink", table="dst")
    assert len([1 for name, _ in page.values() if name == "currentOffset"]) == 4


def test_an_insert_without_a_source(mq5, start):
    tables = copying(mq5, mq5.topic(), mq5.topic())
    page = Page(start(tables + "INSERT INTO dst VALUES (1, 'x'), (2, 'y');", "--metrics", "127.0.0.1:0"))
    page.wait_for("numRecordsOut", 2, role="sink", table="dst")


@pytest.mark.parametrize("address, said", [
    ("9249", "write HOST:PORT, such as 127.0.0.1:9249"),
    ("127.0.0.1:", "write HOST:PORT"),
    (":9249", "write HOST:PORT"),
    ("127.0.0.1:99999", "write HOST:PORT"),
    ("127.0.0.1:92s", "write HOST:PORT"),
    ("192.0.2.1:9249", "cannot listen there"),
])
def test_addresses_that_are_none(mq5, address, said):
    log = run(copying(mq5, "nowhere", "nowhere-either"), "--metrics", address, expect=2).log
    assert f"--metrics {address}: " in log and said in log


def test_a_scrape_is_answered_beside_idle_and_half_sent_ones(mq5, start):
    page = Page(start(copying(mq5, mq5.topic(), mq5.topic()), "--metrics", "127.0.0.1:0"))
    host, port = re.fullmatch(r"http://(.*):(\d+)/metrics", page.url).groups()
    others = [socket.create_connection((host, int(port))) for _ in range(50)]
    others[0].sendall(b"GET /metrics HT")
    assert "rocketlink_numApiCalls" in page.text()
    for other in others:
        other.close()


def test_a_port_that_is_taken(mq5):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        log = run(copying(mq5, "nowhere", "nowhere-either"), "--metrics", f"127.0.0.1:{port}", expect=2).log
    assert f"--metrics 127.0.0.1:{port}: cannot listen there" in log


def test_flink_has_its_own():
    assert "--metrics is for this machine, not for --flink" in run("SET 'a' = 'b';", "--flink", "http://127.0.0.1:1",
                                                                   "--metrics", "127.0.0.1:0", expect=2).log


def test_no_secret_is_shown(secure4, start):
    name, secret = secure4.admin
    secure = Target(secure4, "mq", secure4.endpoint)
    source, copy = secure.topic(queues=1), secure.topic()
    keys = {"accessId": name, "accessKey": secret, "consumerGroup": unique("group")}
    sql = (secure.source(source, options=keys) + secure.sink(copy, options={"accessId": name, "accessKey": secret}) +
           "INSERT INTO dst SELECT v FROM src;")
    page = Page(start(sql, "--metrics", "127.0.0.1:0"))
    secure.client.send(source, "x")
    page.wait_for("numRecordsOut", 1, role="sink", table="dst")
    assert secret not in page.text()
