"""Topics on single brokers, and questions that sit out the death of a name server. Straight to the servers, past the relays."""

import time

from support.remoting import UPDATE_TOPIC, Client, Connection, Queue


class Admin:
    def __init__(self, fleet):
        self._fleet = fleet

    def client(self):
        """Of the first name server that answers, with the masters that it knows; for one thread."""
        for name_server in self._fleet.name_servers:
            try:
                Connection(name_server, timeout=2).close()
                client = Client(name_server)
                client.brokers()
                return client
            except OSError:
                continue
        raise ConnectionError("no name server answers")

    def put_topic(self, broker, topic, queues, permission=6):
        """Creates or changes a topic on one broker."""
        connection = Connection(f"127.0.0.1:{self._fleet.nodes[broker].port}", timeout=60)
        try:
            response = connection.call(UPDATE_TOPIC, {
                "topic": topic, "defaultTopic": "TBW102", "readQueueNums": queues, "writeQueueNums": queues, "perm": permission,
                "topicFilterType": "SINGLE_TAG", "topicSysFlag": 0, "order": "false"})
        finally:
            connection.close()
        if response.code:
            raise RuntimeError(f"{broker} did not take {topic}: {response.code} {response.remark}")

    def wait_for_topics(self, topics, brokers, timeout=300):
        """Waits until both name servers know them."""
        end = time.monotonic() + timeout
        for name_server in self._fleet.name_servers:
            client = Client(name_server)
            for topic in topics:
                while set(brokers) - {queue.broker for queue in client.queues(topic)}:
                    if time.monotonic() > end:
                        raise TimeoutError(f"{name_server} does not know {topic} on {brokers} within {timeout} s")
                    time.sleep(0.2)
            client.close()


def writable_queues(client, topic):
    route = client.route(topic)
    return [] if route is None else [Queue(data["brokerName"], number) for data in route["queueDatas"] if data["perm"] & 2
                                     for number in range(data["writeQueueNums"])]
