"""What else the options of a source table do: filters, pulls, discovery, metadata, addresses."""

import datetime
import re
import time
import zoneinfo

import pytest

from support.relay import gaps
from support.remoting import CHECK_FILTER, PULL, Queue
from support.runner import run, table
from support.target import Target, unique

OUT = table("out", "v VARCHAR", {"connector": "print"})
COPY = "INSERT INTO out SELECT v FROM src;"
_SUSPEND = 2


def read(target, topic, expect=0, **options):
    return run(target.source(topic, options=options) + OUT + COPY, "--bounded", expect=expect)


# ---- filters


@pytest.fixture
def tagged(target):
    """One queue of messages, each with its tag as body; Aa and BB have the same hash."""
    topic = target.topic(queues=1)
    target.client.send_batch(topic, [(tag or "none", None, tag) for tag in ("Aa", "BB", "TagA", None, "TagB", "Aa")])
    return topic


@pytest.mark.parametrize("tag, expected", [
    ("TagA", ["TagA"]), ("Aa", ["Aa", "Aa"]), ("BB", ["BB"]), ("TagA||TagB", ["TagA", "TagB"]),
    ("*", ["Aa", "BB", "TagA", "none", "TagB", "Aa"]), (None, ["Aa", "BB", "TagA", "none", "TagB", "Aa"])])
def test_tag(target, tagged, tag, expected):
    rows = read(target, tagged, **({"tag": tag} if tag else {})).rows
    assert rows == [f"+I[{body}]" for body in expected]


def with_property(target, count=6):
    topic = target.topic(queues=1)
    for i in range(count):
        target.client.send(topic, f"a={i}", properties={"a": str(i)})
    return topic


def test_sql92_filter(direct):
    topic = with_property(direct)
    assert read(direct, topic, **{"scan.filter.sql92": "a BETWEEN 2 AND 3 OR a = 5"}).rows == ["+I[a=2]", "+I[a=3]", "+I[a=5]"]


def test_sql92_filter_that_does_not_compile_is_refused_before_the_first_pull(relayed):
    topic = with_property(relayed)
    failed = read(relayed, topic, expect=1, **{"scan.filter.sql92": "a BETWEEN 2"})
    assert "scan.filter.sql92" in failed.log and "a BETWEEN 2" in failed.log
    assert relayed.relay.requests(CHECK_FILTER) and not relayed.relay.requests(PULL)
    assert failed.rows == []


def test_sql92_filter_at_a_broker_that_has_filters_off_says_what_to_switch_on(direct):
    topic = with_property(direct)
    direct.client.update_broker_config(enablePropertyFilter="false")
    try:
        failed = read(direct, topic, expect=1, **{"scan.filter.sql92": "a > 2"})
    finally:
        direct.client.update_broker_config(enablePropertyFilter="true")
    assert "enablePropertyFilter" in failed.log
    assert failed.rows == []


# ---- pulls


@pytest.mark.parametrize("options, asked", [({"pullBatchSize": 7}, "7"), ({}, "64")])
def test_pull_batch_size(relayed, options, asked):
    topic = relayed.topic(queues=1)
    relayed.client.send_batch(topic, [str(i) for i in range(50)])
    assert len(read(relayed, topic, **options).rows) == 50
    sizes = {int(request.ext["maxMsgNums"]) for request in relayed.relay.requests(PULL)}
    assert max(sizes) == int(asked)


def read_to_the_end(target, start, **options):
    """A job that has read the only message of its only queue."""
    topic = target.topic(queues=1)
    target.client.send(topic, "first")
    start(target.source(topic, options=options) + OUT + COPY).wait_rows(1)
    time.sleep(0.5)  # the end is reached


@pytest.mark.parametrize("interval, count", [(100, 10), (800, 4)])
def test_pull_interval_is_the_wait_before_asking_an_empty_queue_again(relayed4, start, interval, count):
    read_to_the_end(relayed4, start, pullIntervalMs=interval)
    before = len(relayed4.relay.requests(PULL))
    relayed4.relay.wait_for(before + count, PULL)
    pauses = gaps(relayed4.relay.requests(PULL)[before:])
    assert interval * 0.0009 <= min(pauses) < interval / 1000 + 0.3, pauses  # some are longer, where the machine stands still


def test_mq5_polls_long(relayed, start):
    read_to_the_end(relayed, start)
    before = len(relayed.relay.requests(PULL))
    time.sleep(2)
    assert len(relayed.relay.requests(PULL)) <= before + 1
    last = relayed.relay.requests(PULL)[-1]
    assert int(last.ext["sysFlag"]) & _SUSPEND and int(last.ext["suspendTimeoutMillis"]) >= 5000


def test_a_message_at_the_tail_is_printed_at_once(target, start):
    topic = target.topic(queues=2)
    target.client.send(topic, "first")
    job = start(target.source(topic) + OUT + COPY)
    job.wait_rows(1)
    at_once, taken, begun = (0.3 if target.connector == "mq5" else 0.4), [], time.monotonic()
    while sum(each < at_once for each in taken) < 3:  # not each one, where the machine has other things to do
        assert time.monotonic() < begun + 60, taken
        time.sleep(0.2)
        sent = time.monotonic()
        target.client.send(topic, f"m{len(taken)}", Queue(target.broker, len(taken) % 2))
        job.wait_rows(2 + len(taken))
        taken.append(job.row_times[-1] - sent)


# ---- discovery and parallelism


def test_queues_that_are_added_are_read_from_their_first_message(target, start):
    topic = target.topic(queues=4)
    job = start(target.source(topic, options={"scan.partition-discovery.interval": "500 ms", "scan.startup.mode": "latest"})
                + OUT + COPY)
    job.wait_until(lambda: target.client.send(topic, "it reads") and job.rows)
    target.client.create_topic(topic, 8)
    for queue in range(8):
        target.client.send_batch(topic, [f"{queue}-{i}" for i in range(3)], Queue(target.broker, queue))
    rows = lambda: sorted(row for row in job.rows if row != "+I[it reads]")  # noqa: E731
    job.wait_until(lambda: len(rows()) >= 24, 180, lambda: f"{rows()}")  # a proxy knows a route for 20 s and more
    assert rows() == sorted(f"+I[{queue}-{i}]" for queue in range(8) for i in range(3))


def test_discovery_can_be_switched_off(mq5, start):
    topic = mq5.topic(queues=2)
    job = start(mq5.source(topic, options={"scan.partition-discovery.interval": "0"}) + OUT + COPY)
    mq5.client.send(topic, "known", Queue(mq5.broker, 0))
    job.wait_rows(1)
    mq5.client.create_topic(topic, 4)
    mq5.client.send(topic, "new", Queue(mq5.broker, 3))
    mq5.client.send(topic, "known too", Queue(mq5.broker, 1))
    job.wait_rows(2)
    time.sleep(1.5)
    assert job.rows == ["+I[known]", "+I[known too]"]


@pytest.mark.parametrize("readers", [1, 3, 9])
def test_scan_parallelism(target, readers):
    topic = target.topic(queues=4)
    for queue in target.client.queues(topic):
        target.client.send_batch(topic, [f"{queue.id}-{i}" for i in range(50)], queue)
    rows = read(target, topic, **{"scan.parallelism": readers}).rows
    if readers > 1:  # as Flink's print has it, the task's number comes first
        assert all(re.match(r"\d+> ", row) for row in rows)
        rows = [row.split("> ", 1)[1] for row in rows]
    assert sorted(rows) == sorted(f"+I[{queue}-{i}]" for queue in range(4) for i in range(50))
    for queue in range(4):
        assert [row for row in rows if row.startswith(f"+I[{queue}-")] == [f"+I[{queue}-{i}]" for i in range(50)]


# ---- metadata and zones


@pytest.mark.parametrize("zone", [None, "Asia/Shanghai", "America/New_York"])
def test_metadata_columns_in_any_place(target, zone):
    topic = target.topic(queues=2)
    queue = Queue(target.broker, 1)
    target.client.send(topic, "zero", queue)
    target.client.send(topic, "one", queue, keys="k1 k2", tags="TagA")
    message = target.client.wait_for(topic, 2)[1]
    columns = ("`tags` VARCHAR METADATA, stored TIMESTAMP(3) METADATA FROM 'store-timestamp' VIRTUAL, v VARCHAR, "
               "`keys` VARCHAR METADATA VIRTUAL, `queue-offset` BIGINT METADATA, id VARCHAR METADATA FROM 'msg-id', "
               "born TIMESTAMP(3) METADATA FROM 'born-timestamp', `topic` VARCHAR METADATA, q INT METADATA FROM 'queue-id', "
               "instant TIMESTAMP_LTZ(3) METADATA FROM 'store-timestamp'")
    out = table("out", "tags VARCHAR, stored TIMESTAMP(3), v VARCHAR, keys_ VARCHAR, o BIGINT, id VARCHAR, born TIMESTAMP(3), "
                "topic VARCHAR, q INT, instant TIMESTAMP_LTZ(3)", {"connector": "print"})
    sql = target.source(topic, columns, options={"timeZone": zone} if zone else {}) + out + "INSERT INTO out SELECT * FROM src;"
    rows = [row[3:-1].split(", ") for row in run(sql, "--bounded").rows]

    def wall_clock(millis, name):
        value = datetime.datetime.fromtimestamp(millis // 1000, zoneinfo.ZoneInfo(name)).replace(tzinfo=None)
        return value + datetime.timedelta(milliseconds=millis % 1000)

    assert rows[0][0] == rows[0][3] == "null", "neither keys nor tags"
    tags, stored, value, keys, offset, ident, born, name, number, instant = rows[1]
    assert (tags, value, keys, offset, name, number) == ("TagA", "one", "k1 k2", "1", topic, "1")
    assert ident == message.properties["UNIQ_KEY"]
    assert datetime.datetime.fromisoformat(stored) == wall_clock(message.store_ms, zone or "UTC")
    assert datetime.datetime.fromisoformat(born) == wall_clock(message.born_ms, zone or "UTC")
    assert datetime.datetime.fromisoformat(instant.rstrip("Z")) == wall_clock(message.store_ms, "UTC")


def test_time_zone_is_that_of_times_without_one_in_csv_text(mq5):
    topic = mq5.topic(queues=1)
    mq5.client.send_batch(topic, ["1700000000000,2024-07-01 12:00:00"])
    sql = (mq5.source(topic, "a TIMESTAMP(3), b TIMESTAMP_LTZ(3)", options={"timeZone": "Asia/Shanghai"})
           + table("out", "a TIMESTAMP(3), b TIMESTAMP_LTZ(3)", {"connector": "print"}) + "INSERT INTO out SELECT * FROM src;")
    assert run(sql, "--bounded").rows == ["+I[2023-11-15T06:13:20, 2024-07-01T04:00:00Z]"]


# ---- addresses


@pytest.mark.parametrize("form", ["http://{real}", "127.0.0.1:{dead};{real}", "{real},127.0.0.1:{dead}", "http://{real};127.0.0.1:{dead}"])
def test_endpoint_forms(target, form, closed_port):
    topic = target.topic(queues=1)
    target.client.send(topic, "there")
    form = form.format(real=target.endpoint, dead=closed_port)
    other = Target(target.cluster, target.connector, form)
    assert read(other, topic).rows == ["+I[there]"]


def test_option_names_are_matched_without_regard_to_case(mq5):
    topic = mq5.topic(queues=1)
    mq5.client.send(topic, "there")
    sql = table("src", "v VARCHAR", {"CONNECTOR": "mq5", "endPoint": mq5.endpoint, "TOPIC": topic, "consumergroup": unique("g")})
    assert run(sql + OUT + COPY, "--bounded").rows == ["+I[there]"]
