"""Real clusters for the whole session, and what the tests have in common."""

import os
import signal
import socket

import pytest

from support.cluster import Cluster
from support.runner import PROGRAM, Job
from support.target import Target, WAYS, target_of


def pytest_addoption(parser):
    parser.addoption("--release", action="store_true", help="as before a release: docs/testing.md says what is left to it")


def pytest_sessionstart(session):
    # What is started in the background may have them ignored, which programs that are tested would then keep to.
    for each in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        if signal.getsignal(each) == signal.SIG_IGN:
            signal.signal(each, signal.default_int_handler if each == signal.SIGINT else signal.SIG_DFL)
    if not session.config.option.collectonly and not os.access(PROGRAM, os.X_OK):
        pytest.exit(f"{PROGRAM} is not there: build it with scripts/build, or set ROCKETLINK", returncode=2)


@pytest.fixture(scope="session")
def release_run(request):
    """For what takes minutes."""
    if not request.config.getoption("--release"):
        pytest.skip("takes minutes: left to the release run")


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


@pytest.fixture(scope="session")
def secure5(tmp_path_factory):
    """A 5.5.0 that takes signed requests over TLS only, from clients with a certificate only."""
    conf = ["tls.server.need.client.auth=require", "proxy.userCacheRefreshSecond=1", "proxy.aclCacheRefreshSecond=1"]
    cluster = Cluster(tmp_path_factory.mktemp("secure5"), "5.5.0", proxy=True, acl=True, tls=True, conf=conf)
    yield cluster
    cluster.remove()


@pytest.fixture(scope="session")
def secure4(tmp_path_factory):
    """A 4.9.7 that takes signed requests only, over TLS or plain."""
    cluster = Cluster(tmp_path_factory.mktemp("secure4"), "4.9.7", acl=True, tls=True, conf=["tls.server.mode=permissive"])
    yield cluster
    cluster.remove()


@pytest.fixture(params=WAYS)
def target(request):
    """Every way in that the connectors promise."""
    return target_of(request, request.param)


@pytest.fixture
def mq5(request):
    return target_of(request, "mq5-namesrv")


@pytest.fixture
def mq4(request):
    return target_of(request, "mq-4.9.7")


@pytest.fixture(params=["mq5-namesrv", "mq-4.9.7"])
def direct(request):
    """Both server lines at their name servers."""
    return target_of(request, request.param)


@pytest.fixture
def closed_port():
    """A port at which nobody listens; others cannot take it either."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


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
