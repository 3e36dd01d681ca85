"""Accounts of a cluster with access control, whichever way its version keeps them."""

import pathlib
import time

from .remoting import Client, Queue, RemotingError
from .waiting import PATIENCE


class Accounts:
    """Makes and changes accounts; each change is there when the call returns."""

    def __init__(self, cluster):
        self._cluster = cluster
        self._rules = {}

    def create(self, name, secret, topics=(), groups=(), writes=True):
        """An account that may read (and write) these topics in these groups."""
        if self._cluster.version.startswith("4"):
            perm = "PUB|SUB" if writes else "SUB"
            self._rules[name] = {"secretKey": secret, "topicPerms": [f"{topic}={perm}" for topic in topics],
                                 "groupPerms": [f"{group}=SUB" for group in groups]}
            self._write(name, secret)
            return
        client = self._cluster.client
        client.create_user(name, secret)
        for topic in topics:
            client.permit(name, f"Topic:{topic}", "Sub", "Get", *(["Pub"] if writes else []))
        for group in groups:
            client.permit(name, f"Group:{group}", "Sub", "Get")

    def change_secret(self, name, secret):
        if self._cluster.version.startswith("4"):
            self._rules[name]["secretKey"] = secret
            self._write(name, secret)
        else:
            self._cluster.client.change_secret(name, secret)

    def _write(self, name, secret):
        """4.9 reads its file again when it has changed."""
        admin, key = self._cluster.admin
        lines = ["accounts:", f"- accessKey: {admin}", f"  secretKey: {key}", "  whiteRemoteAddress:", "  admin: true"]
        for account, rules in self._rules.items():
            lines += [f"- accessKey: {account}", f"  secretKey: {rules['secretKey']}", "  whiteRemoteAddress:", "  admin: false",
                      "  defaultTopicPerm: DENY", "  defaultGroupPerm: DENY"]
            for kind in ("topicPerms", "groupPerms"):
                if rules[kind]:
                    lines += [f"  {kind}:", *(f"  - {rule}" for rule in rules[kind])]
        path = pathlib.Path(self._cluster.directory) / "home" / "conf" / "plain_acl.yml"
        path.write_text("\n".join(lines) + "\n")
        deadline = time.monotonic() + PATIENCE
        with Client(self._cluster.endpoint, self._cluster.tls, (name, secret)) as client:
            while True:
                try:
                    client.max_offset("TBW102", Queue(self._cluster.broker_name, 0))
                    return
                except RemotingError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.05)
