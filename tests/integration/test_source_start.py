"""Where reading begins and where it ends."""

import time

import pytest

from support.remoting import Queue
from support.runner import run, table
from support.target import unique
from support.waiting import PATIENCE

OUT = table("out", "v VARCHAR", {"connector": "print"})
COPY = "INSERT INTO out SELECT v FROM src;"


def read(target, topic, group=None, **options):
    """The values that a bounded job reads, in their order when the topic has one queue."""
    return values(run(target.source(topic, group=group, options=options) + OUT + COPY, "--bounded"))


def values(finished):
    return [row[3:-1] for row in finished.rows]


@pytest.fixture
def numbers(direct):
    """A topic of one queue with the texts m0 … m9."""
    topic = direct.topic(queues=1)
    direct.client.send_batch(topic, [f"m{i}" for i in range(10)])
    direct.client.wait_for(topic, 10)
    return topic


def test_everything_is_read_by_default(target):
    topic = target.topic()
    for queue in target.client.queues(topic):
        target.client.send_batch(topic, [f"{queue.id}-{i}" for i in range(100)], queue)
    read_back = read(target, topic)
    assert sorted(read_back) == sorted(f"{queue}-{i}" for queue in range(4) for i in range(100))
    for queue in range(4):
        of_queue = [value for value in read_back if value.startswith(f"{queue}-")]
        assert of_queue == [f"{queue}-{i}" for i in range(100)], "order inside a queue"


def test_start_message_offset(direct, numbers):
    assert read(direct, numbers, startMessageOffset=7) == ["m7", "m8", "m9"]


def test_start_message_offset_wins_over_start_time(direct, numbers):
    assert read(direct, numbers, startMessageOffset=8, startTimeMs=0) == ["m8", "m9"]


def test_start_message_offset_beyond_the_end_is_moved_there_with_a_warning(direct, numbers):
    finished = run(direct.source(numbers, options={"startMessageOffset": 4711}) + OUT + COPY, "--bounded")
    assert finished.rows == []
    assert "4711" in finished.log and numbers in finished.log


@pytest.mark.parametrize("mode", [{"scan.startup.mode": "earliest"}, {"SCAN.startup.MODE": "EARLIEST"}])
def test_earliest_overrules_what_the_group_has_committed(direct, numbers, mode):
    group = unique("group")
    direct.client.commit(group, numbers, Queue(direct.broker, 0), 6)
    assert read(direct, numbers, group, **mode) == [f"m{i}" for i in range(10)]


def test_group_offsets_go_on_where_the_group_has_stopped(direct, numbers):
    group = unique("group")
    assert read(direct, numbers, group) == [f"m{i}" for i in range(10)]
    assert direct.client.committed(group, numbers, Queue(direct.broker, 0)) == 10
    direct.client.send(numbers, "later")
    assert read(direct, numbers, group) == ["later"]


def test_latest_reads_only_what_comes_after_the_start(target, start):
    topic = target.topic(queues=1)
    target.client.send(topic, "before")
    job = start(target.source(topic, options={"scan.startup.mode": "latest"}) + OUT + COPY)
    deadline = time.monotonic() + PATIENCE
    sent = 0
    while not job.rows and time.monotonic() < deadline:  # until the job stands at the end
        target.client.send(topic, f"after-{sent}")
        sent += 1
        time.sleep(0.1)
    job.wait_rows(1)
    first = int(job.rows[0][len("+I[after-"):-1])
    job.wait_rows(sent - first)
    assert job.rows == [f"+I[after-{i}]" for i in range(first, sent)], "nothing of before, and no gap"


def test_fallback_latest_holds_for_a_group_without_offsets_only(mq5, start):
    topic, group = mq5.topic(queues=1), unique("group")
    mq5.client.send(topic, "before")
    sql = mq5.source(topic, group=group, options={"scan.startup.fallback": "latest"}) + OUT + COPY
    job = start(sql)
    job.wait_until(lambda: mq5.client.send(topic, "while it runs") and job.rows)
    assert "+I[before]" not in job.stop().rows
    mq5.client.send(topic, "later")
    assert run(sql, "--bounded").rows[-1:] == ["+I[later]"]


@pytest.mark.parametrize("fallback", ["earliest", None])
def test_fallback_is_earliest(mq5, fallback):
    topic = mq5.topic(queues=1)
    mq5.client.send(topic, "before")
    assert read(mq5, topic, **({"scan.startup.fallback": fallback} if fallback else {})) == ["before"]


def test_specific_offsets(mq5):
    topic, group = mq5.topic(queues=3), unique("group")
    for queue in mq5.client.queues(topic):
        mq5.client.send_batch(topic, [f"q{queue.id}m{i}" for i in range(5)], queue)
    mq5.client.commit(group, topic, Queue(mq5.broker, 2), 4)
    offsets = f"{mq5.broker},0:3;{mq5.broker},1:5"
    rows = read(mq5, topic, group, **{"scan.startup.mode": "specific-offsets", "scan.startup.specific-offsets": offsets})
    assert sorted(rows) == ["q0m3", "q0m4", "q2m4"], "a queue that is not named begins at its group's offset"


@pytest.fixture
def spread(direct):
    """Nine messages in one queue, three at a time, and their store times."""
    topic = direct.topic(queues=1)
    for burst in range(3):
        direct.client.send_batch(topic, [f"m{burst * 3 + i}" for i in range(3)])
        time.sleep(0.25)
    return topic, [message.store_ms for message in direct.client.wait_for(topic, 9)]


@pytest.mark.parametrize("option", ["startTimeMs", "scan.startup.timestamp-millis"])
def test_start_time_begins_at_the_first_message_stored_at_or_after_it(direct, spread, option):
    topic, stored = spread
    mode = {} if option == "startTimeMs" else {"scan.startup.mode": "timestamp"}
    times = {stored[0] - 100_000, stored[0], stored[2] + 1, stored[3] - 1, stored[3], stored[5] + 1, stored[6], stored[8]}
    for begin in sorted(times):
        expected = [f"m{i}" for i in range(9) if stored[i] >= begin]
        assert read(direct, topic, **mode, **{option: begin}) == expected, f"from {begin}, stored at {stored}"


def test_start_time_in_the_future_begins_at_the_end(direct, spread):
    topic, stored = spread
    assert read(direct, topic, startTimeMs=stored[8] + 3_600_000) == []


def test_start_time_on_an_empty_queue(direct):
    assert read(direct, direct.topic(queues=2), startTimeMs=int(time.time() * 1000)) == []


def test_bounded_latest_ends_at_the_end_as_of_now(target):
    topic = target.topic()
    for queue in target.client.queues(topic)[:2]:  # two queues stay empty
        target.client.send_batch(topic, [f"{queue.id}-{i}" for i in range(40)], queue)
    finished = run(target.source(topic, options={"scan.bounded.mode": "latest"}) + OUT + COPY)
    assert len(finished.rows) == 80


def test_bounded_by_time_ends_before_the_first_message_stored_at_or_after_it(direct, spread):
    topic, stored = spread
    for end in (stored[0], stored[3], stored[8], stored[8] + 1):
        expected = [f"m{i}" for i in range(9) if stored[i] < end]
        finished = run(direct.source(topic, options={
            "scan.bounded.mode": "timestamp", "scan.bounded.timestamp-millis": end}) + OUT + COPY)
        assert values(finished) == expected, f"until {end}, stored at {stored}"


def test_a_bounded_scan_ends_behind_messages_that_the_filter_drops(target):
    topic = target.topic(queues=1)
    target.client.send_batch(topic, [("wanted", None, "Yes")] + [(f"other {i}", None, "No") for i in range(100)])
    finished = run(target.source(topic, options={"tag": "Yes"}) + OUT + COPY, "--bounded")
    assert values(finished) == ["wanted"]


def test_bounded_flag_on_an_empty_topic_ends_at_once(target):
    topic, taken = target.topic(), []
    while min(taken, default=5) >= 5 and len(taken) < 3:  # more than one only where the machine stands still
        begun = time.monotonic()
        assert read(target, topic) == []
        taken.append(time.monotonic() - begun)
    assert min(taken) < 5, taken
