"""The RocketMQ of a run: two name servers, two masters of which one has a slave, and a third master that joins later. Each is a
cluster of scripts/rocketmq, in a folder of its own, of which one process is started.

A master acknowledges what is on its disk (SYNC_FLUSH) and, with a slave, there too (SYNC_MASTER): so what brokers lose when
they are killed was not acknowledged."""

from plan import MASTERS, NAME_SERVERS, NEWCOMER, SLAVE
from support.node import Node, start_all


class Fleet:
    def __init__(self, folder, version):
        self.version = version
        self.nodes = {name: Node(folder / name, version, "namesrv") for name in NAME_SERVERS}
        self.name_servers = [f"127.0.0.1:{self.nodes[name].port}" for name in NAME_SERVERS]
        for name in (*MASTERS, SLAVE):
            self.nodes[name] = Node(folder / name, version, "broker", self._conf(name))

    def _conf(self, name):
        role = "SLAVE" if name == SLAVE else "SYNC_MASTER" if SLAVE.startswith(name) else "ASYNC_MASTER"
        return (f"brokerName={MASTERS[0] if name == SLAVE else name}", f"brokerId={int(name == SLAVE)}", f"brokerRole={role}",
                f"flushDiskType={'ASYNC_FLUSH' if name == SLAVE else 'SYNC_FLUSH'}", f"namesrvAddr={';'.join(self.name_servers)}",
                "flushConsumerOffsetInterval=1000", "autoCreateTopicEnable=false")

    def start(self):
        """All but the one that joins later."""
        start_all([self.nodes[name] for name in NAME_SERVERS])
        start_all([self.nodes[name] for name in (*MASTERS, SLAVE) if name != NEWCOMER])

    def end(self):
        for node in self.nodes.values():
            node.kill()
