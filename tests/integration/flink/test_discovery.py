"""Looking for queues, on real Flinks."""

import time

from support.relay import gaps
from support.remoting import PULL, ROUTE, Queue
from support.waiting import wait_until

SUBTASKS, INTERVAL_S = 8, 2
OPTIONS = {"scan.startup.mode": "earliest", "scan.partition-discovery.interval": f"{INTERVAL_S} s"}


def submit_copy(flink, target, source, copy):
    [job] = flink.submit(f"SET 'parallelism.default' = '{SUBTASKS}';\n" + target.source(source, options=OPTIONS) +
                         target.sink(copy) + "INSERT INTO dst SELECT v FROM src;")
    flink.wait_running(job)
    return job


def test_a_topics_route_is_asked_for_once_an_interval_whatever_the_parallelism(flink, relayed):
    source = relayed.topic(queues=SUBTASKS)
    job = submit_copy(flink, relayed, source, relayed.topic())
    relayed.relay.wait_for(SUBTASKS, PULL)

    def asked():
        return [request for request in relayed.relay.requests(ROUTE) if request.ext["topic"] == source]

    begin = len(asked())
    wait_until(lambda: len(asked()) >= begin + 6)
    pauses = sorted(gaps(asked()[begin:]))
    flink.cancel(job)
    # Where the JobManager stands still one comes late, and the next ones are near to it.
    assert INTERVAL_S * 0.7 < pauses[len(pauses) // 2] and pauses[1] < INTERVAL_S * 2, pauses


def test_added_queues_are_found_within_the_interval(flink, mq5):
    source, copy = mq5.topic(queues=4), mq5.topic()
    job = submit_copy(flink, mq5, source, copy)
    mq5.client.send(source, "before", queue=Queue(mq5.broker, 0))
    mq5.client.wait_for(copy, 1)
    mq5.client.create_topic(source, 8)
    begin = time.monotonic()
    for queue in range(4, 8):
        mq5.client.send(source, f"in {queue}", queue=Queue(mq5.broker, queue))
    found = mq5.client.wait_for(copy, 5)
    took = time.monotonic() - begin
    flink.cancel(job)
    assert sorted(message.text for message in found) == ["before", *(f"in {queue}" for queue in range(4, 8))]
    print(f"messages of new queues were copied {took:.1f} s after they were made")
    assert took < INTERVAL_S + 30  # and what a busy machine needs to read and write; unless told otherwise they look every 300 s
