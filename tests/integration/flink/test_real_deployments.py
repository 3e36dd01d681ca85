"""What real deployments need, on real Flinks: delivery by event time, access control, TLS, the proxy, secrets."""

import json
import os
import time
from pathlib import Path

import pytest

from support.flink import Flink
from support.target import WAYS, unique
from test_security import SECRETS, secure_target

CHECKPOINTS = "SET 'execution.checkpointing.interval' = '200 ms';\n"
EARLIEST = {"scan.startup.mode": "earliest"}
COPY = "INSERT INTO dst SELECT v FROM src;"
BY_EVENT_TIME = {"deliveryTimestampMode": "relative", "deliveryTimestampType": "event_time"}


def submit_copy(flink, target, source, copy, group=None, more=None, before="", **options):
    """A job that copies, with these options of its sink; and `more` of both tables."""
    more = more or {}
    [job] = flink.submit(before + CHECKPOINTS + target.source(source, group=group, options={**EARLIEST, **more}) +
                         target.sink(copy, options={**more, **options}) + COPY)
    return job


def submit_once(flink, *arguments, **options):
    return submit_copy(flink, *arguments, before="SET 'restart-strategy.type' = 'none';\n", **options)


def wait_until(condition, timeout=30):
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end, f"it did not happen within {timeout} s"
        time.sleep(0.1)


# ---- delivery time

def test_a_timer_counts_from_the_event_time(flink, mq5):
    source, copy = mq5.topic(), mq5.topic()
    job = submit_copy(flink, mq5, source, copy, **BY_EVENT_TIME, deliveryTimestampValue=2500)
    flink.wait_status(job, "RUNNING")
    mq5.client.send(source, "x")
    [found] = mq5.client.wait_for(copy, 1, timeout=60)
    flink.cancel(job)
    due = mq5.client.read_all(source)[0].store_ms + 2500  # the event time of what a source reads
    assert found.store_ms >= due
    assert int(found.properties.get("TIMER_DELIVER_MS", due)) == due  # none: a slow machine wrote when it had passed


def test_a_delay_level_counts_from_the_event_time(flink, mq4):
    source, copy = mq4.topic(), mq4.topic()
    job = submit_copy(flink, mq4, source, copy, **BY_EVENT_TIME, **{"deliveryTimestampValue": 4500, "delivery.encoding": "delay-level"})
    flink.wait_status(job, "RUNNING")
    mq4.client.send(source, "x")
    [found] = mq4.client.wait_for(copy, 1, timeout=60)
    flink.cancel(job)
    assert found.store_ms >= mq4.client.read_all(source)[0].store_ms + 4500


# ---- access control, TLS, proxy

@pytest.fixture(params=WAYS)
def secure(request):
    return secure_target(request, request.param)


@pytest.fixture
def mq5_of_secure(request):
    return secure_target(request, "mq5-namesrv")


def test_an_account_with_rights_copies_over_tls_and_commits(flink, secure):
    source, copy, group = secure.topic(queues=1), secure.topic(), unique("group")
    secure.log_in(topics=[source, copy], groups=[group])
    secure.client.send_batch(source, ["a", "b"])
    job = submit_copy(flink, secure, source, copy, group)
    assert sorted(message.text for message in secure.client.wait_for(copy, 2, timeout=60)) == ["a", "b"]
    [queue] = secure.client.queues(source)
    wait_until(lambda: secure.client.committed(group, source, queue) == 2)
    flink.cancel(job)


def test_a_wrong_key_fails_the_job_and_names_the_account(flink, secure):
    source, copy, group = secure.topic(), secure.topic(), unique("group")
    name = secure.log_in(topics=[source, copy], groups=[group])
    secure.use(name, SECRETS["wrong"])
    job = submit_once(flink, secure, source, copy, group)
    assert flink.wait_status(job, "FAILED") == "FAILED"
    cause = json.dumps(flink.ask(f"/jobs/{job}/exceptions"))
    assert f"to account '{name}'" in cause
    assert SECRETS["wrong"] not in cause


# ---- secrets

def test_no_secret_is_in_state_logs_plans_or_metrics(tmp_path, mq5_of_secure):
    """All that Flink writes or shows of a job whose key is a secret of its environment; dumps of a JVM's heap are not looked at."""
    secure, source, copy, group = mq5_of_secure, mq5_of_secure.topic(), mq5_of_secure.topic(), unique("group")
    name = secure.log_in(topics=[source, copy], groups=[group])
    variable = "ROCKETLINK_SECRET_FLINK_KEY"
    os.environ[variable] = SECRETS["good"]
    try:
        flink = Flink(tmp_path / "flink", "2.2")
    finally:
        del os.environ[variable]  # so that the client cannot put it in
    try:
        secure.client.send_batch(source, ["a", "b"])
        hidden = {"accessId": name, "accessKey": "${secret_values.flink_key}"}
        job = submit_copy(flink, secure, source, copy, group, more=hidden)
        secure.client.wait_for(copy, 2, timeout=60)
        wait_until(lambda: flink.checkpoints(job) > 0)
        shown = [json.dumps(flink.ask(f"/jobs/{job}{path}")) for path in ("", "/config", "/plan", "/exceptions", "/checkpoints")]
        for vertex in flink.ask(f"/jobs/{job}")["vertices"]:
            metrics = f"/jobs/{job}/vertices/{vertex['id']}/metrics"
            shown.append(json.dumps(flink.ask(metrics)))
        tables = secure.source(source, group=group, options=hidden) + secure.sink(copy, options=hidden)
        shown.append(flink.run(tables + "SHOW CREATE TABLE src;\n", expect=None).out)
        shown.append(flink.run(tables + "EXPLAIN " + COPY, expect=None).out)
        flink.stop_with_savepoint(job)
        secure.accounts().change_secret(name, SECRETS["new"])
        failing = submit_once(flink, secure, source, copy, group, more=hidden)
        flink.wait_status(failing, "FAILED")
        shown.append(json.dumps(flink.ask(f"/jobs/{failing}/exceptions")))
        assert f"to account '{name}'" in shown[-1]
        files = [path for path in Path(flink.directory).rglob("*") if path.is_file() and path.suffix != ".jar"]
        assert any("savepoint" in str(path) for path in files) and any("taskmanager" in path.name for path in files)
        for secret in SECRETS.values():
            assert not any(secret in text for text in shown)
            assert [path for path in files if secret.encode() in path.read_bytes()] == []
    finally:
        flink.remove()
