"""Real clusters, run by scripts/rocketmq."""

import pathlib
import ssl
import subprocess

from .relay import Relay
from .remoting import Client

ROOT = pathlib.Path(__file__).resolve().parents[3]
_SCRIPT = ROOT / "scripts" / "rocketmq"
# Brokers refuse what has waited for 200 ms, or while a disk is slow: on a slow machine that is up to luck. RocketMqServer.java has the same.
PATIENT = ("waitTimeMillsInSendQueue=60000", "waitTimeMillsInPullQueue=60000", "osPageCacheBusyTimeOutMills=60000")


class Cluster:
    """One name server, one broker, perhaps a proxy, in a folder of their own."""

    def __init__(self, directory, version, proxy=False, conf=(), acl=False, tls=False, patient=True):
        self.directory = str(directory)
        self.version = version
        settings = [argument for each in (*(PATIENT if patient else ()), *conf) for argument in ("--conf", each)]
        flags = [f"--{name}" for name, wanted in (("proxy", proxy), ("acl", acl), ("tls", tls)) if wanted]
        self._facts = self._do("start", "--version", version, *flags, *settings)
        self.tls = self._tls()
        self.client = Client(self.endpoint, self.tls, self.admin)

    @property
    def admin(self):
        """Name and secret of the account that may do everything; None without access control."""
        return (self._facts["ACCESS_ID"], self._facts["ACCESS_KEY"]) if "ACCESS_ID" in self._facts else None

    def file(self, fact):
        """The file CA, CLIENT_CERT or CLIENT_KEY of a cluster with TLS."""
        return self._facts[fact]

    def _tls(self):
        if "CA" not in self._facts:
            return None
        context = ssl.create_default_context(cafile=self.file("CA"))
        context.load_cert_chain(self.file("CLIENT_CERT"), self.file("CLIENT_KEY"))
        return context

    @property
    def endpoint(self):
        return self._facts["ENDPOINT"]

    @property
    def proxy_endpoint(self):
        return self._facts["PROXY_ENDPOINT"]

    @property
    def broker(self):
        return self._facts["BROKER"]

    @property
    def broker_name(self):
        return self._facts["BROKER_NAME"]

    def kill(self, component):
        """SIGKILL to `broker`, `namesrv` or `proxy`."""
        self._do(f"kill-{component}")

    def stop(self, component):
        """SIGTERM to it."""
        self._do(f"stop-{component}")

    def start(self, component):
        """Starts it again on the same port and store."""
        self._do(f"start-{component}")

    def admin_tool(self, *arguments):
        """What mqadmin says."""
        done = subprocess.run([self._facts["ADMIN"], *arguments, "-n", self.endpoint], text=True, timeout=600,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.stdout

    def relay(self):
        return Relay(self.endpoint, self.broker)

    def remove(self):
        self.client.close()
        self._do("stop", "--remove")

    def _do(self, *arguments):
        # It has limits of its own, and ends what it has started.
        done = subprocess.run([_SCRIPT, *arguments, "--dir", self.directory], text=True, timeout=2000,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode:
            raise RuntimeError(f"scripts/rocketmq {' '.join(arguments)} failed:\n{done.stderr}")
        return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
