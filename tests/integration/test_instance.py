"""4.x instances: topics and groups bear the instance's id at the broker, and nowhere else."""

from support.runner import run, table
from support.target import unique

INSTANCE = "MQ_INST_1_abc"
WITH_TOPIC = "v VARCHAR, t VARCHAR METADATA FROM 'topic' VIRTUAL"
COPY = table("out", "v VARCHAR, t VARCHAR", {"connector": "print"}) + "INSERT INTO out SELECT v, t FROM src;"


def test_topic_and_group_bear_the_instance_at_the_broker_alone(mq4):
    topic, group = unique("topic"), unique("group")
    on_wire = f"{INSTANCE}%{topic}"
    mq4.client.create_topic(on_wire, 1)
    run(mq4.sink(topic, options={"instanceID": INSTANCE}) + "INSERT INTO dst VALUES ('a'), ('b');")
    [first, second] = mq4.client.read_all(on_wire)
    assert (first.text, second.text) == ("a", "b")
    assert first.properties["INSTANCE_ID"] == INSTANCE
    done = run(mq4.source(topic, WITH_TOPIC, group, {"instanceID": INSTANCE}) + COPY, "--bounded", "--log-level", "debug")
    assert sorted(done.rows) == [f"+I[a, {topic}]", f"+I[b, {topic}]"]
    assert INSTANCE not in done.log
    assert mq4.client.committed(f"{INSTANCE}%{group}", on_wire, mq4.client.queues(on_wire)[0]) == 2


def test_a_name_that_bears_the_instance_already_is_not_given_it_again(mq4):
    topic = f"{INSTANCE}%{unique('topic')}"
    mq4.client.create_topic(topic, 1)
    run(mq4.sink(topic, options={"instanceID": INSTANCE}) + "INSERT INTO dst VALUES ('a');")
    assert [message.text for message in mq4.client.read_all(topic)] == ["a"]


def test_filters_and_begins_by_time_are_asked_for_within_the_instance(mq4):
    topic = unique("topic")
    mq4.client.create_topic(f"{INSTANCE}%{topic}", 1)
    mq4.client.send(f"{INSTANCE}%{topic}", "kept", tags="A")
    mq4.client.send(f"{INSTANCE}%{topic}", "dropped", tags="B")
    options = {"instanceID": INSTANCE, "scan.filter.sql92": "TAGS = 'A'", "startTimeMs": "1"}
    done = run(mq4.source(topic, WITH_TOPIC, options=options) + COPY, "--bounded")
    assert done.rows == [f"+I[kept, {topic}]"]


def test_errors_speak_of_the_bare_topic(mq4):
    topic = unique("missing")
    refused = run(mq4.source(topic, WITH_TOPIC, options={"instanceID": INSTANCE}) + COPY, "--bounded", expect=1)
    assert f"topic '{topic}' does not exist" in refused.log
    assert INSTANCE not in refused.log
