"""A link of few bytes a second between us and a real broker: it is filled, nothing comes twice, and what is small does not wait long."""

import time

from support.remoting import Queue
from support.runner import table
from support.slow_link import SlowLink
from support.target import EARLIEST, Target, unique

QUEUES = 8
BYTES_PER_SECOND = 50_000
BODY = 4096
COUNT = 120  # messages, of which one batch and one pull each could hold all


def fill(mq5):
    topic = mq5.topic(QUEUES)
    for number in range(QUEUES):
        mq5.client.send_batch(topic, [f"{i:0{BODY}d}" for i in range(number, COUNT, QUEUES)], Queue(mq5.broker, number))
    return topic


def expect_full_link(seconds):
    assert COUNT * BODY / seconds >= 0.7 * BYTES_PER_SECOND, f"{seconds:.1f} s; the program's start is in it"


def test_messages_are_read_as_fast_as_a_slow_link_brings_them(mq5, start):
    topic, group = fill(mq5), unique("group")
    with SlowLink(mq5.cluster.endpoint, mq5.cluster.broker, BYTES_PER_SECOND) as link:
        slow = Target(mq5.cluster, "mq5", link.endpoint)
        job = start(slow.source(topic, group=group, options=EARLIEST) + table("out", "v VARCHAR", {"connector": "print"})
                    + "INSERT INTO out SELECT v FROM src;", "--commit-interval", "1000")
        job.wait_rows(1, 5)
        job.wait_until(lambda: any(mq5.client.committed(group, topic, queue) for queue in mq5.client.queues(topic)), 7,
                       lambda: "nothing is committed")
        job.wait_rows(COUNT, 20)
        expect_full_link(job.row_times[-1] - job.started_at)
        job.stop()
    assert len(set(job.rows)) == len(job.rows) == COUNT
    assert "trying again" not in job.log


def test_messages_are_written_once_as_fast_as_a_slow_link_takes_them(mq5, start):
    source, copy = fill(mq5), mq5.topic(QUEUES)
    with SlowLink(mq5.cluster.endpoint, mq5.cluster.broker, BYTES_PER_SECOND) as link:
        begun = time.monotonic()
        slow = Target(mq5.cluster, "mq5", link.endpoint)
        done = start(mq5.source(source, options=EARLIEST) + slow.sink(copy) + "INSERT INTO dst SELECT v FROM src;",
                     "--bounded").wait(40)
        expect_full_link(time.monotonic() - begun)
    assert done.code == 0
    assert len({m.text for m in mq5.client.read_all(copy)}) == len(mq5.client.read_all(copy)) == COUNT
    assert "trying again" not in done.log
