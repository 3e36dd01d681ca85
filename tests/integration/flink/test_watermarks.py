"""Watermarks of queues, on real Flinks: each queue has its own."""

import contextlib
import time

from support.remoting import Queue
from support.waiting import PATIENCE, wait_until

COLUMNS = "v VARCHAR, ts TIMESTAMP(3), WATERMARK FOR ts AS ts"


def submit(flink, target, source, copy, columns, query, **options):
    options = {"scan.startup.mode": "earliest", **{f"scan.watermark.{name}": value for name, value in options.items()}}
    [job] = flink.submit(target.source(source, COLUMNS, options=options) + target.sink(copy, columns) + f"INSERT INTO dst {query};")
    flink.wait_running(job)
    return job


def send(target, topic, queue, value, clock):
    target.client.send(topic, f"{value},2024-01-01 {clock}", Queue(target.broker, queue))


def test_a_queue_that_is_ahead_rests_until_the_other_has_come_up(flink, mq5):
    source, copy = mq5.topic(queues=2), mq5.topic(queues=1)
    job = submit(flink, mq5, source, copy, "v VARCHAR", "SELECT v FROM src",
                 **{"alignment.group": "all", "alignment.max-drift": "10 s", "alignment.update-interval": "200 ms"})

    def copied(count):
        return [message.text for message in mq5.client.wait_for(copy, count)]

    send(mq5, source, 0, "begin", "00:00:00")
    send(mq5, source, 1, "ahead", "01:00:00")
    assert sorted(copied(2)) == ["ahead", "begin"]
    early, end = 0, time.monotonic() + PATIENCE
    while mq5.client.max_offset(copy, Queue(mq5.broker, 0)) == 2 + early:  # it does not rest yet: a slow machine takes its time
        assert time.monotonic() < end, "it never rests"
        time.sleep(1)  # several updates
        send(mq5, source, 1, f"early {early}", "01:00:01")
        early += 1
        with contextlib.suppress(AssertionError):
            wait_until(lambda: mq5.client.max_offset(copy, Queue(mq5.broker, 0)) == 2 + early, 10)
    send(mq5, source, 0, "come up", "01:00:00")
    assert copied(3 + early)[1 + early:] == ["come up", f"early {early - 1}"]
    flink.cancel(job)


def test_an_empty_queue_is_not_waited_for_beyond_the_idle_timeout(flink, mq5):
    source, copy = mq5.topic(queues=2), mq5.topic()
    job = submit(flink, mq5, source, copy, "n BIGINT",
                 "SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE src, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end",
                 **{"idle-timeout": "2 s"})
    send(mq5, source, 0, "in", "00:00:10")
    send(mq5, source, 0, "behind", "00:02:00")
    assert [message.text for message in mq5.client.wait_for(copy, 1)] == ["1"]
    flink.cancel(job)
