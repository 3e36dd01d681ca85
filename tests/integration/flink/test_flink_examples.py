"""Our own jobs on real Flinks, as they stand but for the topic's name: the same messages and rows as the native engine gives.
Each on one line; what could differ between lines has tests of its own."""

import pytest

import test_examples as native
from support.target import target_of

JOBS = [("1.20" if name.endswith("_mq") else "2.2", name) for name in native.OWN_JOBS]


@pytest.mark.parametrize("flink, name", JOBS, indirect=["flink"])
def test_own_job(flink, name, request):
    target = target_of(request, native.ways_of(name)[0])
    topic = target.topic()
    messages, rows = native.OWN_JOBS[name](topic)
    flink.run(native.own(f"write_{name}", topic), *native.own_secrets(target))
    assert native.written(target, topic, len(messages)) == sorted(messages, key=str)
    before = flink.logs()
    jobs = flink.submit(native.own(f"read_{name}", topic), *native.own_secrets(target))
    flink.wait_printed(rows, before)
    flink.cancel(*jobs)
