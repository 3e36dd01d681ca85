"""What others see of a job's consumer group: RocketMQ's push consumers in the same group, and its own tools."""

import contextlib
import json
import pathlib
import subprocess
import threading
import time

from support.cluster import ROOT
from support.remoting import Connection
from support.runner import table
from support.target import EARLIEST, unique
from support.waiting import PATIENCE

COPY = table("out", "v VARCHAR", {"connector": "print"}) + "INSERT INTO out SELECT v FROM src;"
CONSUMER_LIST = 38
JARS = ROOT / "build" / "deps" / "rocketmq-5.5.0"
CONSUMER = pathlib.Path(__file__).parent / "support" / "PushConsumer.java"


def members(target, group):
    """The clients that the broker counts to a group."""
    connection = Connection(target.cluster.broker)
    answer = connection.call(CONSUMER_LIST, {"consumerGroup": group})
    connection.close()
    return json.loads(answer.body)["consumerIdList"] if answer.code == 0 else []


def wait_members(target, group, count, timeout=PATIENCE):
    deadline = time.monotonic() + timeout
    while len(found := members(target, group)) != count:
        assert time.monotonic() < deadline, f"{found} are in {group} after {timeout} s, not {count} clients"
        time.sleep(0.05)
    return found


def has_line(said, words):
    return any(line.split()[:len(words)] == words for line in said.splitlines())


def wait_said(target, words, *arguments):
    """Until the tools say a line that begins with these: on a slow machine they give up questions that a broker answers late."""
    deadline = time.monotonic() + PATIENCE
    while not has_line(said := target.cluster.admin_tool(*arguments), words):
        assert time.monotonic() < deadline, said


@contextlib.contextmanager
def push_consumer(target, group, topic):
    """One that has all four queues of a topic; gives what it says from then on."""
    command = ["java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", f"{JARS}/*", CONSUMER,
               target.endpoint, group, topic]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        silent = threading.Timer(300, process.kill)  # so that nobody waits for ever for what it says
        silent.start()
        try:
            for line in process.stdout:
                if line.strip() == "queues 4":
                    break
            else:
                raise AssertionError(f"the push consumer ended with {process.wait()}")
            yield process
        finally:
            silent.cancel()
            process.kill()


def reader(target, topic, group, **options):
    return target.source(topic, group=group, options={**EARLIEST, **options}) + COPY


def test_a_push_consumer_of_the_group_keeps_its_queues(mq5, start):
    topic, group = mq5.topic(queues=4), unique("group")
    for queue in mq5.client.queues(topic):
        mq5.client.send(topic, "x", queue)
    with push_consumer(mq5, group, topic) as consumer:
        before = members(mq5, group)
        job = start(reader(mq5, topic, group))
        job.wait_rows(4)
        assert members(mq5, group) == before and len(before) == 1
        # The broker tells a group of each member that comes, at once; so the next thing that it says is of this one.
        with_heartbeat = start(reader(mq5, topic, group, **{"scan.heartbeat": "true"}))
        with_heartbeat.wait_rows(4)
        said = consumer.stdout.readline().strip()
        assert said in ("queues 2", "queues 3"), "it gives up queues only to a reader with heartbeats"
        assert len(members(mq5, group)) == 2


def test_tools_see_a_group_with_heartbeats(direct, start):
    topic, group = direct.topic(queues=1), unique("group")
    direct.client.send(topic, "x")
    job = start(reader(direct, topic, group, **{"scan.heartbeat": "true"}))
    job.wait_rows(1)
    (client,) = wait_members(direct, group, 1)
    assert client.startswith("rocketlink@")
    deadline = time.monotonic() + PATIENCE
    while direct.client.route(f"%RETRY%{group}") is None:  # the tools look for the group there
        assert time.monotonic() < deadline
        time.sleep(0.1)
    wait_said(direct, [topic, direct.broker, "0"], "consumerProgress", "-g", group)


def test_lag_without_heartbeats(direct, start):
    """docs/run.md says that it is seen so."""
    topic, group = direct.topic(queues=1), unique("group")
    direct.client.send(topic, "x")
    job = start(reader(direct, topic, group))
    job.wait_rows(1)
    (queue,) = direct.client.queues(topic)
    job.wait_until(lambda: direct.client.committed(group, topic, queue) == 1)
    direct.client.send(topic, "y")
    job.wait_until(lambda: direct.client.committed(group, topic, queue) == 2)
    wait_said(direct, [topic, group, direct.broker, "0", "2", "2", "0"], "brokerConsumeStats", "-b", direct.cluster.broker, "-l", "0")
