"""What a proxy in cluster mode serves, and how what it does not serve is refused."""

import contextlib
import socket
import threading
import time

import pytest

from support.remoting import ROUTE, Connection
from support.runner import run, table
from support.target import EARLIEST, Target, target_of, unique

COPY = table("out", "v VARCHAR", {"connector": "print"}) + "INSERT INTO out SELECT v FROM src;"
NOT_SERVED = 3
QUERY_BROKER_CONFIG, CREATE_TOPIC, DELETE_TOPIC, EARLIEST_TIME = 26, 17, 215, 32


@pytest.fixture
def proxy(request):
    return target_of(request, "mq5-proxy")


def test_it_serves_tags_and_begins_by_time(proxy):
    topic = proxy.topic(queues=1)
    proxy.client.send(topic, "dropped", tags="A")
    time.sleep(0.01)
    begin = int(time.time() * 1000)
    proxy.client.send(topic, "dropped too", tags="B")
    proxy.client.send(topic, "kept", tags="A")
    options = {"tag": "A", "startTimeMs": str(begin)}
    assert run(proxy.source(topic, options=options) + COPY, "--bounded").rows == ["+I[kept]"]


@pytest.mark.parametrize("condition", ["TAGS = 'A'", "TAGS ="])
def test_a_condition_is_refused_since_it_would_not_be_checked(proxy, condition):
    topic = proxy.topic(queues=1)
    proxy.client.send(topic, "let through by a condition that does not compile", tags="B")
    sql = proxy.source(topic, options={"scan.filter.sql92": condition}) + COPY
    refused = run(sql, "--bounded", expect=1)
    assert refused.rows == []
    assert f"option 'scan.filter.sql92' = '{condition}' is not served at {proxy.endpoint}" in refused.log
    assert "trying again" not in refused.log


def test_a_topic_that_is_missing_is_named(proxy):
    begin = time.monotonic()
    topic = unique("missing")
    refused = run(proxy.source(topic) + COPY, "--bounded", expect=1)
    assert topic in refused.log and "did not answer" not in refused.log
    assert time.monotonic() - begin < 40, "a topic may be on its way for ten seconds"


@pytest.mark.parametrize("code", [QUERY_BROKER_CONFIG, CREATE_TOPIC, DELETE_TOPIC, EARLIEST_TIME])
def test_requests_that_it_does_not_serve_are_answered_so(proxy, code):
    """None of these is sent by the connectors; that they are answered is why a refusal needs no time-out."""
    connection = Connection(proxy.endpoint)
    answer = connection.call(code, {"topic": proxy.topic(), "queueId": 0, "bname": proxy.broker})
    connection.close()
    assert answer.code == NOT_SERVED


# ---- the types of topics


def typed(target, kind):
    topic = unique(f"topic-{kind.lower()}")
    target.client.create_topic(topic, 2, attributes=f"+message.type={kind}")
    return topic


def insert(target, topic, values, columns="v VARCHAR, shop VARCHAR", expect=0, **options):
    return run(target.sink(topic, columns, options=options) + f"INSERT INTO dst VALUES {values};", expect=expect)


@pytest.mark.parametrize("kind", ["FIFO", "NORMAL"])
def test_rows_with_a_partition_are_taken(proxy, kind):
    """Several, which travel in a batch for each queue, and one alone."""
    topic = typed(proxy, kind)
    insert(proxy, topic, "('1', 'a'), ('2', 'b'), ('3', 'a'), ('4', 'c')", partitionField="shop")
    insert(proxy, topic, "('5', 'a')", partitionField="shop")
    found = proxy.client.wait_for(topic, 5)
    assert sorted((m.text, m.properties["__SHARDINGKEY"]) for m in found) == [
        ("1,a", "a"), ("2,b", "b"), ("3,a", "a"), ("4,c", "c"), ("5,a", "a")]
    assert len({m.queue_id for m in found if m.properties["__SHARDINGKEY"] == "a"}) == 1


@pytest.mark.parametrize("options", [
    {}, {"delivery.encoding": "delay-level"}], ids=["timer", "delay-level"])
def test_a_delay_topic_takes_rows_for_at_once(proxy, options):
    topic = typed(proxy, "DELAY")
    insert(proxy, topic, "('never had a time', CAST(NULL AS BIGINT)), ('past', 1), ('too', 2)", "v VARCHAR, due BIGINT",
           deliveryTimestampMode="field", deliveryTimestampField="due", **options)
    assert len(proxy.client.wait_for(topic, 3)) == 3


@pytest.mark.parametrize("kind,options,cure", [
    ("FIFO", {}, "'partitionField'"),
    ("DELAY", {}, "'deliveryTimestampMode'"),
    ("TRANSACTION", {}, "write to a topic of type NORMAL or FIFO"),
    ("NORMAL", {"deliveryTimestampMode": "relative", "deliveryTimestampValue": "1000"}, "need a topic of type DELAY"),
])
def test_what_the_type_does_not_take_is_refused_at_once(proxy, kind, options, cure):
    topic = typed(proxy, kind)
    refused = insert(proxy, topic, "('1', 'a'), ('2', 'b')", expect=1, **options)
    assert f"topic '{topic}' is of type {kind}" in refused.log and cure in refused.log
    assert "trying again" not in refused.log
    assert proxy.client.read_all(topic) == []


# ---- telling a proxy from a name server


@contextlib.contextmanager
def balancer(address):
    """A load balancer: its own port, and every byte passed on."""
    listener = socket.create_server(("127.0.0.1", 0))
    host, _, port = address.rpartition(":")
    ends = []

    def pipe(source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection((host, int(port)))
                ends.extend((client, server))
                for way in ((client, server), (server, client)):
                    threading.Thread(target=pipe, args=way, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield "127.0.0.1:%d" % listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        for each in (listener, *ends):
            each.close()


def test_a_proxy_behind_a_load_balancer_is_known(proxy, rmq5):
    """A message singly would show its group there, be refused, and go again, which the log says."""
    topic = proxy.topic()
    with balancer(rmq5.proxy_endpoint) as endpoint:
        target = Target(rmq5, "mq5", endpoint)
        sink = target.sink(topic, "v VARCHAR, shop VARCHAR", options={"partitionField": "shop"})
        written = run(sink + "INSERT INTO dst VALUES ('1', 'a');", "--log-level", "info")
        read = run(target.source(topic, options=EARLIEST) + COPY, "--bounded")
    assert "type NORMAL" not in written.log
    assert read.rows == ["+I[1,a]"]


def test_what_tells_a_proxy_from_a_name_server(proxy, rmq5, rmq4):
    fields = {"topic": proxy.topic(), "acceptStandardJsonOnly": "true"}

    def route(endpoint, **changed):
        connection = Connection(endpoint)
        answer = connection.call(ROUTE, {**fields, **changed})
        connection.close()
        return answer

    assert "TRACE_ON" in route(rmq5.proxy_endpoint).ext
    assert "TRACE_ON" not in route(rmq5.endpoint).ext
    assert "TRACE_ON" not in route(rmq4.endpoint, topic="TBW102").ext
