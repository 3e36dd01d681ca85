"""What a proxy in cluster mode serves, and how what it does not serve is refused."""

import time

import pytest

from support.remoting import Connection
from support.runner import run, table
from support.target import target_of, unique

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
    assert time.monotonic() - begin < 15, "a topic may be on its way for ten seconds"


@pytest.mark.parametrize("code", [QUERY_BROKER_CONFIG, CREATE_TOPIC, DELETE_TOPIC, EARLIEST_TIME])
def test_requests_that_it_does_not_serve_are_answered_so(proxy, code):
    """None of these is sent by the connectors; that they are answered is why a refusal needs no time-out."""
    connection = Connection(proxy.endpoint)
    answer = connection.call(code, {"topic": proxy.topic(), "queueId": 0, "bname": proxy.broker})
    connection.close()
    assert answer.code == NOT_SERVED
