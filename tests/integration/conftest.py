"""Real clusters for the whole session, and what the tests have in common."""

import itertools
import os

import pytest

from support.cluster import Cluster
from support.runner import PROGRAM, Job, table

_numbers = itertools.count(1)


def pytest_sessionstart(session):
    if not session.config.option.collectonly and not os.access(PROGRAM, os.X_OK):
        pytest.exit(f"{PROGRAM} is not there: build it with scripts/build, or set ROCKETLINK", returncode=2)


def unique(prefix):
    """A name for a topic or a group that no other test uses."""
    return f"{prefix}-{os.getpid()}-{next(_numbers)}"


@pytest.fixture(scope="session")
def rmq5(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("rmq5"), "5.5.0", proxy=True)
    yield cluster
    cluster.remove()


@pytest.fixture(scope="session")
def rmq4(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("rmq4"), "4.9.7")
    yield cluster
    cluster.remove()


class Target:
    """A connector, and the address at which it is to reach a cluster."""

    def __init__(self, cluster, connector, endpoint):
        self.cluster, self.connector, self.endpoint = cluster, connector, endpoint
        self.client = cluster.client
        self.broker = cluster.broker_name

    def topic(self, queues=4):
        """A new topic."""
        name = unique("topic")
        self.client.create_topic(name, queues)
        return name

    def source_options(self, topic, group=None, **options):
        base = {"connector": self.connector, "endpoint": self.endpoint, "topic": topic,
                "consumerGroup": group or unique("group")}
        if self.connector == "mq":
            base["pullIntervalMs"] = "100"
        return {**base, **options}

    def sink_options(self, topic, **options):
        return {"connector": self.connector, "endpoint": self.endpoint, "topic": topic, "producerGroup": unique("producers"),
                **options}

    def source(self, topic, columns="v VARCHAR", group=None, options=None, name="src", delimiter=","):
        """The text of a source table."""
        return table(name, columns, self.source_options(topic, group, fieldDelimiter=delimiter, **(options or {})))

    def sink(self, topic, columns="v VARCHAR", options=None, name="dst", delimiter=","):
        """The text of a sink table."""
        return table(name, columns, self.sink_options(topic, fieldDelimiter=delimiter, **(options or {})))


def _target(request, name):
    if name == "mq5-namesrv":
        cluster = request.getfixturevalue("rmq5")
        return Target(cluster, "mq5", cluster.endpoint)
    if name == "mq5-proxy":
        cluster = request.getfixturevalue("rmq5")
        return Target(cluster, "mq5", cluster.proxy_endpoint)
    cluster = request.getfixturevalue("rmq4")
    return Target(cluster, "mq", cluster.endpoint)


@pytest.fixture(params=["mq5-namesrv", "mq5-proxy", "mq-4.9.7"])
def target(request):
    """Every way in that the connectors promise."""
    return _target(request, request.param)


@pytest.fixture
def mq5(request):
    return _target(request, "mq5-namesrv")


@pytest.fixture
def mq4(request):
    return _target(request, "mq-4.9.7")


@pytest.fixture(params=["mq5-namesrv", "mq-4.9.7"])
def direct(request):
    """Both server lines at their name servers."""
    return _target(request, request.param)


@pytest.fixture
def start():
    """Starts jobs that run in the background, and ends those that a test leaves behind."""
    jobs = []

    def start_job(sql, *flags, **options):
        jobs.append(Job(sql, *flags, **options))
        return jobs[-1]

    yield start_job
    for job in jobs:
        if job.running:
            job.kill()


@pytest.fixture
def relayed(mq5):
    """The 5.5.0 cluster behind a relay that records and disturbs."""
    with mq5.cluster.relay() as relay:
        target = Target(mq5.cluster, "mq5", relay.endpoint)
        target.relay = relay
        yield target


@pytest.fixture
def relayed4(mq4):
    """The 4.9.7 cluster behind a relay."""
    with mq4.cluster.relay() as relay:
        target = Target(mq4.cluster, "mq", relay.endpoint)
        target.relay = relay
        yield target
