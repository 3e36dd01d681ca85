"""What commits that nobody answers cost a job on a real Flink."""

import statistics
import time

from support.relay import DROP
from support.remoting import UPDATE_COMMITTED, Queue
from support.target import EARLIEST, unique
from support.waiting import wait_until

QUEUES = 4
A_SECOND = 10  # messages
COMMIT_WAIT = 5  # seconds: a commit that is not answered until then is given up


def test_commits_that_are_not_answered_do_not_slow_reading(flink_2_2, relayed):
    source, copy, group = relayed.topic(QUEUES), relayed.topic(1), unique("group")
    queues = [Queue(relayed.broker, number) for number in range(QUEUES)]
    [job] = flink_2_2.submit("SET 'execution.checkpointing.interval' = '1 s';\n" + relayed.source(source, group=group, options=EARLIEST) +
                             relayed.sink(copy) + "INSERT INTO dst SELECT v FROM src;")
    sent = 0

    def send(count):
        """Sends so many, and gives how long each took to the copy, once all are there."""
        nonlocal sent
        bodies = [f"m{sent + i}" for i in range(count)]
        for i, body in enumerate(bodies):
            relayed.client.send(source, body, queues[i % QUEUES])
            time.sleep(1 / A_SECOND)
        sent += count
        copied = {message.text: message.store_ms for message in relayed.client.wait_for(copy, sent)}
        return [(copied[message.text] - message.store_ms) / 1000 for message in relayed.client.read_all(source) if message.text in bodies]

    def commits():
        return [request for request in relayed.relay.requests(UPDATE_COMMITTED) if request.ext["consumerGroup"] == group]

    send(QUEUES)
    wait_until(lambda: commits())
    usual = send(5 * A_SECOND)
    relayed.relay.handler = lambda request: DROP if request.code == UPDATE_COMMITTED else None
    begin, before = time.monotonic(), len(commits())
    unanswered = send(15 * A_SECOND)
    # Behind one wait for a commit after the other they would take half of one, and more.
    assert statistics.median(unanswered) < statistics.median(usual) + COMMIT_WAIT / 2
    swallowed = len(commits()) - before
    assert 0 < swallowed <= QUEUES * ((time.monotonic() - begin) / COMMIT_WAIT + 2)  # each queue's is sent again once given up
    relayed.relay.handler = lambda request: None
    ends = [relayed.client.max_offset(source, queue) for queue in queues]
    wait_until(lambda: [relayed.client.committed(group, source, queue) for queue in queues] == ends)
    flink_2_2.cancel(job)
