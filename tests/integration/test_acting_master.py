"""A slave that the name server gives out as the master while that is away (5.x), with real brokers."""

from signal import SIGCONT, SIGSTOP

import pytest

from support.node import Node
from support.remoting import MAX_OFFSET, QUERY_COMMITTED, Client, Connection
from support.runner import table
from support.target import unique
from support.waiting import wait_until

GET_TOPIC_CONFIG = 351
VERSION, BROKER = "5.5.0", "broker-a"


class Pair:
    """A name server, a master and its slave."""

    def __init__(self, folder):
        self.name_server = Node(folder / "namesrv", VERSION, "namesrv", ("namesrv.supportActingMaster=true",))
        self.endpoint = f"127.0.0.1:{self.name_server.port}"
        self.master, self.slave = (
            Node(folder / role, VERSION, "broker",
                 (f"namesrvAddr={self.endpoint}", f"brokerName={BROKER}", f"brokerId={number}", f"brokerRole={role}",
                  "enableSlaveActingMaster=true", "slaveReadEnable=true", "flushConsumerOffsetInterval=1000"))
            for number, role in enumerate(("ASYNC_MASTER", "SLAVE")))
        self.nodes = [self.name_server, self.master, self.slave]

    def start(self):
        for node in self.nodes:  # a slave that registers before its master hears of it half a minute later
            node.start()
        self.client = Client(self.endpoint)

    def end(self):
        for node in self.nodes:
            node.kill()

    def names_as_master(self, node, topic):
        addresses = {broker["brokerName"]: broker["brokerAddrs"] for broker in self.client.route(topic)["brokerDatas"]}
        return addresses.get(BROKER, {}).get("0") == f"127.0.0.1:{node.port}"

    @staticmethod
    def ask(node, code, topic, **ext):
        """Of the broker itself; None: it refuses."""
        connection = Connection(f"127.0.0.1:{node.port}")
        answer = connection.call(code, {"topic": topic, **ext})
        connection.close()
        return answer if answer.code == 0 else None

    def offset(self, node, code, topic, group=None):
        answer = self.ask(node, code, topic, queueId=0, consumerGroup=group)
        return int(answer.ext["offset"]) if answer else None


@pytest.fixture
def pair(tmp_path):
    servers = Pair(tmp_path)
    try:
        servers.start()
        yield servers
    finally:
        servers.end()


def test_a_job_goes_back_to_the_master_with_its_commits(pair, start):
    topic, group = unique("topic"), unique("group")
    pair.client.create_topic(topic, 1)
    (queue,) = pair.client.queues(topic)

    def text(group, fallback):
        return (table("src", "v VARCHAR", {"connector": "mq5", "endpoint": pair.endpoint, "topic": topic, "consumerGroup": group,
                                           "scan.startup.fallback": fallback,
                                           "scan.partition-discovery.interval": "0 s"})  # which would find the master, too
                + table("out", "v VARCHAR", {"connector": "print"}) + "INSERT INTO out SELECT v FROM src;")

    job_text = text(group, "earliest")

    def committed(node):
        return pair.offset(node, QUERY_COMMITTED, topic, group)

    def rows(begin, end):
        return [f"+I[{number}]" for number in range(begin, end)]

    def write(begin, end):
        for number in range(begin, end):
            pair.client.send(topic, str(number), queue)

    write(0, 50)
    job = start(job_text, "--commit-interval", "200")
    job.wait_rows(50)
    job.wait_until(lambda: committed(pair.master) == 50)
    job.signal(SIGSTOP)
    write(50, 100)
    wait_until(lambda: pair.ask(pair.slave, GET_TOPIC_CONFIG, topic), 240)  # a slave hears of topics and groups every 10 s
    wait_until(lambda: pair.offset(pair.slave, MAX_OFFSET, topic) == 100, 180)
    pair.master.kill()
    wait_until(lambda: pair.names_as_master(pair.slave, topic), 240)
    job.signal(SIGCONT)
    job.wait_rows(100, 180)
    job.wait_until(lambda: committed(pair.slave) == 100, 180)
    newcomer = start(text(unique("newcomers"), "latest"))
    newcomer.wait_log("a slave that acts for it", 180)  # whether its group has committed is for the master to say
    newcomer.kill()
    pair.master.start()
    wait_until(lambda: pair.names_as_master(pair.master, topic), 240)
    job.wait_until(lambda: committed(pair.master) == 100, 300)
    write(100, 110)
    job.wait_rows(110, 180)
    job.wait_until(lambda: committed(pair.master) == 110, 180)
    assert job.rows == rows(0, 110), "nothing twice, nothing left out"
    assert not newcomer.rows
    job.stop()
    again = start(job_text, "--commit-interval", "200")
    write(110, 120)
    assert again.wait_rows(10, 180) == rows(110, 120)
