"""Access control and TLS, on servers that demand them: both versions, and the proxy."""

import itertools
import os
import subprocess
import time
from signal import SIGABRT

import pytest

from support.accounts import Accounts
from support.runner import run, table
from support.target import WAYS, Target, unique
from support.waiting import PATIENCE

COPY = table("out", "v VARCHAR", {"connector": "print"}) + "INSERT INTO out SELECT v FROM src;"
SECRETS = {"good": "first-secret-3141", "wrong": "wrong-secret-2718", "new": "other-secret-1618"}
_names = itertools.count(1)
_accounts = {}


class Secure(Target):
    """A way to a cluster that demands keys; its tables have TLS and the account that a test sets."""

    account = None
    plain = False

    def accounts(self):
        return _accounts.setdefault(self.cluster.directory, Accounts(self.cluster))

    def log_in(self, **rights):
        """A new account of that topic and group, to be used from now on."""
        self.account = f"account{os.getpid()}n{next(_names)}", SECRETS["good"]
        self.accounts().create(*self.account, **rights)
        return self.account[0]

    def use(self, name, secret):
        self.account = (name, secret)

    def _more(self):
        options = {}
        if self.account:
            options.update(accessId=self.account[0], accessKey=self.account[1])
        if not self.plain:
            options.update({"tls.enabled": "true", "tls.truststore": self.cluster.file("CA"),
                            "tls.keystore": self.cluster.file("CLIENT_CERT"), "tls.keystore-key": self.cluster.file("CLIENT_KEY")})
        return options

    def source_options(self, topic, group=None, **options):
        return super().source_options(topic, group, **{**self._more(), **options})

    def sink_options(self, topic, **options):
        return super().sink_options(topic, **{**self._more(), **options})

    def write(self, topic, expect=0, **options):
        return run(self.sink(topic, options=options) + "INSERT INTO dst VALUES ('a'), ('b');", expect=expect)

    def read(self, topic, group, expect=0, **options):
        return run(self.source(topic, group=group, options=options) + COPY, "--bounded", expect=expect)


def secure_target(request, way):
    cluster = request.getfixturevalue("secure4" if way == "mq-4.9.7" else "secure5")
    endpoint = cluster.proxy_endpoint if way == "mq5-proxy" else cluster.endpoint
    return Secure(cluster, "mq" if way == "mq-4.9.7" else "mq5", endpoint)


@pytest.fixture(params=WAYS)
def secure(request):
    return secure_target(request, request.param)


@pytest.fixture
def secure_mq5(request):
    return secure_target(request, "mq5-namesrv")


@pytest.fixture
def secure_mq4(request):
    return secure_target(request, "mq-4.9.7")


# ---- access control

def test_an_account_with_rights_writes_and_reads_and_commits(secure):
    topic, group = secure.topic(), unique("group")
    secure.log_in(topics=[topic], groups=[group])
    secure.write(topic)
    assert sorted(secure.read(topic, group).rows) == ["+I[a]", "+I[b]"]
    assert secure.read(topic, group).rows == [], "what was read is committed"


def test_access_control_needs_no_tls(secure_mq4):
    topic, group = secure_mq4.topic(), unique("group")
    secure_mq4.log_in(topics=[topic], groups=[group])
    secure_mq4.plain = True
    secure_mq4.write(topic)
    assert sorted(secure_mq4.read(topic, group, startTimeMs="0").rows) == ["+I[a]", "+I[b]"]


@pytest.mark.parametrize("what", ["wrong secret", "unknown account", "no account", "no right to the topic",
                                  "no right to the group"])
def test_what_is_not_permitted_is_said_once_and_at_once(secure, what):
    topic, group = secure.topic(), unique("group")
    name = secure.log_in(topics=[] if what == "no right to the topic" else [topic],
                         groups=[] if what == "no right to the group" else [group])
    if what == "wrong secret":
        secure.use(name, SECRETS["wrong"])
    if what == "unknown account":
        name = "nobodyatall"
        secure.use(name, SECRETS["wrong"])
    if what == "no account":
        secure.account = None
    secure.client.send(topic, "there is something to be read")
    refusals = []
    if what != "no right to the group":  # one row, since 4.9 does not look at the topic of a batch
        refusals.append(run(secure.sink(topic) + "INSERT INTO dst VALUES ('a');", expect=1))
    refusals.append(secure.read(topic, group, expect=1))
    for refusal in refusals:
        assert len(refusal.log.splitlines()) == 1, refusal.log
        assert "does not permit" in refusal.log
        assert ("without an account" if what == "no account" else f"to account '{name}'") in refusal.log
        assert "trying again" not in refusal.log
        assert not any(secret in refusal.log for secret in SECRETS.values())
        if what.startswith("no right"):
            assert (topic if "topic" in what else group) in refusal.log


def test_a_key_that_is_changed_ends_a_running_job_after_few_tries(secure, start):
    topic, group = secure.topic(), unique("group")
    name = secure.log_in(topics=[topic], groups=[group])
    secure.write(topic)
    reading = start(secure.source(topic, group=group) + COPY)
    reading.wait_rows(2)
    secure.accounts().change_secret(name, SECRETS["new"])
    deadline = time.monotonic() + PATIENCE
    while reading.running and time.monotonic() < deadline:  # each message ends a long poll; a proxy looks anew after some
        secure.client.send(topic, "more")
        time.sleep(0.1)
    ended = reading.wait()
    assert ended.code == 1
    assert f"to account '{name}'" in ended.log.splitlines()[-1]
    queues = len(secure.client.queues(topic))
    assert 0 < ended.log.count("trying again") <= queues * 4, ended.log
    assert not any(secret in ended.log for secret in SECRETS.values())


def test_a_sinks_key_that_is_changed_ends_the_job_after_few_tries(secure_mq5, start):
    source, topic, group = secure_mq5.topic(), secure_mq5.topic(queues=1), unique("group")
    secure_mq5.log_in(topics=[source], groups=[group])
    reader = secure_mq5.source(source, group=group)
    name = secure_mq5.log_in(topics=[topic])
    job = start(reader + secure_mq5.sink(topic, options={"sleepTimeMs": "100"}) + "INSERT INTO dst SELECT v FROM src;")
    secure_mq5.client.send(source, "before")
    secure_mq5.client.wait_for(topic, 1)
    secure_mq5.accounts().change_secret(name, SECRETS["new"])
    secure_mq5.client.send(source, "behind")
    ended = job.wait()
    assert ended.code == 1
    assert f"does not permit SEND_MESSAGE_V2 to account '{name}': check signature failed" in ended.log.splitlines()[-1]
    assert [message.text for message in secure_mq5.client.read_all(topic)] == ["before"]


# ---- TLS

def test_tls_failures_are_told_apart(secure_mq5, tmp_path):
    topic, group = secure_mq5.topic(), unique("group")
    secure_mq5.log_in(topics=[topic], groups=[group])
    cluster, taken = secure_mq5.cluster, []

    def failure(expect=1, **options):
        names = {name.replace("_", "-"): value for name, value in options.items()}
        taken.append(time.monotonic())
        log = secure_mq5.read(topic, group, expect=expect, **{f"tls.{name}": value for name, value in names.items()}).log
        taken[-1] = time.monotonic() - taken[-1]
        return log

    assert "comes from a CA that is not trusted" in failure(truststore=cluster.file("CLIENT_CERT"))
    assert "is for localhost, 127.0.0.1, not for 'mq.example.com'" in failure(server_name="mq.example.com")
    assert secure_mq5.read(topic, group, **{"tls.server-name": "localhost"}).code == 0
    assert secure_mq5.read(topic, group, **{"tls.server-name": "x.example", "tls.verify-hostname": "false"}).code == 0
    missing = failure(expect=2, truststore=str(tmp_path / "no.pem"))
    assert "option 'tls.truststore'" in missing and "No such file" in missing
    (tmp_path / "no.pem").write_text("nothing")
    assert "holds no certificate in PEM form" in failure(expect=2, truststore=str(tmp_path / "no.pem"))
    other_key = failure(expect=2, keystore=cluster.file("CA"))
    assert "does not belong to the certificate" in other_key
    assert sorted(taken)[-2] < 9, taken  # at once, which is 10 s before what is tried again; one where the machine stands still


def test_a_server_that_demands_a_client_certificate_says_so(secure_mq5):
    topic, group = secure_mq5.topic(), unique("group")
    secure_mq5.log_in(topics=[topic], groups=[group])
    options = secure_mq5.source_options(topic, group)
    del options["tls.keystore"], options["tls.keystore-key"]
    refused = run(table("src", "v VARCHAR", options) + COPY, "--bounded", expect=1)
    assert "the server demands a client certificate; give 'tls.keystore'" in refused.log
    assert "trying again" not in refused.log


def test_a_server_that_demands_tls_is_suspected_by_a_plain_client(secure_mq5):
    secure_mq5.plain = True
    refused = secure_mq5.read(secure_mq5.topic(), unique("group"), expect=1)
    assert "demands TLS ('tls.enabled' = 'true')" in refused.log


def test_a_server_with_a_certificate_of_its_own_making_is_not_trusted(mq5):
    refused = run(mq5.source(mq5.topic(), options={"tls.enabled": "true"}) + COPY, "--bounded", expect=1)
    assert "comes from a CA that is not trusted" in refused.log


# ---- secrets

def test_no_secret_is_in_anything_that_a_job_says(secure_mq5, start, tmp_path, monkeypatch):
    topic, group = secure_mq5.topic(), unique("group")
    name = secure_mq5.log_in(topics=[topic], groups=[group])
    password = "keystore-password-1414"
    key = tmp_path / "encrypted.key"
    subprocess.run(["openssl", "pkcs8", "-topk8", "-in", secure_mq5.cluster.file("CLIENT_KEY"), "-out", str(key),
                    "-passout", f"pass:{password}"], check=True, capture_output=True)
    environment = {"ROCKETLINK_SECRET_KEY": SECRETS["good"], "ROCKETLINK_SECRET_PASSWORD": password,
                   "ROCKETLINK_SECRET_WRONG": SECRETS["wrong"]}
    options = {"accessKey": "${secret_values.key}", "tls.keystore-key": str(key),
               "tls.keystore-password": "${secret_values.password}"}
    flags = ("--log-level", "debug", "--stats")
    folder = tmp_path / "working"
    folder.mkdir()
    monkeypatch.chdir(folder)
    environment |= {"HOME": str(folder), "TMPDIR": str(folder)}
    said = []

    def job(sql, *more, expect):
        done = run(sql, *flags, *more, expect=expect, environment=environment)
        said.append(done.log + done.out)

    source, sink = secure_mq5.source(topic, group=group, options=options), secure_mq5.sink(topic, options=options)
    job(sink + "INSERT INTO dst VALUES ('a');", expect=0)
    job(source + COPY, "--bounded", expect=0)
    wrong = {**options, "accessKey": "${secret_values.wrong}"}
    job(secure_mq5.source(topic, group=group, options=wrong) + COPY, "--bounded", expect=1)
    job(secure_mq5.sink(topic, options=wrong) + "INSERT INTO dst VALUES ('a');", expect=1)
    closed = {**options, "tls.keystore-password": SECRETS["wrong"]}
    job(secure_mq5.source(topic, group=group, options=closed) + COPY, "--bounded", expect=2)
    job(secure_mq5.source(topic, group=group, options={**options, "acessKey": SECRETS["good"]}) + COPY, expect=2)
    job(secure_mq5.source(topic, group=group, options={"accessKey": SECRETS["good"], "pullBatchSize": "x"}) + COPY + "SELECT",
        expect=2)
    for question in ("EXPLAIN SELECT * FROM src;", "SHOW CREATE TABLE src;", "DESCRIBE src;"):
        job(source + question, expect=2)
    crashing = start(source + sink + COPY, *flags, environment=environment)
    crashing.wait_log("reading")
    crashed = crashing.stop(SIGABRT)
    assert crashed.code == -SIGABRT
    said.append(crashed.log + crashed.out)
    running = start(source + COPY, *flags, environment=environment)
    running.wait_log("reading")
    secure_mq5.accounts().change_secret(name, SECRETS["new"])
    secure_mq5.client.send(topic, "x")
    ended = running.wait()
    said.append(ended.log + ended.out)
    assert all(said)
    assert os.listdir(folder) == [], "a run leaves no file of its own"
    for text in said:
        assert not any(secret in text for secret in (*SECRETS.values(), password))
