"""What a job writes into a topic, read back by the plain client."""

import datetime
import struct
import time

import pytest

from support.remoting import SEND, SEND_BATCH
from support.relay import Answer, gaps
from support.runner import Job, run, table
from support.target import unique

BUSY, ILLEGAL, FLUSH_LATE = 2, 13, 10
SENDS = (SEND, SEND_BATCH)


def insert(target, topic, columns, rows, flags=(), expect=0, **options):
    return run(target.sink(topic, columns, options=options) + f"INSERT INTO dst {rows};", *flags, expect=expect)


def java_hash(text):
    value = 0
    units = struct.unpack(f"<{len(text.encode('utf-16-le')) // 2}H", text.encode("utf-16-le"))
    for unit in units:
        value = (31 * value + unit) & 0xFFFFFFFF
    return value if value < 2**31 else value - 2**32


def queue_of_java(text, queues):
    """As SelectMessageQueueByHash chooses it."""
    return abs(java_hash(text)) % queues


def numbers_source(target, count, name="src"):
    """A topic with the numbers below `count`, over its queues in turn, and its source table."""
    topic = target.topic()
    queues = target.client.queues(topic)
    for queue in queues:
        target.client.send_batch(topic, [str(i) for i in range(queue.id, count, len(queues))], queue)
    target.client.wait_for(topic, count)
    return target.source(topic, "n BIGINT", name=name, options={"lengthCheck": "EXCEPTION"})


# ---- what is written


def test_bodies_keys_and_tags(target):
    topic = target.topic()
    insert(target, topic, "id INT, len BIGINT, content VARCHAR, `keys` VARCHAR METADATA, `tags` VARCHAR METADATA",
           "VALUES (1, 10, 'a', 'k1', 'TagA'), (2, 20, 'ö→中😀', 'k1 k2', CAST(NULL AS VARCHAR)), "
           "(3, CAST(NULL AS BIGINT), '', CAST(NULL AS VARCHAR), 'TagB')")
    found = sorted((m.text, m.keys, m.tags) for m in target.client.wait_for(topic, 3))
    assert found == [("1,10,a", "k1", "TagA"), ("2,20,ö→中😀", "k1 k2", None), ("3,,", None, "TagB")]


def test_every_message_has_a_key_of_its_own(target):
    topic = target.topic()
    run(numbers_source(target, 500) + target.sink(topic, "n BIGINT") + "INSERT INTO dst SELECT n FROM src;", "--bounded")
    assert len({m.properties["UNIQ_KEY"] for m in target.client.wait_for(topic, 500)}) == 500


def test_values_as_text(mq5):
    topic = mq5.topic(queues=1)
    columns = ("b BOOLEAN, t TINYINT, s SMALLINT, i INT, l BIGINT, f FLOAT, d DOUBLE, e DECIMAL(10, 2), dt DATE, tm TIME(0), "
               "ts TIMESTAMP(3), v VARCHAR")
    insert(mq5, topic, columns,
           "VALUES (TRUE, CAST(-128 AS TINYINT), CAST(7 AS SMALLINT), CAST(-2147483648 AS INT), 9223372036854775807, CAST(0.1 AS FLOAT), "
           "CAST(1E100 AS DOUBLE), CAST(3 AS DECIMAL(10, 2)), DATE '2024-02-29', TIME '01:02:03', "
           "TIMESTAMP '2024-02-29 23:59:58.120', 'x')", fieldDelimiter="|")
    fields = mq5.client.wait_for(topic, 1)[0].text.split("|")
    assert fields[:5] == ["true", "-128", "7", "-2147483648", "9223372036854775807"]
    assert fields[5] == "0.1" and float(fields[6]) == 1e100
    assert fields[7:10] == ["3.00", "2024-02-29", "01:02:03"]
    assert fields[10][10] == " " and datetime.datetime.fromisoformat(fields[10]) == datetime.datetime(2024, 2, 29, 23, 59, 58, 120000)
    assert fields[11] == "x"


def test_a_body_as_it_is(target):
    source, topic = target.topic(queues=1), target.topic(queues=1)
    bodies = [bytes(range(256)), b"", b"\x00", b"line\nline"]
    target.client.send_batch(source, bodies)
    run(target.source(source, "b VARBINARY") + target.sink(topic, "b VARBINARY") + "INSERT INTO dst SELECT b FROM src;", "--bounded")
    assert [m.body for m in target.client.wait_for(topic, 4)] == bodies


@pytest.mark.parametrize("encoding, python", [("GBK", "gbk"), ("UTF-16LE", "utf-16-le"), ("ISO-8859-1", "iso-8859-1")])
def test_encoding(mq5, encoding, python):
    topic = mq5.topic(queues=1)
    text = "äö" if python == "iso-8859-1" else "中文"
    insert(mq5, topic, "a VARCHAR, b INT", f"VALUES ('{text}', 1)", encoding=encoding)
    assert mq5.client.wait_for(topic, 1)[0].body == f"{text},1".encode(python)


def test_quotes_make_every_text_readable_again(mq5):
    topic = mq5.topic(queues=1)
    texts = ["plain", "with,comma", 'with "quotes"', '"', ",", ""]
    rows = ", ".join(f"({i}, '{text}')" for i, text in enumerate(texts))
    insert(mq5, topic, "i INT, v VARCHAR", "VALUES " + rows, quoteCharacter='"')
    sql = (mq5.source(topic, "i INT, v VARCHAR", options={"quoteCharacter": '"', "lengthCheck": "EXCEPTION"})
           + table("out", "v VARCHAR", {"connector": "print"}) + "INSERT INTO out SELECT v FROM src;")
    assert run(sql, "--bounded").rows == [f"+I[{text}]" for text in texts]


def test_without_quotes_a_delimiter_in_a_text_is_written_and_warned_about(mq5):
    topic = mq5.topic(queues=1)
    finished = insert(mq5, topic, "i INT, v VARCHAR", "VALUES (1, 'a,b')")
    assert mq5.client.wait_for(topic, 1)[0].text == "1,a,b"
    assert "quoteCharacter" in finished.log


@pytest.mark.parametrize("delimiter, written", [("||", "1||x"), ("\\t", "1\tx"), ("\\u0001", "1\x01x"), (None, "1\x01x")])
def test_field_delimiter(mq5, delimiter, written):
    topic = mq5.topic(queues=1)
    options = mq5.sink_options(topic, **({"fieldDelimiter": delimiter} if delimiter else {}))
    run(table("dst", "i INT, v VARCHAR", options) + "INSERT INTO dst VALUES (1, 'x');")
    assert mq5.client.wait_for(topic, 1)[0].text == written


def test_time_zone_of_instants(mq5):
    topic = mq5.topic(queues=1)
    source = mq5.topic(queues=1)
    mq5.client.send(source, "1700000000000")
    run(mq5.source(source, "t TIMESTAMP_LTZ(3)") + mq5.sink(topic, "t TIMESTAMP_LTZ(3), i INT", options={"timeZone": "Asia/Shanghai"})
        + "INSERT INTO dst SELECT t, 1 FROM src;", "--bounded")
    assert mq5.client.wait_for(topic, 1)[0].text.startswith("2023-11-15 06:13:20")


# ---- tags of `mq`


def test_tag_of_every_message(mq4):
    topic = mq4.topic()
    insert(mq4, topic, "i INT", "VALUES (1), (2)", tag="TagX")
    assert [m.tags for m in mq4.client.wait_for(topic, 2)] == ["TagX", "TagX"]


def test_tag_is_refused_in_a_sink_of_mq5(mq5):
    refused = insert(mq5, mq5.topic(), "i INT", "VALUES (1)", expect=2, tag="TagX")
    assert "tag" in refused.log and "METADATA" in refused.log


# ---- queues


@pytest.mark.parametrize("mode", [{}, {"mode": "partition"}])
def test_partition_field_goes_where_java_producers_send_the_same_key(direct, mode):
    topic = direct.topic(queues=5)
    words = [f"key-{i}" for i in range(40)] + ["", "中文", "😀", "polygenelubricants"]  # the last one's hash is the least int
    rows = ", ".join(f"('{word}', {i})" for word in words for i in range(3))
    insert(direct, topic, "k VARCHAR, i INT", "VALUES " + rows, partitionField="k", **mode)
    by_word = {}
    for message in direct.client.wait_for(topic, 3 * len(words)):
        word, i = message.text.rsplit(",", 1)
        by_word.setdefault(word, []).append((message.queue_id, int(i)))
    assert by_word == {word: [(queue_of_java(word, 5), i) for i in range(3)] for word in words}


def test_partition_field_that_is_a_number(mq5):
    topic = mq5.topic(queues=4)
    insert(mq5, topic, "k BIGINT, v VARCHAR", "VALUES " + ", ".join(f"({i * 7919}, 'x')" for i in range(50)), partitionField="k")
    for message in mq5.client.wait_for(topic, 50):
        assert message.queue_id == queue_of_java(message.text.split(",")[0], 4)


def test_rows_whose_partition_field_is_null_go_round(mq5):
    topic = mq5.topic(queues=4)
    run(numbers_source(mq5, 4000) + mq5.sink(topic, "k VARCHAR, n BIGINT", options={"partitionField": "k", "sink.batch.max-messages": 50})
        + "INSERT INTO dst SELECT CAST(NULL AS VARCHAR), n FROM src;", "--bounded")
    assert {m.queue_id for m in mq5.client.wait_for(topic, 4000)} == {0, 1, 2, 3}


def test_without_partition_field_batches_go_round_and_nothing_is_lost(target):
    topic = target.topic(queues=4)
    run(numbers_source(target, 5000) + target.sink(topic, "n BIGINT", options={"sink.batch.max-messages": 100})
        + "INSERT INTO dst SELECT n FROM src;", "--bounded")
    messages = target.client.wait_for(topic, 5000)
    assert sorted(int(m.text) for m in messages) == list(range(5000))
    assert {m.queue_id for m in messages} == {0, 1, 2, 3}  # a queue that answers slowly gets less than its share


def test_order_from_queue_to_queue_is_kept_by_a_partition_key(target):
    source, topic = target.topic(queues=4), target.topic(queues=3)
    for queue in target.client.queues(source):
        target.client.send_batch(source, [f"{queue.id},{i}" for i in range(2000)], queue)
    run(target.source(source, "k VARCHAR, i INT") + target.sink(topic, "k VARCHAR, i INT", options={"partitionField": "k"})
        + "INSERT INTO dst SELECT k, i FROM src;", "--bounded")
    messages = target.client.wait_for(topic, 8000)
    for key in range(4):
        assert [m.text for m in messages if m.text.startswith(f"{key},")] == [f"{key},{i}" for i in range(2000)]


def test_rows_of_a_queue_that_is_gone_go_to_the_others_without_a_try(direct):
    source, topic = direct.topic(queues=1), direct.topic(queues=4)
    keys = [f"k{i}" for i in range(40)]

    def write(numbers):
        direct.client.send_batch(source, [f"{key},{i}" for i in numbers for key in keys])

    write(range(5))
    job = Job(direct.source(source, "k VARCHAR, i INT")
              + direct.sink(topic, "k VARCHAR, i INT", options={"partitionField": "k", "mode": "partition", "retryTimes": 0})
              + "INSERT INTO dst SELECT k, i FROM src;")
    try:
        before = {m.text for m in direct.client.wait_for(topic, 200) if m.queue_id < 2}
        direct.client.create_topic(topic, 2)
        write(range(5, 10))
        messages = direct.client.wait_for(topic, len(before) + 200)
        assert job.running, job.log
    finally:
        job.kill()
    for key in keys:
        after = [(m.queue_id, int(m.text.split(",")[1])) for m in messages if m.text.startswith(f"{key},") and m.text not in before]
        assert after == [(queue_of_java(key, 2), i) for i in range(5, 10)], key


def test_a_compaction_topic_takes_no_row_without_keys(mq5):
    topic = unique("compacted")
    mq5.client.create_topic(topic, 1, attributes="+cleanup.policy=COMPACTION")
    failed = insert(mq5, topic, "v VARCHAR", "VALUES ('a')", expect=1)
    assert "cleanup.policy=COMPACTION" in failed.log and "keys STRING METADATA" in failed.log
    insert(mq5, topic, "v VARCHAR, `keys` VARCHAR METADATA", "VALUES ('a', 'k1'), ('b', 'k2')")
    assert [(m.text, m.keys) for m in mq5.client.wait_for(topic, 2)] == [("a", "k1"), ("b", "k2")]


# ---- batches


def members(body):
    """How many messages a batch's body holds."""
    count, at = 0, 0
    while at < len(body):
        at += struct.unpack_from(">i", body, at)[0]
        count += 1
    return count


@pytest.mark.parametrize("options, most, reached", [({"sink.batch.max-messages": 17}, 17, 17), ({}, 512, 18)])
def test_batch_max_messages(relayed, options, most, reached):
    """How far batches grow without the option is up to how fast the machine is."""
    topic = relayed.topic()
    run(numbers_source(relayed, 12000) + relayed.sink(topic, "n BIGINT", options=options) + "INSERT INTO dst SELECT n FROM src;",
        "--bounded")
    sizes = [members(request.body) for request in relayed.relay.requests(SEND_BATCH)]
    assert reached <= max(sizes) <= most
    assert sum(sizes) + len(relayed.relay.requests(SEND)) == 12000


def test_batch_max_bytes(relayed):
    topic = relayed.topic()
    run(numbers_source(relayed, 2000) + relayed.sink(topic, "n BIGINT, pad VARCHAR", options={"sink.batch.max-bytes": "8 kb"})
        + f"INSERT INTO dst SELECT n, '{'x' * 500}' FROM src;", "--bounded")
    sizes = [len(request.body) for request in relayed.relay.requests(SEND_BATCH)]
    assert max(sizes) <= 8192 and max(sizes) > 4096


def sends_of_a_trickle(target, start, linger):
    """How many calls carry ten rows, each sent when the one before is written or, with a linger, was sent 50 ms ago."""
    source, topic = target.topic(queues=1), target.topic(queues=1)
    start(target.source(source, "n BIGINT") + target.sink(topic, "n BIGINT", options={"sink.batch.linger": linger})
          + "INSERT INTO dst SELECT n FROM src;", "--commit-interval", "600000")
    for i in range(10):
        target.client.send(source, str(i))
        if linger == "0 ms":
            target.client.wait_for(topic, i + 1)
        else:
            time.sleep(0.05)
    target.client.wait_for(topic, 10)
    return len(target.relay.requests(*SENDS))


def test_batch_linger_lets_rows_wait_for_each_other(mq5, start):
    counts = {}
    for linger in ("0 ms", "2 s"):
        with mq5.cluster.relay() as relay:
            target = type(mq5)(mq5.cluster, "mq5", relay.endpoint)
            target.relay = relay
            counts[linger] = sends_of_a_trickle(target, start, linger)
    assert counts["0 ms"] >= 10 > 5 >= counts["2 s"], counts  # where the machine stands still, or a send is tried again, they are more


def test_a_message_that_is_too_large_fails_the_job_at_once(relayed):
    source, topic = relayed.topic(queues=1), relayed.topic(queues=1)
    relayed.client.send(source, "x")
    failed = run(relayed.source(source) + relayed.sink(topic, options={"sleepTimeMs": 5000})
                 + "INSERT INTO dst SELECT REPEAT(v, 4300000) FROM src;", "--bounded", expect=1)
    assert topic in failed.log
    assert len(relayed.relay.requests(*SENDS)) <= 2, "no retry heals it"


def test_sink_parallelism(target):
    topic = target.topic()
    run(numbers_source(target, 3000) + target.sink(topic, "n BIGINT", options={"sink.parallelism": 3, "partitionField": "n"})
        + "INSERT INTO dst SELECT n FROM src;", "--bounded")
    assert sorted(int(m.text) for m in target.client.wait_for(topic, 3000)) == list(range(3000))


def test_producer_group_is_what_messages_are_sent_as(relayed):
    group = unique("producers")
    insert(relayed, relayed.topic(), "i INT", "VALUES (1)", producerGroup=group)
    assert {request.ext.get("a") or request.ext.get("producerGroup") for request in relayed.relay.requests(*SENDS)} == {group}


# ---- failed sends


def test_retry_times_and_sleep_time(relayed):
    relayed.relay.handler = lambda request: Answer(BUSY, "[REJECTREQUEST] busy") if request.code in SENDS else None
    topic = relayed.topic(queues=1)
    failed = insert(relayed, topic, "i INT", "VALUES (1)", expect=1, retryTimes=3, sleepTimeMs=400)
    sends = relayed.relay.requests(*SENDS)
    assert len(sends) == 4, "one send and three retries"
    pauses = gaps(sends)
    assert 0.38 <= min(pauses) < 1.5, pauses  # one may be longer, where the machine stands still
    assert topic in failed.log and "REJECTREQUEST" in failed.log


def test_a_send_that_succeeds_at_a_retry_is_stored_once(relayed):
    refused = []

    def refuse_twice(request):
        if request.code in SENDS and len(refused) < 2:
            refused.append(request)
            return Answer(BUSY, "[OVERLOAD] busy")
        return None

    relayed.relay.handler = refuse_twice
    topic = relayed.topic(queues=1)
    insert(relayed, topic, "i INT", "VALUES (1), (2)", retryTimes=5, sleepTimeMs=50)
    assert sorted(m.text for m in relayed.client.wait_for(topic, 2)) == ["1", "2"]
    assert len(refused) == 2


def test_a_refusal_that_no_retry_heals_fails_at_once(relayed):
    relayed.relay.handler = lambda request: Answer(ILLEGAL, "the message is illegal") if request.code in SENDS else None
    failed = insert(relayed, relayed.topic(queues=1), "i INT", "VALUES (1)", expect=1, retryTimes=5, sleepTimeMs=3000)
    assert len(relayed.relay.requests(*SENDS)) == 1
    assert "the message is illegal" in failed.log


def test_stored_but_flushed_late_counts_as_written_and_is_warned_about(relayed):
    late = {"msgId": "7F0000010000000000000000000000AA", "queueId": "0", "queueOffset": "0"}
    relayed.relay.handler = lambda request: Answer(FLUSH_LATE, "flush disk timeout", late) if request.code in SENDS else None
    finished = insert(relayed, relayed.topic(queues=1), "i INT", "VALUES (1)")
    assert len(relayed.relay.requests(*SENDS)) == 1
    assert "flush" in finished.log.lower()


def test_guarantee_none_drops_what_cannot_be_sent(relayed):
    relayed.relay.handler = lambda request: Answer(BUSY, "[REJECTREQUEST] busy") if request.code in SENDS else None
    insert(relayed, relayed.topic(queues=1), "i INT", "VALUES (1)", retryTimes=1, sleepTimeMs=50,
           **{"sink.delivery-guarantee": "none"})
    assert relayed.relay.requests(*SENDS)


def test_a_retry_keeps_the_unique_key(relayed):
    answers = []

    def lose_first_answer(request):
        if request.code in SENDS and not answers:
            answers.append(request)
            return Answer(BUSY, "[TIMEOUT_CLEAN_QUEUE] busy")
        return None

    relayed.relay.handler = lose_first_answer
    topic = relayed.topic(queues=1)
    insert(relayed, topic, "i INT", "VALUES (1)", sleepTimeMs=50)
    stored = relayed.client.wait_for(topic, 1)[0]
    first = answers[0]
    assert stored.properties["UNIQ_KEY"] in (first.ext.get("i", "") + first.body.decode("latin-1"))
