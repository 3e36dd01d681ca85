"""The example programs over the core's public headers (examples/cpp), on real servers."""

import os
import signal
import subprocess
import time

import pytest

from support.cluster import ROOT
from support.target import unique
from support.waiting import PATIENCE

PROGRAMS = ROOT / "build" / "release" / "examples" / "cpp"


def example(name, *arguments, **options):
    program = PROGRAMS / f"example_{name}"
    assert os.access(program, os.X_OK), f"{program} is not there: build it with cmake --build --preset release --target example_{name}"
    return subprocess.run([program, *arguments], timeout=PATIENCE, capture_output=True, text=True, **options)


@pytest.fixture
def copier():
    started = []

    def start(*arguments):
        started.append(subprocess.Popen([PROGRAMS / "example_copy", *arguments], stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


def test_produced_and_consumed(mq5):
    topic, group = mq5.topic(), unique("group")
    lines = [f"line {i}" for i in range(500)]
    produced = example("produce", mq5.endpoint, topic, input="\n".join(lines) + "\n")
    assert (produced.returncode, produced.stderr) == (0, "500 messages written\n")
    consumed = example("consume", mq5.endpoint, topic, group)
    assert consumed.returncode == 0, consumed.stderr
    assert sorted(line.split(" ", 2)[2] for line in consumed.stdout.splitlines()) == sorted(lines)
    assert {message.tags for message in mq5.client.wait_for(topic, 500)} == {"line"}
    again = example("consume", mq5.endpoint, topic, group)
    assert (again.returncode, again.stdout) == (0, ""), "the group had been committed to the end"


def test_copied_until_told_to_stop(mq5, copier):
    source, sink, group = mq5.topic(), mq5.topic(), unique("group")
    copy = copier(mq5.endpoint, source, group, sink)
    for i in range(20):
        mq5.client.send(source, f"m{i}", mq5.client.queues(source)[i % 4], keys=f"k{i % 3}", tags="TagA", properties={"shop": "north"})
    copied = mq5.client.wait_for(sink, 20)
    assert sorted(message.text for message in copied) == sorted(f"m{i}" for i in range(20))
    assert {(message.tags, message.properties["shop"]) for message in copied} == {("TagA", "north")}
    assert len({message.properties["UNIQ_KEY"] for message in copied}) == 20
    copy.send_signal(signal.SIGINT)
    assert copy.wait(PATIENCE) == 0, copy.stderr.read()
    rest = example("consume", mq5.endpoint, source, group)
    assert (rest.returncode, rest.stdout) == (0, ""), "everything copied was committed"


def test_what_is_wrong_is_said(mq5):
    missing = example("consume", mq5.endpoint, unique("no-topic"), "group")
    assert missing.returncode == 1 and "does not exist" in missing.stderr
    started = time.monotonic()
    nobody = example("produce", "not-an-endpoint", "topic", input="x\n")
    assert nobody.returncode == 1 and "endpoint" in nobody.stderr and "not-an-endpoint" in nobody.stderr
    assert time.monotonic() - started < 30
