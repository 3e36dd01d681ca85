"""DataStream programs on real servers, for both lines of Flink: our own examples, and the vendor's two demos after the change of
imports that docs/flink.md tells."""

import time

import pytest

from support import vendor
from support.cluster import ROOT
from support.datastream import Program, connector_jar, migrated
from support.flink import LINES
from support.target import unique

OURS = ROOT / "examples" / "datastream"
ACCOUNT = ("some-id", "some-secret")
# What our own programs are given behind the topics, what becomes of a text, and from which message of a queue on.
OWN_PROGRAMS = {"UpperCase5": ((), str.upper, 0), "UpperCase4": ((*ACCOUNT, ""), str.upper, 0), "SkipFirst5": (ACCOUNT, str, 1)}


@pytest.fixture
def program(tmp_path):
    made = []

    def make(name, text, line):
        made.append(Program(name, text, line, tmp_path))
        return made[-1]

    yield make
    for each in made:
        each.kill()


def bodies_of(client, topic, expected, running, timeout=300):
    """The texts in the topic once all that are expected are there."""
    deadline = time.monotonic() + timeout
    while True:
        running.check()
        messages = client.read_all(topic)
        if {message.text for message in messages} >= expected:
            return messages
        assert time.monotonic() < deadline, f"{sorted(message.text for message in messages)} after {timeout} s:\n{running.log[-8000:]}"
        time.sleep(0.2)


def filled(target):
    """A topic of two queues with five messages each, and one to write to."""
    source, sink = target.topic(2), target.topic(2)
    for queue in target.client.queues(source):
        for i in range(5):
            target.client.send(source, f"q{queue.id} m{i}", queue, keys=f"k{i}", tags="TagA", properties={"shop": "north"})
    return source, sink


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("demo", vendor.examples("datastream/*.java"))
def test_demo_of_the_vendor(demo, line, program, mq5, mq4):
    five = "RocketMQ5" in demo.stem
    target = mq5 if five else mq4
    source, sink = filled(target)
    constants = {"ENDPOINT": target.endpoint, "ACCESS_ID": "", "ACCESS_KEY": "", "INSTANCE_ID": "", "SOURCE_TOPIC": source,
                 "CONSUMER_GROUP": unique("group"), "SINK_TOPIC": sink, "PRODUCER_GROUP": unique("group")}
    running = program(*migrated(demo.read_text(), constants, connector_jar(line)), line)
    running.start()
    # The demo for 5.x begins at offset 1 of each queue; that for 4.x hands whole messages on.
    expected = {f"q{queue} m{i}" for queue in range(2) for i in range(1 if five else 0, 5)}
    copied = bodies_of(target.client, sink, expected, running)
    assert {message.text for message in copied} == expected
    if not five:
        assert {(message.tags, message.properties["shop"]) for message in copied} == {("TagA", "north")}
        assert {message.keys for message in copied} == {f"k{i}" for i in range(5)}


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("name", OWN_PROGRAMS)
def test_own_example(name, line, program, mq5, mq4):
    arguments, changed, first = OWN_PROGRAMS[name]
    target = mq5 if name.endswith("5") else mq4
    source, sink = filled(target)
    running = program(name, (OURS / f"{name}.java").read_text(), line)
    running.start(target.endpoint, source, unique("group"), sink, *arguments)
    expected = {changed(f"q{queue} m{i}") for queue in range(2) for i in range(first, 5)}
    copied = bodies_of(target.client, sink, expected, running)
    assert {message.text for message in copied} == expected
    if name.startswith("UpperCase"):
        assert {(message.tags, message.properties["shop"]) for message in copied} == {("TagA", "north")}


def test_every_own_example_is_run():
    assert {path.stem for path in OURS.glob("*.java")} == set(OWN_PROGRAMS)
