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


def best_of_three(tries):
    """Each gives what took how long, and how long it may take; a machine that stands still for some seconds spoils one."""
    for number in range(3):
        taken = tries()
        print(", ".join(f"{what} after {seconds:.1f} s" for what, seconds, _ in taken))
        if all(seconds <= most for _, seconds, most in taken):
            return
    raise AssertionError(taken)


def full_link(seconds):
    """The program's start is in it."""
    return "all", seconds, COUNT * BODY / (0.7 * BYTES_PER_SECOND)


def test_messages_are_read_as_fast_as_a_slow_link_brings_them(mq5, start):
    topic = fill(mq5)
    best_of_three(lambda: read(mq5, topic, start))


def read(mq5, topic, start):
    group = unique("group")
    with SlowLink(mq5.cluster.endpoint, mq5.cluster.broker, BYTES_PER_SECOND) as link:
        slow = Target(mq5.cluster, "mq5", link.endpoint)
        job = start(slow.source(topic, group=group, options=EARLIEST) + table("out", "v VARCHAR", {"connector": "print"})
                    + "INSERT INTO out SELECT v FROM src;", "--commit-interval", "1000")
        job.wait_rows(1)
        job.wait_until(lambda: any(mq5.client.committed(group, topic, queue) for queue in mq5.client.queues(topic)),
                       what=lambda: "nothing is committed")
        committed = time.monotonic()
        job.wait_rows(COUNT)
        job.stop()
    assert len(set(job.rows)) == len(job.rows) == COUNT
    assert "trying again" not in job.log
    first, last = job.row_times[0], job.row_times[-1]
    return [("first row", first - job.started_at, 5), ("first commit", committed - first, 7), full_link(last - job.started_at)]


def test_messages_are_written_once_as_fast_as_a_slow_link_takes_them(mq5, start):
    source = fill(mq5)
    best_of_three(lambda: write(mq5, source, start))


def write(mq5, source, start):
    copy = mq5.topic(QUEUES)
    with SlowLink(mq5.cluster.endpoint, mq5.cluster.broker, BYTES_PER_SECOND) as link:
        begun = time.monotonic()
        slow = Target(mq5.cluster, "mq5", link.endpoint)
        done = start(mq5.source(source, options=EARLIEST) + slow.sink(copy) + "INSERT INTO dst SELECT v FROM src;",
                     "--bounded").wait()
        seconds = time.monotonic() - begun
    assert done.code == 0
    assert len({m.text for m in mq5.client.read_all(copy)}) == len(mq5.client.read_all(copy)) == COUNT
    assert "trying again" not in done.log
    return [full_link(seconds)]
