"""A way to reach a cluster: which connector, which address; and the tables that go with it."""

import itertools
import os

from .runner import table

WAYS = ["mq5-namesrv", "mq5-proxy", "mq-4.9.7"]
EARLIEST = {"scan.startup.mode": "earliest"}  # of a source
_numbers = itertools.count(1)


def unique(prefix):
    """A name for a topic or a group that no other test uses."""
    return f"{prefix}-{os.getpid()}-{next(_numbers)}"


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
        return table(name, columns, self.source_options(topic, group, **{"fieldDelimiter": delimiter, **(options or {})}))

    def sink(self, topic, columns="v VARCHAR", options=None, name="dst", delimiter=","):
        """The text of a sink table."""
        return table(name, columns, self.sink_options(topic, **{"fieldDelimiter": delimiter, **(options or {})}))


def target_of(request, name):
    """The way of this name, to the cluster that the session's fixtures run."""
    if name == "mq5-namesrv":
        cluster = request.getfixturevalue("rmq5")
        return Target(cluster, "mq5", cluster.endpoint)
    if name == "mq5-proxy":
        cluster = request.getfixturevalue("rmq5")
        return Target(cluster, "mq5", cluster.proxy_endpoint)
    cluster = request.getfixturevalue("rmq4")
    return Target(cluster, "mq", cluster.endpoint)
