"""Offsets that the broker's retention has deleted."""

import os
import signal
import time

import pytest

from support.cluster import Cluster
from support.remoting import Queue
from support.runner import run, table
from support.target import Target, unique

OUT = table("out", "v VARCHAR", {"connector": "print"})
COPY = "INSERT INTO out SELECT v FROM src;"
LOG_FILE = 1 << 20
BODY = "x" * 2000


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A broker with log files of 1 MiB that it deletes when asked to (not before it has run for a minute)."""
    far_from_now = (time.localtime().tm_hour + 12) % 24  # it would delete by itself for an hour
    cluster = Cluster(tmp_path_factory.mktemp("small"), "5.5.0",
                      conf=[f"mappedFileSizeCommitLog={LOG_FILE}", "fileReservedTime=0", "cleanResourceInterval=500",
                            f"deleteWhen={far_from_now:02d}"])
    yield Target(cluster, "mq5", cluster.endpoint)
    cluster.remove()


def fill(target, topic, count, begin=0):
    for first in range(begin, begin + count, 100):
        target.client.send_batch(topic, [f"m{i}-{BODY}" for i in range(first, min(first + 100, begin + count))])


def delete_oldest(target, topic):
    """Has the broker delete its old log files, all that it will; gives the queue's new first offset, which may move on yet where
    the machine stands still. Once asked it deletes for 10 s, so that a later test's first files may be gone before it asks."""
    queue = Queue(target.broker, 0)
    first = target.client.min_offset(topic, queue)
    deadline = time.monotonic() + 240
    settled = 0
    while first == 0 or settled < 4:
        assert time.monotonic() < deadline, "the broker deletes nothing"
        if first == 0:
            target.client.delete_expired()
        time.sleep(0.5)
        now = target.client.min_offset(topic, queue)
        settled = settled + 1 if now == first else 0
        first = now
    return first


def numbers(rows):
    return [int(row[len("+I[m"):row.index("-")]) for row in rows]


def test_a_begin_before_the_first_message_is_moved_there_with_a_warning(small):
    topic = small.topic(queues=1)
    fill(small, topic, 2000)
    first = delete_oldest(small, topic)
    finished = run(small.source(topic, options={"startMessageOffset": 5}) + OUT + COPY, "--bounded")
    read = numbers(finished.rows)
    assert first <= read[0] <= small.client.min_offset(topic, Queue(small.broker, 0))
    assert read == list(range(read[0], 2000))
    assert topic in finished.log and str(read[0]) in finished.log


@pytest.mark.parametrize("policy", ["fail", "earliest", "latest", None])
def test_an_offset_that_is_deleted_during_the_run(small, start, policy):
    topic, group = small.topic(queues=1), unique("group")
    small.client.send(topic, "m0-")
    options = {"scan.offset-out-of-range": policy} if policy else {}
    job = start(small.source(topic, group=group, options=options) + OUT + COPY)
    job.wait_rows(1)
    time.sleep(0.5)
    os.kill(job.pid, signal.SIGSTOP)
    fill(small, topic, 3000, begin=1)
    first = delete_oldest(small, topic)
    os.kill(job.pid, signal.SIGCONT)
    if policy in ("fail", None):
        failed = job.wait()
        read = numbers(failed.rows)
        assert failed.code == 1
        assert read == list(range(len(read))), "what was there is read before"
        gone = [each - len(read) for each in range(first, small.client.min_offset(topic, Queue(small.broker, 0)) + 1)]
        assert topic in failed.log and any(f" {each} message(s)" in failed.log for each in gone), "it says how many messages are gone"
        return
    if policy == "earliest":
        job.wait_until(lambda: numbers(job.rows)[-1] == 3000)
        read = numbers(job.rows)
        begin, gap = next((each, at) for at, each in enumerate(read) if each != at)
        assert first <= begin <= small.client.min_offset(topic, Queue(small.broker, 0))
        assert read == list(range(gap)) + list(range(begin, 3001))
        return
    job.wait_log("(retention)")
    time.sleep(1)
    fill(small, topic, 1, begin=3001)
    job.wait_until(lambda: numbers(job.rows)[-1] == 3001)
    read = numbers(job.rows)
    assert read == list(range(len(read) - 1)) + [3001] and len(read) < first
