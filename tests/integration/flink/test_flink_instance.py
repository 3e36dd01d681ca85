"""4.x instances on real Flinks: topics and groups bear the instance's id at the broker, and nowhere else."""

from support.flink import CHECKPOINTS
from support.target import EARLIEST, unique
from support.waiting import wait_until
from test_instance import INSTANCE, WITH_TOPIC


def test_topics_and_group_bear_the_instance_at_the_broker_alone(flink, mq4):
    source, copy, group = unique("topic"), unique("topic"), unique("group")
    for topic in (source, copy):
        mq4.client.create_topic(f"{INSTANCE}%{topic}", 1)
    mq4.client.send_batch(f"{INSTANCE}%{source}", ["a", "b"])
    instance = {"instanceID": INSTANCE}
    before = flink.logs("*")
    [job] = flink.submit(CHECKPOINTS + mq4.source(source, WITH_TOPIC, group, {**EARLIEST, **instance}) +
                         mq4.sink(copy, "v VARCHAR, t VARCHAR", instance) + "INSERT INTO dst SELECT v, t FROM src;")
    found = mq4.client.wait_for(f"{INSTANCE}%{copy}", 2)
    assert sorted(message.text for message in found) == [f"a,{source}", f"b,{source}"]
    [queue] = mq4.client.queues(f"{INSTANCE}%{source}")
    wait_until(lambda: mq4.client.committed(f"{INSTANCE}%{group}", f"{INSTANCE}%{source}", queue) == 2)
    metrics = " ".join(flink.metric_names(job))
    assert source in metrics and INSTANCE not in metrics
    logs = "".join(text[len(before.get(name, "")):] for name, text in flink.logs("*").items())
    assert f"reads topic '{source}' at {mq4.endpoint}, instance '{INSTANCE}'" in logs
    assert f"writes topic '{copy}' at {mq4.endpoint}, instance '{INSTANCE}'" in logs  # told once, beside the topic as it was written
    assert f"{INSTANCE}%" not in logs
    flink.cancel(job)
