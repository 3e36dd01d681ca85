"""The command `run`: scripts, ends, commits, errors."""

import fcntl
import os
import re
import resource
import signal
import socket
import stat
import struct
import subprocess
import termios
import time

import pytest

from support.relay import Delay, gaps
from support.remoting import SEND, SEND_BATCH, UPDATE_COMMITTED, Queue
from support.runner import PROGRAM, run, table
from support.target import Target, unique
from support.waiting import PATIENCE, wait_until

OUT = table("out", "v VARCHAR", {"connector": "print"})
COPY = "INSERT INTO out SELECT v FROM src;"
SENDS = (SEND, SEND_BATCH)


def waiting_topic(target, bodies, queues=1):
    topic = target.topic(queues=queues)
    target.client.send_batch(topic, bodies)
    target.client.wait_for(topic, len(bodies))
    return topic


# ---- ends and commits


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_flushes_commits_and_ends_with_0(target, start, number):
    source, topic, group = target.topic(queues=2), target.topic(), unique("group")
    for queue in target.client.queues(source):
        target.client.send_batch(source, [f"{queue.id}-{i}" for i in range(300)], queue)
    job = start(target.source(source, group=group) + target.sink(topic, options={"sink.batch.linger": "10 s"}) + OUT
                + "EXECUTE STATEMENT SET BEGIN INSERT INTO dst SELECT v FROM src; INSERT INTO out SELECT v FROM src; END;",
                "--commit-interval", "600000")
    job.wait_rows(600)
    finished = job.stop(number)
    assert (finished.code, finished.log) == (0, "")
    assert len(target.client.wait_for(topic, 600)) == 600, "what lingered is flushed"
    assert [target.client.committed(group, source, queue) for queue in target.client.queues(source)] == [300, 300]


def test_a_second_run_goes_on_where_a_signal_ended_the_first(mq5, start):
    source, group = waiting_topic(mq5, ["a", "b"]), unique("group")
    job = start(mq5.source(source, group=group) + OUT + COPY)
    job.wait_rows(2)
    assert job.stop().code == 0
    mq5.client.send(source, "c")
    assert run(mq5.source(source, group=group) + OUT + COPY, "--bounded").rows == ["+I[c]"]


def test_a_signal_while_the_broker_does_not_answer_ends_the_job_in_time(relayed, start):
    source, topic = waiting_topic(relayed, ["a"]), relayed.topic()
    relayed.relay.handler = lambda request: Delay(300) if request.code in SENDS else None
    job = start(relayed.source(source) + relayed.sink(topic) + "INSERT INTO dst SELECT v FROM src;")
    relayed.relay.wait_for(1, *SENDS)
    job.stop()


def test_offsets_are_committed_only_after_the_sink_has_acknowledged(relayed, start):
    source, topic, group = waiting_topic(relayed, ["a", "b"]), relayed.topic(queues=1), unique("group")
    relayed.relay.handler = lambda request: Delay(1.5) if request.code in SENDS else None
    start(relayed.source(source, group=group) + relayed.sink(topic) + "INSERT INTO dst SELECT v FROM src;",
          "--commit-interval", "50")
    commit = relayed.relay.wait_for(1, UPDATE_COMMITTED)[0]
    sends = relayed.relay.requests(*SENDS)
    assert all(send.answered_at and send.answered_at <= commit.at for send in sends)
    relayed.relay.wait_for(1, UPDATE_COMMITTED)
    assert commit.ext["commitOffset"] == "2" and commit.ext["consumerGroup"] == group


def test_what_was_not_acknowledged_is_read_again_after_a_kill(relayed, start):
    source, topic, group = waiting_topic(relayed, ["a", "b", "c"]), relayed.topic(queues=1), unique("group")
    relayed.relay.handler = lambda request: Delay(300) if request.code in SENDS else None
    sql = relayed.source(source, group=group) + relayed.sink(topic) + "INSERT INTO dst SELECT v FROM src;"
    job = start(sql, "--commit-interval", "50")
    relayed.relay.wait_for(1, *SENDS)
    time.sleep(0.5)
    job.kill()
    assert relayed.client.committed(group, source, Queue(relayed.broker, 0)) in (None, 0)
    relayed.relay.handler = lambda request: None
    run(sql, "--bounded")
    assert {m.text for m in relayed.client.read_all(topic)} == {"a", "b", "c"}


def commits(target, start, count, prefix="", flags=()):
    """So many commits of one queue while messages trickle in."""
    topic = target.topic(queues=1)
    job = start(prefix + target.source(topic) + OUT + COPY, *flags)

    def enough():
        target.client.send(topic, "x")
        time.sleep(0.05)
        return len(target.relay.requests(UPDATE_COMMITTED)) >= count

    job.wait_until(enough, what=lambda: f"fewer than {count} commits")
    return target.relay.requests(UPDATE_COMMITTED)


@pytest.mark.parametrize("interval, count", [(200, 8), (1500, 6)])
@pytest.mark.parametrize("way", ["flag", "SET", "SET with a unit"])
def test_commit_interval(relayed, start, interval, count, way):
    """Where the machine stands still one commit comes late, and the next one early."""
    prefix = {"flag": "", "SET": f"SET 'execution.checkpointing.interval' = '{interval}';\n",
              "SET with a unit": f"SET 'execution.checkpointing.interval' = '{interval} ms';\n"}[way]
    flags = ("--commit-interval", str(interval)) if way == "flag" else ()
    pauses = sorted(gaps(commits(relayed, start, count, prefix, flags)))
    assert interval * 0.0008 < pauses[len(pauses) // 2] and pauses[1] < interval / 1000 + 0.5, pauses


def test_a_reader_that_goes_away_ends_the_job(mq5):
    topic = waiting_topic(mq5, [str(i) for i in range(100)])
    process = subprocess.Popen([PROGRAM, "run", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write((mq5.source(topic) + OUT + COPY).encode())
    process.stdin.close()
    try:
        process.stdout.readline()
        process.stdout.close()
        mq5.client.send_batch(topic, ["more"] * 500)
        process.wait(PATIENCE)
    finally:
        process.kill()
        process.stderr.close()


def test_a_signal_ends_a_run_whose_output_nobody_reads(mq5):
    topic = waiting_topic(mq5, ["x" * 500] * 1000)
    process = subprocess.Popen([PROGRAM, "run", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    process.stdin.write((mq5.source(topic) + OUT + COPY).encode())
    process.stdin.close()
    try:
        wait_until(lambda: waiting_bytes(process.stdout) >= 60_000)
        begin = time.monotonic()
        process.terminate()
        assert process.wait(PATIENCE) == 1
        assert 29 < time.monotonic() - begin
    finally:
        process.kill()
        process.stdout.close()


def waiting_bytes(pipe):
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0]


def test_what_cannot_be_said_ends_nothing_but_the_saying(mq5):
    with open("/dev/full", "w") as full:
        refused = subprocess.run([PROGRAM, "run", "-"], input=b"nonsense", stderr=full, timeout=PATIENCE)
        assert refused.returncode == 2
        assert subprocess.run([PROGRAM, "options"], stdout=full, stderr=full, timeout=PATIENCE).returncode == 1
        topic = waiting_topic(mq5, ["a", "x,y"])
        done = subprocess.run([PROGRAM, "run", "-", "--bounded", "--stats", "--log-level", "debug"],
                              input=(mq5.source(topic, "i INT", options={"columnErrorDebug": "true"}) + table("out", "i INT", {"connector": "print"})
                                     + "INSERT INTO out SELECT i FROM src;").encode(), stderr=full, stdout=subprocess.PIPE, timeout=PATIENCE)
    assert (done.returncode, done.stdout) == (0, b"")


@pytest.mark.parametrize("arguments, script", [(["options"], ""), (["run", "-"], OUT + "INSERT INTO out VALUES ('" + "x" * 3000 + "');")])
def test_a_limit_of_a_files_size_is_told(tmp_path, arguments, script):
    with open(tmp_path / "out", "w") as out:
        failed = subprocess.run([PROGRAM, *arguments], input=script.encode(), stdout=out, stderr=subprocess.PIPE, timeout=PATIENCE,
                                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048)))
    assert failed.returncode == 1 and b"cannot write to standard output: File too large" in failed.stderr


def test_a_limit_of_the_logs_size_ends_nothing_but_the_saying(mq5, tmp_path):
    topic, group = waiting_topic(mq5, [f"x{i}" for i in range(50)]), unique("group")
    sql = mq5.source(topic, "i INT, j INT", group=group, options={"columnErrorDebug": "true"}) + table("out", "i INT", {"connector": "print"})
    with open(tmp_path / "log", "w") as log:
        done = subprocess.run([PROGRAM, "run", "-", "--bounded"], input=(sql + "INSERT INTO out SELECT i FROM src;").encode(),
                              stdout=subprocess.PIPE, stderr=log, timeout=PATIENCE,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048)))
    assert (done.returncode, done.stdout) == (0, b"") and (tmp_path / "log").stat().st_size == 2048


def test_no_socket_takes_the_number_of_a_closed_stream(mq5, tmp_path):
    topic = waiting_topic(mq5, ["a"])
    script = tmp_path / "job.sql"
    script.write_text(mq5.source(topic) + OUT + COPY)
    closed = ["sh", "-c", 'exec "$0" run "$1" --bounded <&- >&- 2>&-', PROGRAM, str(script)]
    assert subprocess.run(closed, timeout=PATIENCE).returncode == 1, "rows have nowhere to go"
    script.write_text(mq5.source(topic) + mq5.sink(copy := mq5.topic()) + "INSERT INTO dst SELECT v FROM src;")
    assert subprocess.run(closed, timeout=PATIENCE).returncode == 0
    assert [message.text for message in mq5.client.wait_for(copy, 1)] == ["a"]


def test_the_end_says_how_many_records_were_skipped(mq5):
    topic = waiting_topic(mq5, ["1", "x", "y", "z"])
    sql = mq5.source(topic, "n INT") + table("out", "n INT", {"connector": "print"}) + "INSERT INTO out SELECT n FROM src;"
    finished = run(sql, "--bounded")
    assert finished.rows == ["+I[1]"]
    assert finished.log.count("record skipped:") == 1, "the others would be told a minute later"
    assert "source table src: 3 record(s) skipped" in finished.log
    assert "record(s) skipped" not in run(OUT + "INSERT INTO out VALUES ('a');").log


def test_a_directory_is_no_script(tmp_path):
    refused = subprocess.run([PROGRAM, "run", str(tmp_path)], stderr=subprocess.PIPE, text=True, timeout=PATIENCE)
    assert (refused.returncode, refused.stderr) == (2, f"cannot read the script '{tmp_path}': it is a directory\n")


# ---- scripts


def test_several_inserts_side_by_side(target):
    topic = waiting_topic(target, ["1", "2", "3"])
    other, copy = waiting_topic(target, ["x"]), target.topic()
    finished = run(target.source(topic, "n INT") + target.source(other, "w VARCHAR", name="words") + OUT
                   + target.sink(copy, "n INT")
                   + "INSERT INTO out SELECT CAST(n * 10 AS VARCHAR) FROM src WHERE n <> 2;\nINSERT INTO dst SELECT n FROM src;\n"
                   + "INSERT INTO out SELECT UPPER(w) FROM words;", "--bounded")
    assert sorted(finished.rows) == ["+I[10]", "+I[30]", "+I[X]"]
    assert sorted(m.text for m in target.client.wait_for(copy, 3)) == ["1", "2", "3"]


def test_statement_set(mq5):
    topic = waiting_topic(mq5, ["1", "2"])
    finished = run(mq5.source(topic, "n INT") + OUT + "EXECUTE STATEMENT SET BEGIN\n"
                   "INSERT INTO out SELECT CONCAT('a', CAST(n AS VARCHAR)) FROM src;\n"
                   "INSERT INTO out SELECT CONCAT('b', CAST(n AS VARCHAR)) FROM src;\nEND;", "--bounded")
    assert sorted(finished.rows) == ["+I[a1]", "+I[a2]", "+I[b1]", "+I[b2]"]


def test_comments_backquotes_and_views(mq5):
    topic = waiting_topic(mq5, ["1,x", "2,y"])
    sql = ("-- a comment; with a semicolon\n/* and\n another */\n"
           + mq5.source(topic, "`select` INT COMMENT 'it''s a column', `a b` VARCHAR") + OUT
           + "CREATE TEMPORARY VIEW big AS SELECT `a b` AS w FROM src WHERE `select` > 1; -- the rest\n"
           + "INSERT INTO out SELECT CONCAT(w, ';--') FROM big")
    assert run(sql, "--bounded").rows == ["+I[y;--]"]


def test_blackhole_takes_all(mq5):
    topic, group = waiting_topic(mq5, ["1", "2", "3"]), unique("group")
    assert run(mq5.source(topic, group=group) + table("hole", "v VARCHAR", {"connector": "blackhole"})
               + "INSERT INTO hole SELECT v FROM src;", "--bounded").rows == []
    assert mq5.client.committed(group, topic, Queue(mq5.broker, 0)) == 3


@pytest.mark.parametrize("query", ["SELECT CAST(COUNT(*) AS VARCHAR) FROM src", "SELECT DISTINCT v FROM src",
                                   "SELECT v FROM src GROUP BY v", "SELECT v FROM src ORDER BY v"])
def test_stateful_queries_over_a_stream_are_refused_and_told_of_flink(mq5, query):
    refused = run(mq5.source(mq5.topic()) + OUT + f"INSERT INTO out {query};", expect=2)
    assert "--flink" in refused.log


# ---- errors


def test_a_source_topic_that_does_not_exist(target):
    missing = unique("missing")
    failed = run(target.source(missing) + OUT + COPY, "--bounded", expect=1)
    assert missing in failed.log and "does not exist" in failed.log


def test_a_sink_topic_that_does_not_exist_where_brokers_create_none(direct):
    missing = unique("missing")
    direct.client.update_broker_config(autoCreateTopicEnable="false")
    try:
        failed = run(direct.sink(missing) + "INSERT INTO dst VALUES ('x');", expect=1, timeout=PATIENCE)
    finally:
        direct.client.update_broker_config(autoCreateTopicEnable="true")
    assert missing in failed.log


@pytest.mark.parametrize("statement", [COPY, "INSERT INTO dst VALUES ('x');"])
def test_a_wrong_endpoint_is_told_within_bounded_time(mq5, statement, closed_port):
    wrong = f"127.0.0.1:{closed_port}"
    target = Target(mq5.cluster, "mq5", wrong)
    failed = run(target.source("some-topic") + target.sink("some-topic") + OUT + statement, "--bounded", expect=1, timeout=PATIENCE)
    assert wrong in failed.log


def test_an_endpoint_that_accepts_and_never_answers_is_told_within_bounded_time(mq5):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        endpoint = "127.0.0.1:%d" % mute.getsockname()[1]
        failed = run(Target(mq5.cluster, "mq5", endpoint).source("some-topic") + OUT + COPY, "--bounded", expect=1, timeout=PATIENCE)
    assert endpoint in failed.log


def test_errors_of_a_script_say_where_and_end_with_2(mq5, tmp_path):
    script = tmp_path / "job.sql"
    script.write_text(OUT + "INSERT INTO out SELECT nothing FROM nowhere;\n")
    done = subprocess.run([PROGRAM, "run", script], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 2
    assert re.search(r"job\.sql:2:\d+", done.stderr), done.stderr
    assert "nowhere" in done.stderr


def test_an_unknown_option_is_refused_with_the_nearest_name(mq5):
    refused = run(mq5.source("some-topic", options={"startTimeMS": 1, "pulBatchSize": 5}) + OUT + COPY, expect=2)
    assert "pulBatchSize" in refused.log and "pullBatchSize" in refused.log


def test_an_updating_sink_is_refused_at_planning(mq5):
    refused = run(mq5.source("t", "k VARCHAR, v VARCHAR") + mq5.sink("u", "k VARCHAR, c BIGINT")
                  + "INSERT INTO dst SELECT k, COUNT(*) FROM src GROUP BY k;", expect=2)
    assert "dst" in refused.log or "src" in refused.log


def test_a_file_that_is_not_there():
    done = subprocess.run([PROGRAM, "run", "/nowhere/job.sql"], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 2 and "/nowhere/job.sql" in done.stderr


# ---- secrets


SECRET = "a-very-secret-value"


def signed(target, topic, key):
    return target.source(topic, options={"accessId": "someone", "accessKey": key})


@pytest.mark.parametrize("way", ["flag", "file", "environment"])
def test_secrets_are_found_and_never_shown(mq5, way, tmp_path):
    topic = waiting_topic(mq5, ["there"])
    sql = signed(mq5, topic, "${secret_values.the_key}") + OUT + COPY
    flags, environment = (), {}
    if way == "flag":
        flags = ("--secret", f"the_key={SECRET}")
    elif way == "file":
        path = tmp_path / "secrets"
        path.write_text(f"# keys\nthe_key={SECRET}\n")
        path.chmod(0o600)
        flags = ("--secrets-file", str(path))
    else:
        environment = {"ROCKETLINK_SECRET_the_key": SECRET}
    finished = run(sql, "--bounded", "--log-level", "debug", *flags, environment=environment)
    assert finished.rows == ["+I[there]"]
    assert SECRET not in finished.log
    failed = run(sql.replace("'topic'", "'topik'"), "--bounded", *flags, environment=environment, expect=2)
    assert "topik" in failed.log and SECRET not in failed.log


@pytest.mark.parametrize("option", ["endpoint", "encoding", "timeZone"])
def test_a_secret_in_an_option_that_is_none_is_not_shown_either(mq5, option):
    value = "no such thing: " + SECRET
    sql = mq5.source("some-topic", options={option: "${secret_values.it}"}) + OUT + COPY
    refused = run(sql, "--secret", f"it={value}", expect=2)
    assert f"option '{option}' = '${{secret_values.it}}'" in refused.log and SECRET not in refused.log


def test_a_missing_secret_is_named(mq5):
    refused = run(signed(mq5, "some-topic", "${secret_values.nobody}") + OUT + COPY, expect=2)
    assert "there is no secret 'nobody'" in refused.log and "--secret NAME=VALUE" in refused.log


def test_a_secrets_file_that_others_can_read_is_refused(mq5, tmp_path):
    path = tmp_path / "secrets"
    path.write_text(f"the_key={SECRET}\n")
    path.chmod(0o644)
    assert os.stat(path).st_mode & stat.S_IROTH
    refused = run(signed(mq5, "t", "${secret_values.the_key}") + OUT + COPY, "--secrets-file", str(path), expect=2)
    assert str(path) in refused.log and "600" in refused.log and SECRET not in refused.log
