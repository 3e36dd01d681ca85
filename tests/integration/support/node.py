"""Single processes of RocketMQ, each of a cluster of scripts/rocketmq with a folder of its own: for what one name server and one
broker cannot show."""

import contextlib
import importlib.machinery
import importlib.util
import os
import signal
import sys
import threading
import time

from .cluster import ROOT
from .remoting import Connection

sys.path.insert(0, str(ROOT / "scripts"))
_loader = importlib.machinery.SourceFileLoader("rocketmq_script", str(ROOT / "scripts" / "rocketmq"))
rocketmq = importlib.util.module_from_spec(importlib.util.spec_from_loader(_loader.name, _loader))
_loader.exec_module(rocketmq)
# Many of them share a machine: smaller, and compiled once.
rocketmq.HEAP["broker"] = ["-Xms128m", "-Xmx512m", "-XX:MaxDirectMemorySize=512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
_PATIENCE = 600  # seconds, for a start on a busy machine


class _Patient(rocketmq.Cluster):
    """On a busy machine a broker may need some time for its answer, too."""

    def broker_answers(self):
        try:
            with contextlib.closing(Connection(f"127.0.0.1:{self.settings['ports']['broker']}", timeout=20)) as connection:
                return connection.call(rocketmq.GET_BROKER_RUNTIME_INFO, {}).code == 0
        except OSError:
            return False


class Node:
    """One process: `namesrv` or `broker`."""

    def __init__(self, folder, version, kind, conf=()):
        self.kind = kind
        self._cluster = _Patient(folder)
        self._cluster.create(version, False, False, False, conf)

    @property
    def ports(self):
        return self._cluster.settings["ports"]

    @property
    def port(self):
        return self.ports[self.kind]

    @property
    def runs(self):
        return self._cluster.pid(self.kind) is not None

    @property
    def log(self):
        return self._cluster.log(self.kind)

    def start(self):
        self._cluster.start(self.kind, _PATIENCE)

    def kill(self):
        self._cluster.end([self.kind], signal.SIGKILL)

    def stop(self):
        self._cluster.end([self.kind], signal.SIGTERM)

    def pause(self):
        os.kill(self._cluster.pid(self.kind), signal.SIGSTOP)

    def go_on(self):
        if (pid := self._cluster.pid(self.kind)) is not None:
            os.kill(pid, signal.SIGCONT)


def start_all(nodes):
    """Side by side."""
    failures = []

    def start(node):
        try:
            node.start()
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=start, args=(node,)) for node in nodes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
