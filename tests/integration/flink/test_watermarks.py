"""Watermarks of queues, on real Flinks: each queue has its own."""

import time

from support.remoting import Queue

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
        return [message.text for message in mq5.client.wait_for(copy, count, timeout=60)]

    send(mq5, source, 0, "begin", "00:00:00")
    send(mq5, source, 1, "ahead", "01:00:00")
    assert sorted(copied(2)) == ["ahead", "begin"]
    time.sleep(3)  # several updates
    send(mq5, source, 1, "too early", "01:00:01")
    time.sleep(2)
    assert len(copied(2)) == 2
    send(mq5, source, 0, "come up", "01:00:00")
    assert copied(4)[2:] == ["come up", "too early"]
    flink.cancel(job)


def test_an_empty_queue_is_not_waited_for_beyond_the_idle_timeout(flink, mq5):
    source, copy = mq5.topic(queues=2), mq5.topic()
    job = submit(flink, mq5, source, copy, "n BIGINT",
                 "SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE src, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end",
                 **{"idle-timeout": "2 s"})
    send(mq5, source, 0, "in", "00:00:10")
    send(mq5, source, 0, "behind", "00:02:00")
    assert [message.text for message in mq5.client.wait_for(copy, 1, timeout=60)] == ["1"]
    flink.cancel(job)
