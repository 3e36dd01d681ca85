"""Sizes at the ends of what brokers take."""

import math
import random
import time

import pytest

from support.runner import run, table
from support.target import unique

MESSAGE_LIMIT = 4 * 2**20
PROPERTIES_LIMIT = 32767


def resident(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS:"))


def copy(target, source, topic, expect=0, **options):
    return run(target.source(source, "b VARBINARY") + target.sink(topic, "b VARBINARY", options=options)
               + "INSERT INTO dst SELECT b FROM src;", "--bounded", expect=expect)


def test_a_body_at_the_limit_and_one_over_it(direct):
    source, topic = direct.topic(queues=1), direct.topic(queues=1)
    body = random.Random(1).randbytes(MESSAGE_LIMIT)
    for _ in range(3):  # more than is fetched ahead of a queue
        direct.client.send(source, body)
    copy(direct, source, topic)
    assert all(message.body == body for message in direct.client.wait_for(topic, 3))

    # Two columns and their delimiter are over the limit, if only by a byte or two.
    half = "x" * (MESSAGE_LIMIT // 2)
    halves = direct.topic(queues=1)
    direct.client.send(halves, half.encode())
    failed = run(direct.source(halves, "v VARCHAR") + direct.sink(direct.topic(queues=1), "v VARCHAR, w VARCHAR")
                 + "INSERT INTO dst SELECT v, v FROM src;", "--bounded", expect=1)
    assert f"a body of {MESSAGE_LIMIT + 1} bytes is over the limit" in failed.log


def test_properties_at_their_limit(direct):
    """What a message may hold in all is read; of it the sink leaves 300 bytes for what the broker adds."""
    source, topic = direct.topic(queues=1), direct.topic(queues=1)
    columns = "v VARCHAR, `keys` VARCHAR METADATA"
    most = PROPERTIES_LIMIT - 300 - len("KEYS\x01\x02" + "UNIQ_KEY\x01\x02") - 32
    written = direct.sink(topic, columns)
    run(written + f"INSERT INTO dst VALUES ('x', '{'k' * most}');")
    assert direct.client.wait_for(topic, 1)[0].keys == "k" * most
    failed = run(written + f"INSERT INTO dst VALUES ('x', '{'k' * (most + 1)}');", expect=1)
    assert "RocketMQ keeps at most" in failed.log

    added = 150  # CLUSTER, MSG_REGION, TRACE_ON, UNIQ_KEY
    long = "p" * (PROPERTIES_LIMIT - added - len("KEYS\x01k\x02" + "WAIT\x01true\x02" + "long\x01\x02") - 50)
    direct.client.send(source, b"y", keys="k", properties={"long": long})
    rows = run(direct.source(source, columns) + table("out", "v VARCHAR, k VARCHAR", {"connector": "print"})
               + "INSERT INTO out SELECT * FROM src;", "--bounded").rows
    assert rows == ["+I[y, k]"]


def test_a_topic_of_127_characters(target):
    topic = unique("topic-" + "x" * 130)[-127:].lstrip("-")
    topic = "t" * (127 - len(topic)) + topic
    assert len(topic) == 127
    target.client.create_topic(topic, 2)
    run(target.sink(topic, "v VARCHAR") + "INSERT INTO dst VALUES ('a'), ('b');")
    rows = run(target.source(topic, "v VARCHAR, t VARCHAR METADATA FROM 'topic'")
               + table("out", "v VARCHAR, t VARCHAR", {"connector": "print"}) + "INSERT INTO out SELECT v, t FROM src;", "--bounded").rows
    assert sorted(rows) == [f"+I[a, {topic}]", f"+I[b, {topic}]"]


@pytest.fixture(scope="module")
def wide(rmq5):
    topic = unique("wide")
    rmq5.client.create_topic(topic, 1000)
    return topic


def test_a_thousand_queues(mq5, wide):
    source = mq5.topic()
    for queue in mq5.client.queues(source):
        mq5.client.send_batch(source, [str(i) for i in range(queue.id, 5000, 4)], queue)
    mq5.client.wait_for(source, 5000)
    run(mq5.source(source, "n BIGINT") + mq5.sink(wide, "n BIGINT", options={"partitionField": "n"})
        + "INSERT INTO dst SELECT n FROM src;", "--bounded")
    mq5.client.wait_for(wide, 5000)  # a broker that makes files for a thousand queues shows late what it has stored
    rows = run(mq5.source(wide, "n BIGINT", options={"scan.parallelism": 2})
               + table("out", "n BIGINT", {"connector": "print"}) + "INSERT INTO out SELECT n FROM src;", "--bounded").rows
    assert sorted(int(row.partition("[")[2][:-1]) for row in rows) == list(range(5000))


def test_memory_of_an_idle_queue(mq5, wide, start):
    def idle(topic):
        return start(mq5.source(topic, "n BIGINT", options={"scan.startup.mode": "latest"})
                     + table("hole", "n BIGINT", {"connector": "blackhole"}) + "INSERT INTO hole SELECT n FROM src;", "--log-level", "info",
                     environment={"MALLOC_ARENA_MAX": "1"})  # how many the C library begins is the scheduler's luck

    narrow = mq5.topic(queues=1)
    least = {narrow: math.inf, wide: math.inf}
    for _ in range(5):  # what the C library keeps differs by more than a mebibyte from one process to the next: the least is what is needed
        jobs = {topic: idle(topic) for topic in least}
        for job in jobs.values():
            job.wait_log("reading")
        for topic, job in jobs.items():
            least[topic] = min(least[topic], settled(job))
            job.kill()
        grown = (least[wide] - least[narrow]) / 999
        print(f"{grown:.0f} bytes for each idle queue")
        if grown < 4096:
            return
    pytest.fail(f"{grown:.0f} bytes for each idle queue")


def settled(job):
    """The memory of a job once it does not grow any more."""
    seen, still = None, 0
    deadline = time.monotonic() + 30
    while still < 20 and time.monotonic() < deadline:
        time.sleep(0.1)
        now = resident(job.pid)
        still = still + 1 if now == seen else 0
        seen = now
    return seen


def test_names_are_as_long_as_brokers_take_them(target):
    topic, group = unique("t").ljust(127, "-"), unique("g").ljust(120, "-")
    target.client.create_topic(topic, 1)
    target.client.send(topic, "a")
    insert = table("out", "v VARCHAR", {"connector": "print"}) + "INSERT INTO out SELECT v FROM src;"
    assert run(target.source(topic, group=group) + insert, "--bounded").rows == ["+I[a]"]
    assert [target.client.committed(group, topic, queue) for queue in target.client.queues(topic)] == [1]
    assert "consumerGroup" in run(target.source(topic, group=group + "x") + insert, "--bounded", expect=2).log
