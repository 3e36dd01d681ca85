"""scripts/rocketmq: a cluster's life, and what it says when something is wrong."""
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = str(ROOT / "scripts" / "rocketmq")


def rocketmq(*arguments, code=0):
    """The KEY=VALUE lines of a command that ends with this code; what it said where that is 1."""
    run = subprocess.run([SCRIPT, *arguments], capture_output=True, text=True, timeout=2000)
    assert run.returncode == code, run.stderr
    return run.stderr if code == 1 else dict(line.split("=", 1) for line in run.stdout.splitlines())


@pytest.mark.parametrize("arguments, message", [
    (["start", "--conf", "brokerName"], "--conf brokerName: write KEY=VALUE, namesrv.KEY=VALUE, proxy.KEY=VALUE or tls.KEY=VALUE"),
    (["start", "--version", "4.9.7", "--proxy"], "RocketMQ 4.9.7 has no proxy: leave out --proxy, or use --version 5.5.0"),
    (["status"], "there is no cluster in"),
    (["kill-broker"], "there is no cluster in"),
])
def test_says_what_is_wrong(tmp_path, arguments, message):
    assert message in rocketmq(*arguments, "--dir", str(tmp_path / "cluster"), code=1)


@pytest.mark.parametrize("version", ["5.5.0", "4.9.7"])
def test_a_killed_broker_comes_back_with_its_ports_and_topics(tmp_path, version):
    at = ["--dir", str(tmp_path / "cluster")]
    try:
        started = rocketmq("start", "--version", version, *at)
        assert started["VERSION"] == version
        created = subprocess.run([started["ADMIN"], "updateTopic", "-t", "kept", "-c", started["CLUSTER"], "-r", "3", "-w", "3"],
                                 capture_output=True, text=True)
        assert "success" in created.stdout

        rocketmq("kill-broker", *at)
        left = rocketmq("status", *at, code=3)
        assert (left["PID_BROKER"], left["PID_NAMESRV"]) == ("", started["PID_NAMESRV"])

        again = rocketmq("start-broker", *at)
        assert (again["BROKER"], again["PID_NAMESRV"]) == (started["BROKER"], started["PID_NAMESRV"])
        route = subprocess.run([started["ADMIN"], "topicRoute", "-t", "kept"], capture_output=True, text=True).stdout
        assert '"readQueueNums":3' in route
    finally:
        rocketmq("stop", "--remove", *at)
    assert not (tmp_path / "cluster").exists()


def test_another_version_in_the_same_folder_is_refused(tmp_path):
    at = ["--dir", str(tmp_path / "cluster")]
    try:
        rocketmq("start", "--version", "4.9.7", *at)
        assert "holds a RocketMQ 4.9.7" in rocketmq("start", "--version", "5.5.0", *at, code=1)
    finally:
        rocketmq("stop", "--remove", *at)


UNLUCKY = """
import importlib.machinery, socket, sys
sys.path.insert(0, "scripts")
import servers
with socket.create_server(("127.0.0.1", 0)) as taken:
    choose, choices = servers.Ports.choose, iter([taken.getsockname()[1]])
    servers.Ports.choose = lambda self, *offsets: next(choices, None) or choose(self, *offsets)
    servers.is_free = lambda port: True
    sys.exit(importlib.machinery.SourceFileLoader("rocketmq", "scripts/rocketmq").load_module().main())
"""


def test_a_port_that_is_taken_before_its_use_is_replaced(tmp_path):
    at = ["--dir", str(tmp_path / "cluster")]
    try:
        run = subprocess.run([sys.executable, "-c", UNLUCKY, "start", *at], cwd=ROOT, capture_output=True, text=True, timeout=2000)
        assert run.returncode == 0, run.stderr
        assert "trying other ports" in run.stderr
        assert "ENDPOINT=127.0.0.1:" in run.stdout
    finally:
        rocketmq("stop", "--remove", *at)
