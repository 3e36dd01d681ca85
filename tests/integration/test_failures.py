"""Brokers and name servers that die and come back, connections that break: nothing is lost, stuck or silently wrong."""

import subprocess
import threading
import time

import pytest

from support.cluster import Cluster
from support.relay import CUT, Answer
from support.remoting import PULL, ROUTE, SEND, SEND_BATCH, UPDATE_COMMITTED, Queue
from support.runner import table
from support.target import Target, unique

OUT = table("out", "v VARCHAR", {"connector": "print"})
COPY = "INSERT INTO out SELECT v FROM src;"
SENDS = (SEND, SEND_BATCH)


@pytest.fixture(scope="module")
def frail(tmp_path_factory):
    """A cluster that tests may break and must mend."""
    cluster = Cluster(tmp_path_factory.mktemp("frail"), "5.5.0", conf=["flushDiskType=SYNC_FLUSH", "registerNameServerPeriod=10000"])
    yield Target(cluster, "mq5", cluster.endpoint)
    cluster.remove()


def copying(target, source, copy, group, **options):
    return (target.source(source, group=group)
            + target.sink(copy, options={"sleepTimeMs": 200, "retryTimes": 200, **options})
            + "INSERT INTO dst SELECT v FROM src;")


def test_a_stream_survives_the_death_and_return_of_its_broker(frail, start):
    source, copy, group = frail.topic(queues=2), frail.topic(queues=2), unique("group")
    job = start(copying(frail, source, copy, group), "--commit-interval", "200")
    for i in range(20):
        frail.client.send(source, f"before-{i}", Queue(frail.broker, i % 2))
    frail.client.wait_for(copy, 20)
    frail.cluster.kill("broker")
    try:
        time.sleep(2)
        assert job.running, job.log
    finally:
        frail.cluster.start("broker")
    for i in range(20):
        frail.client.send(source, f"after-{i}", Queue(frail.broker, i % 2))
    texts = lambda: {m.text for m in frail.client.read_all(copy)}  # noqa: E731
    job.wait_until(lambda: len(texts()) == 40, what=lambda: f"{len(texts())} of 40 texts")
    job.wait_until(lambda: [frail.client.committed(group, source, q) for q in frail.client.queues(source)] == [20, 20],
                   what=lambda: "commits have not recovered")
    assert job.stop().code == 0


def test_a_stream_goes_on_while_the_name_server_is_down(frail, start):
    source = frail.topic(queues=2)
    job = start(frail.source(source, options={"scan.partition-discovery.interval": "300 ms"}) + OUT + COPY)
    frail.client.send(source, "one")
    job.wait_rows(1)
    queue = Queue(frail.broker, 1)
    frail.cluster.kill("namesrv")
    try:
        time.sleep(2)
        frail.client.send(source, "two", queue)
        job.wait_rows(2)
    finally:
        frail.cluster.start("namesrv")
    frail.client.create_topic(source, 3)
    frail.client.send(source, "three", Queue(frail.broker, 2))
    job.wait_rows(3)
    assert job.rows == ["+I[one]", "+I[two]", "+I[three]"], "and queues found later are read"
    assert job.stop().code == 0


def test_a_job_waits_for_a_broker_that_is_down_at_its_start_or_says_so(frail, start):
    source = frail.topic(queues=1)
    frail.client.send(source, "there")
    frail.cluster.kill("broker")
    try:
        job = start(frail.source(source) + OUT + COPY)
        time.sleep(3)
    finally:
        frail.cluster.start("broker")
    if job.running:
        assert job.wait_rows(1) == ["+I[there]"]
    else:
        assert job.wait().code == 1 and job.log


# ---- clocks

JUMPING_CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
int clock_gettime(clockid_t clock, struct timespec* out) {
  static int calls;
  int (*real)(clockid_t, struct timespec*) = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  int code = real(clock, out);
  if (clock == CLOCK_REALTIME) out->tv_sec += 3600 * (__atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED) % 3 - 1);
  return code;
}
"""


def test_a_wall_clock_that_jumps_by_hours_changes_nothing(mq5, start, tmp_path):
    (tmp_path / "clock.c").write_text(JUMPING_CLOCK)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", tmp_path / "clock.so", tmp_path / "clock.c"], check=True, timeout=600)
    source, copy, group = mq5.topic(queues=1), mq5.topic(queues=1), unique("group")
    job = start(copying(mq5, source, copy, group, **{"sink.batch.max-messages": 1, "partitionField": "v"}),
                "--commit-interval", "100", environment={"LD_PRELOAD": str(tmp_path / "clock.so")})
    for begin in (0, 50):
        mq5.client.send_batch(source, [str(i) for i in range(begin, begin + 50)])
        messages = mq5.client.wait_for(copy, begin + 50)
        job.wait_until(lambda: mq5.client.committed(group, source, Queue(mq5.broker, 0)) == begin + 50)
    assert [m.text for m in messages] == [str(i) for i in range(100)]
    assert len({m.properties["UNIQ_KEY"] for m in messages}) == 100
    assert max(m.born_ms for m in messages) - min(m.born_ms for m in messages) > 3_000_000, "the clock did jump"
    assert job.stop().code == 0


# ---- connections, answers


def for_a_while(seconds, least, codes, verdict):
    """A relay's handler: that verdict on such requests, until some time after the first one and on so many at least."""
    seen = []

    def handler(request):
        if request.code not in codes:
            return None
        seen.append(request.at)
        return verdict if request.at - seen[0] < seconds or len(seen) <= least else None

    return handler


def test_connections_that_break_lose_and_repeat_nothing(relayed, start):
    topic = relayed.topic(queues=2)
    job = start(relayed.source(topic) + OUT + COPY)
    for i in range(10):
        relayed.client.send_batch(topic, [f"{i}-{j}" for j in range(50)], Queue(relayed.broker, i % 2))
        time.sleep(0.1)
        relayed.relay.cut_all()
    rows = job.wait_rows(500)
    assert sorted(rows) == sorted(f"+I[{i}-{j}]" for i in range(10) for j in range(50))
    assert job.stop().code == 0


@pytest.mark.parametrize("verdict", [Answer(2, "[OVERLOAD] busy"), Answer(1, "a Java exception"), CUT])
def test_pulls_that_fail_for_a_while_are_asked_again_without_a_storm(relayed, start, verdict):
    relayed.relay.handler = for_a_while(3, 2, (PULL,), verdict)
    topic = relayed.topic(queues=1)
    relayed.client.send(topic, "there")
    job = start(relayed.source(topic) + OUT + COPY)
    assert job.wait_rows(1) == ["+I[there]"]
    pulls = relayed.relay.requests(PULL)
    early = [request for request in pulls if request.at - pulls[0].at < 3]
    assert len(early) <= 60, f"{len(early)} pulls in 3 s"


def test_a_route_that_is_gone_for_a_while_changes_nothing(relayed, start):
    topic = relayed.topic(queues=2)
    job = start(relayed.source(topic, options={"scan.partition-discovery.interval": "200 ms"}) + OUT + COPY)
    relayed.client.send(topic, "one")
    job.wait_rows(1)
    relayed.relay.handler = lambda request: Answer(17, "No topic route info") if request.code == ROUTE else None
    relayed.relay.wait_for(len(relayed.relay.requests(ROUTE)) + 3, ROUTE)
    with type(relayed.client)(relayed.cluster.endpoint) as client:
        client.send(topic, "two")
    job.wait_rows(2)
    relayed.relay.handler = lambda request: None
    time.sleep(1)
    assert job.rows == ["+I[one]", "+I[two]"], "nothing is read again"


def test_commits_that_fail_do_not_end_the_job_and_are_made_up_for(relayed, start):
    topic, group = relayed.topic(queues=1), unique("group")
    relayed.relay.handler = lambda request: Answer(2, "busy") if request.code == UPDATE_COMMITTED else None
    job = start(relayed.source(topic, group=group) + OUT + COPY, "--commit-interval", "100")
    relayed.client.send(topic, "one")
    job.wait_rows(1)
    relayed.relay.wait_for(2, UPDATE_COMMITTED)
    relayed.relay.handler = lambda request: None
    queue = Queue(relayed.broker, 0)
    job.wait_until(lambda: relayed.client.committed(group, topic, queue) == 1, what=lambda: "never committed")
    assert job.stop().code == 0


def test_sends_whose_answers_are_lost_arrive_all_the_same(relayed, start):
    source, copy = relayed.topic(queues=1), relayed.topic(queues=1)
    relayed.client.send_batch(source, [str(i) for i in range(200)])
    stop = threading.Event()

    def cut_now_and_then():
        while not stop.wait(0.15):
            relayed.relay.cut_all()

    cutter = threading.Thread(target=cut_now_and_then)
    cutter.start()
    try:
        job = start(copying(relayed, source, copy, unique("group"), **{"sink.batch.max-messages": 10}), "--bounded")
        time.sleep(2)
    finally:
        stop.set()
        cutter.join()
    assert job.wait().code == 0
    messages = relayed.client.read_all(copy)
    assert {m.text for m in messages} == {str(i) for i in range(200)}


def test_sends_wait_for_a_broker_that_refuses_for_a_while(relayed, start):
    relayed.relay.handler = for_a_while(2, 2, SENDS, Answer(14, "disk full"))
    source, copy = relayed.topic(queues=1), relayed.topic(queues=1)
    relayed.client.send_batch(source, ["a", "b"])
    assert start(copying(relayed, source, copy, unique("group")), "--bounded").wait().code == 0
    assert len(relayed.relay.requests(*SENDS)) > 2
    assert sorted(m.text for m in relayed.client.read_all(copy)) == ["a", "b"]
