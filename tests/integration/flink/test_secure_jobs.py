"""Access control, TLS and the proxy, on real Flinks."""

import json

import pytest

from support.flink import CHECKPOINTS, FOR_EVER
from support.target import EARLIEST, WAYS, unique
from support.waiting import wait_until
from test_security import SECRETS, secure_target

COPY = "INSERT INTO dst SELECT v FROM src;"


def submit_copy(flink, target, source, copy, group, before=""):
    [job] = flink.submit(before + CHECKPOINTS + target.source(source, group=group, options=EARLIEST) + target.sink(copy) + COPY)
    return job


@pytest.fixture(params=WAYS)
def secure(request):
    return secure_target(request, request.param)


def test_an_account_with_rights_copies_over_tls_and_commits(flink, secure):
    source, copy, group = secure.topic(queues=1), secure.topic(), unique("group")
    secure.log_in(topics=[source, copy], groups=[group])
    secure.client.send_batch(source, ["a", "b"])
    job = submit_copy(flink, secure, source, copy, group)
    assert sorted(message.text for message in secure.client.wait_for(copy, 2)) == ["a", "b"]
    [queue] = secure.client.queues(source)
    wait_until(lambda: secure.client.committed(group, source, queue) == 2)
    flink.cancel(job)


def test_a_wrong_key_fails_the_job_for_good_and_names_the_account(flink, secure):
    source, copy, group = secure.topic(), secure.topic(), unique("group")
    name = secure.log_in(topics=[source, copy], groups=[group])
    secure.use(name, SECRETS["wrong"])
    job = submit_copy(flink, secure, source, copy, group, FOR_EVER)
    assert flink.wait_status(job, "FAILED") == "FAILED"
    cause = json.dumps(flink.ask(f"/jobs/{job}/exceptions"))
    assert f"to account '{name}'" in cause
    assert SECRETS["wrong"] not in cause
