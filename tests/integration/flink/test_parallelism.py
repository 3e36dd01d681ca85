"""Queues over the subtasks of real Flinks: shared evenly, whatever the parallelism, and after a restore at another one or with
another topic."""

import collections
import re

from support.remoting import Queue
from support.target import EARLIEST, unique
from support.waiting import wait_until

QUEUES = 8


def printed(flink, mark):
    """Text, queue and subtask of each row that the print table of this mark has written."""
    rows = re.findall(rf"^{mark}(?::(\d+))?> \+I\[(\w+), (\d+)\]$", "\n".join(flink.logs().values()), re.MULTILINE)
    return [(text, int(queue), int(subtask or 1)) for subtask, text, queue in rows]


def test_queues_are_shared_evenly_across_restores(flink, mq5):
    topic, mark, savepoint = mq5.topic(queues=QUEUES), unique("shared"), None
    tables = (mq5.source(topic, "v VARCHAR, q INT METADATA FROM 'queue-id' VIRTUAL", options=EARLIEST) +
              f"CREATE TEMPORARY TABLE dst (v VARCHAR, q INT) WITH ('connector' = 'print', 'print-identifier' = '{mark}');\n")
    steps = [1, 2, 8, 2]
    for step, parallelism in enumerate(steps):
        before = f"SET 'parallelism.default' = '{parallelism}';\n"
        if savepoint:
            before += f"SET 'execution.state-recovery.path' = '{savepoint}';\n"
        [job] = flink.submit(before + tables + "INSERT INTO dst SELECT v, q FROM src;")
        for queue in range(QUEUES):
            mq5.client.send(topic, f"step{step}", Queue(mq5.broker, queue))
        wait_until(lambda: len(printed(flink, mark)) >= (step + 1) * QUEUES)
        readers = [subtask for text, _, subtask in printed(flink, mark) if text == f"step{step}"]
        assert sorted(collections.Counter(readers).values()) == [QUEUES // parallelism] * parallelism
        flink.wait_running(job)
        savepoint = flink.stop_with_savepoint(job)
    # Nothing was read twice or not at all from one life to the next.
    assert sorted(row[:2] for row in printed(flink, mark)) == [(f"step{step}", queue) for step in range(len(steps)) for queue in range(QUEUES)]


def test_with_more_subtasks_than_queues_watermarks_and_checkpoints_go_on(flink, mq5):
    source, copy, group = mq5.topic(queues=3), mq5.topic(), unique("group")
    script = ("SET 'parallelism.default' = '8';\nSET 'execution.checkpointing.interval' = '200 ms';\n" +
              mq5.source(source, "v VARCHAR, ts TIMESTAMP(3), WATERMARK FOR ts AS ts", group=group, options=EARLIEST) +
              mq5.sink(copy, "n BIGINT") +
              "INSERT INTO dst SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE src, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) "
              "GROUP BY window_start, window_end;")
    [job] = flink.submit(script)
    queues = mq5.client.queues(source)
    for queue in queues:
        mq5.client.send_batch(source, ["a,2024-01-01 00:00:10", "b,2024-01-01 00:02:00"], queue)
    # Closed by the least of three watermarks, which five idle readers could hold back.
    assert [message.text for message in mq5.client.wait_for(copy, 1)] == ["3"]
    wait_until(lambda: all(mq5.client.committed(group, source, queue) == 2 for queue in queues))
    flink.cancel(job)


def test_a_restore_with_another_topic_reads_that_one_alone(flink, mq5):
    topics, copy, savepoint = [mq5.topic(queues=2), mq5.topic(queues=2)], mq5.topic(), None
    for topic in topics:
        mq5.client.send(topic, f"in {topic}")
        before = f"SET 'execution.state-recovery.path' = '{savepoint}';\n" if savepoint else ""
        [job] = flink.submit(before + mq5.source(topic, options=EARLIEST) + mq5.sink(copy) + "INSERT INTO dst SELECT v FROM src;")
        mq5.client.wait_for(copy, topics.index(topic) + 1)
        flink.wait_running(job)
        if not savepoint:
            savepoint = flink.stop_with_savepoint(job)
            mq5.client.send(topic, "too late")
    mq5.client.send(topics[1], "last")
    found = [message.text for message in mq5.client.wait_for(copy, 3)]
    flink.cancel(job)
    assert sorted(found) == sorted([*(f"in {topic}" for topic in topics), "last"])
