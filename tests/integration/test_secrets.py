"""A secret of a cluster's environment, looked for in all that a real Flink writes or shows of a job."""

import json
import os
import signal
from pathlib import Path

from support.flink import CHECKPOINTS, Flink
from support.target import EARLIEST, unique
from support.waiting import wait_until
from test_security import SECRETS, secure_target

COPY = "INSERT INTO dst SELECT v FROM src;"


def submit_copy(flink, target, source, copy, group, hidden, before=""):
    [job] = flink.submit(before + CHECKPOINTS + target.source(source, group=group, options={**EARLIEST, **hidden}) +
                         target.sink(copy, options=hidden) + COPY)
    return job


def test_no_secret_is_in_state_logs_plans_or_metrics(tmp_path, request):
    """A JVM's heap dumps and core files are not looked at: they hold what it holds."""
    secure = secure_target(request, "mq5-namesrv")
    source, copy, group = secure.topic(), secure.topic(), unique("group")
    name = secure.log_in(topics=[source, copy], groups=[group])
    variable = "ROCKETLINK_SECRET_FLINK_KEY"
    os.environ[variable] = SECRETS["good"]
    try:
        flink = Flink(tmp_path / "flink", "2.2", "--conf", "env.java.opts.taskmanager=-XX:-CreateCoredumpOnCrash "
                      f"-XX:ErrorFile={tmp_path}/flink/crash-%p.log")
    finally:
        del os.environ[variable]  # so that the client cannot put it in
    try:
        secure.client.send_batch(source, ["a", "b"])
        hidden = {"accessId": name, "accessKey": "${secret_values.flink_key}"}
        job = submit_copy(flink, secure, source, copy, group, hidden)
        secure.client.wait_for(copy, 2, timeout=60)
        wait_until(lambda: flink.checkpoints(job) > 0)
        shown = [json.dumps(flink.ask(f"/jobs/{job}{path}")) for path in ("", "/config", "/plan", "/exceptions", "/checkpoints")]
        shown += flink.metric_names(job)
        tables = secure.source(source, group=group, options=hidden) + secure.sink(copy, options=hidden)
        shown.append(flink.run(tables + "SHOW CREATE TABLE src;\n", expect=0).out)
        shown.append(flink.run(tables + "EXPLAIN " + COPY, expect=0).out)
        flink.stop_with_savepoint(job)
        secure.accounts().change_secret(name, SECRETS["new"])
        failing = submit_copy(flink, secure, source, copy, group, hidden, "SET 'restart-strategy.type' = 'none';\n")
        flink.wait_status(failing, "FAILED")
        shown.append(json.dumps(flink.ask(f"/jobs/{failing}/exceptions")))
        assert f"to account '{name}'" in shown[-1]
        for number in (1, 2):
            os.kill(int(flink.facts[f"PID_TASKMANAGER_{number}"]), signal.SIGSEGV)
        wait_until(lambda: len([path for path in Path(flink.directory).glob("crash-*.log") if "END." in path.read_text()]) == 2)
        files = [path for path in Path(flink.directory).rglob("*") if path.is_file() and path.suffix != ".jar"]
        assert any("savepoint" in str(path) for path in files) and any("taskmanager" in path.name for path in files)
        for secret in SECRETS.values():
            assert not any(secret in text for text in shown)
            assert [path for path in files if secret.encode() in path.read_bytes()] == []
    finally:
        flink.remove()
