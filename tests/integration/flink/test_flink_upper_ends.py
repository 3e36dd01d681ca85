"""Sizes at the ends of what brokers take, on real Flinks."""

import collections
import json
import random

from support.remoting import Queue
from support.target import EARLIEST, unique
from support.waiting import wait_until
from test_parallelism import printed
from test_upper_ends import MESSAGE_LIMIT, PROPERTIES_LIMIT


def test_name_body_and_properties_at_their_limits(flink, direct):
    source = unique("source").ljust(127, "x")
    direct.client.create_topic(source, 1)
    copy = direct.topic(queues=1)
    body = random.Random(1).randbytes(MESSAGE_LIMIT)
    keys = "k" * (PROPERTIES_LIMIT - 300 - len("KEYS\x01\x02" + "UNIQ_KEY\x01\x02") - 32)
    direct.client.send(source, body)
    direct.client.send(source, "small", keys=keys)
    columns = "b VARBINARY, `keys` VARCHAR METADATA"
    [job] = flink.submit(direct.source(source, columns, options=EARLIEST) + direct.sink(copy, columns) +
                         "INSERT INTO dst SELECT b, `keys` FROM src;")
    large, small = direct.client.wait_for(copy, 2)
    flink.cancel(job)
    assert large.body == body and large.keys is None
    assert small.text == "small" and small.keys == keys


def test_a_body_over_the_limit_fails_the_job_and_says_so(flink, direct):
    source = direct.topic(queues=1)
    direct.client.send(source, "x" * (MESSAGE_LIMIT // 2))
    [job] = flink.submit("SET 'restart-strategy.type' = 'none';\n" + direct.source(source, options=EARLIEST) +
                         direct.sink(direct.topic(), "v VARCHAR, w VARCHAR") + "INSERT INTO dst SELECT v, v FROM src;")
    flink.wait_status(job, "FAILED")
    assert f"a body of {MESSAGE_LIMIT + 1} bytes is over the limit" in json.dumps(flink.ask(f"/jobs/{job}/exceptions"))


def test_a_thousand_queues_over_eight_subtasks(flink, mq5):
    wide, mark = mq5.topic(queues=1000), unique("wide")
    [job] = flink.submit(
        "SET 'parallelism.default' = '8';\n" + mq5.source(wide, "v VARCHAR, q INT METADATA FROM 'queue-id' VIRTUAL", options=EARLIEST) +
        f"CREATE TEMPORARY TABLE dst (v VARCHAR, q INT) WITH ('connector' = 'print', 'print-identifier' = '{mark}');\n"
        "INSERT INTO dst SELECT v, q FROM src;")
    for queue in range(1000):
        mq5.client.send(wide, "x", Queue(mq5.broker, queue))
    wait_until(lambda: len(printed(flink, mark)) >= 1000)
    flink.cancel(job)
    rows = printed(flink, mark)
    assert sorted(queue for _, queue, _ in rows) == list(range(1000))
    assert set(collections.Counter(subtask for _, _, subtask in rows).values()) == {125}
