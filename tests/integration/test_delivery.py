"""Messages that become visible later."""

import time

import pytest

from support.runner import run
from support.target import Target

LATEST_MS = 15_000  # one second, where nothing else runs


def now_ms():
    return time.time_ns() // 1_000_000


def insert(target, topic, columns, rows, expect=0, **options):
    options = {name.replace("_", "."): value for name, value in options.items()}
    return run(target.sink(topic, columns, options=options) + f"INSERT INTO dst {rows};", expect=expect)


class DelayedCopy:
    """A job that copies numbers into a topic with a delivery time, and what arrived there."""

    def __init__(self, target, count, **options):
        self._target, self._count, self._begun = target, count, now_ms()
        source, self._topic = target.topic(), target.topic()
        for queue in target.client.queues(source):
            target.client.send_batch(source, [str(i) for i in range(queue.id, count, 4)], queue)
        target.client.wait_for(source, count)
        self.sql = (target.source(source, "n BIGINT", options={"scan.startup.mode": "earliest"}) +
                    target.sink(self._topic, "n BIGINT", options=options) + "INSERT INTO dst SELECT n FROM src;")

    def check_in_time(self, delay_ms=None, due=None):
        """Each message is there once, not before its time and little after it."""
        found = self._target.client.wait_for(self._topic, self._count, timeout=240)
        assert sorted(int(m.text) for m in found) == list(range(self._count))
        if due is not None:  # which has passed when a slow machine writes: then they carry none
            assert min(m.store_ms for m in found) >= due
            found = [m for m in found if "TIMER_DELIVER_MS" in m.properties]
        times = {int(m.properties["TIMER_DELIVER_MS"]) for m in found}
        if due is not None:
            assert times <= {due}
        else:
            assert self._begun + delay_ms <= min(times) and max(times) <= now_ms()
        late = sorted(m.store_ms - int(m.properties["TIMER_DELIVER_MS"]) for m in found) or [0]
        print(f"ms after their time: first {late[0]}, median {late[len(late) // 2]}, 99 % {late[len(late) * 99 // 100]}, last {late[-1]}")
        assert late[0] >= 0 and late[-1] <= LATEST_MS


def test_a_thousand_relative_deliveries_in_time(mq5):
    copy = DelayedCopy(mq5, 1000, deliveryTimestampMode="relative", deliveryTimestampValue=4000)
    run(copy.sql, "--bounded")
    copy.check_in_time(delay_ms=4000)


def test_a_thousand_fixed_deliveries_in_time(mq5):
    due = now_ms() + 8000
    copy = DelayedCopy(mq5, 1000, deliveryTimestampMode="fixed", deliveryTimestampValue=due)
    run(copy.sql, "--bounded")
    copy.check_in_time(due=due)


@pytest.mark.parametrize("way", ["timer", "delay-level"])
def test_by_a_column_with_nulls_and_past_times(request, way):
    target = request.getfixturevalue("mq5" if way == "timer" else "mq4")
    topic = target.topic()
    due = now_ms() + 4000
    insert(target, topic, "v VARCHAR, due BIGINT",
           f"VALUES ('later', {due}), ('null', CAST(NULL AS BIGINT)), ('past', 5), ('before the epoch', -5)",
           deliveryTimestampMode="field", deliveryTimestampField="due", delivery_encoding=way)
    found = {m.text: m for m in target.client.wait_for(topic, 4)}
    later = found.pop(f"later,{due}")
    assert later.store_ms >= due
    assert set(found) == {"null,", "past,5", "before the epoch,-5"}
    assert not any(name in m.properties for m in found.values() for name in ("TIMER_DELIVER_MS", "DELAY")), "these go at once"


def test_the_first_level_that_is_not_earlier(mq4):
    topic = mq4.topic()
    insert(mq4, topic, "v VARCHAR", "VALUES ('x'), ('y')", deliveryTimestampMode="relative", deliveryTimestampValue=1500,
           delivery_encoding="delay-level")
    for message in mq4.client.wait_for(topic, 2):
        assert message.properties["DELAY"] == "2"
        assert 5000 <= message.store_ms - message.born_ms <= 5000 + LATEST_MS


def test_no_level_reaches_so_far(mq4):
    failed = insert(mq4, mq4.topic(), "v VARCHAR", "VALUES ('x')", expect=1, deliveryTimestampMode="relative",
                    deliveryTimestampValue=3 * 3_600_000, delivery_encoding="delay-level")
    assert "the longest delay level is 7200000 ms" in failed.log


def test_start_deliver_time_as_bytes(mq4):
    topic, due = mq4.topic(), now_ms() + 3_600_000
    insert(mq4, topic, "v VARCHAR", "VALUES ('x')", deliveryTimestampMode="fixed", deliveryTimestampValue=due,
           delivery_encoding="start-deliver-time")
    # An Apache broker stores it and delivers at once.
    stored = mq4.client.wait_for(topic, 1)[0]
    assert f"__STARTDELIVERTIME\x01{due}\x02".encode() in stored.raw_properties + b"\x02"


def test_the_proxy_delays_too(mq5, rmq5):
    proxy = Target(rmq5, "mq5", rmq5.proxy_endpoint)
    topic = f"{mq5.topic()}-delay"
    mq5.client.create_topic(topic, 4, attributes="+message.type=DELAY")
    due = now_ms() + 3000
    insert(proxy, topic, "v VARCHAR", "VALUES ('x')", deliveryTimestampMode="fixed", deliveryTimestampValue=due)
    assert mq5.client.wait_for(topic, 1)[0].store_ms >= due


# ---- refused


@pytest.mark.parametrize("connector,encoding,said", [
    ("mq5", "auto", "is older than 5.0 and knows no timers"),
    ("mq", "timer", "is older than 5.0 and knows no timers"),
    ("mq", "auto", "is an Apache RocketMQ, which takes no heed of __STARTDELIVERTIME"),
])
def test_a_broker_that_would_deliver_at_once(mq4, connector, encoding, said):
    topic = mq4.topic()
    target = Target(mq4.cluster, connector, mq4.endpoint)
    failed = insert(target, topic, "v VARCHAR", "VALUES ('x')", expect=1, deliveryTimestampMode="relative",
                    deliveryTimestampValue=60_000, delivery_encoding=encoding)
    assert said in failed.log and "delay-level" in failed.log
    assert mq4.client.read_all(topic) == []


def test_too_far_ahead_fails_with_the_brokers_words(mq5):
    topic = mq5.topic()
    failed = insert(mq5, topic, "v VARCHAR", "VALUES ('x')", expect=1, deliveryTimestampMode="relative",
                    deliveryTimestampValue=10 * 86_400_000)
    assert "delay time" in failed.log and "trying again" not in failed.log, failed.log
    assert mq5.client.read_all(topic) == []


def test_rows_have_no_event_time_here(mq5):
    failed = insert(mq5, "nowhere", "v VARCHAR", "VALUES ('x')", expect=2, deliveryTimestampMode="relative",
                    deliveryTimestampType="event_time", deliveryTimestampValue=1)
    assert "rows have no event time in rocketlink run" in failed.log
