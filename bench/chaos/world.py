"""All parties of a run, and what they leave in the end."""

import contextlib
import threading
import time

from admin import Admin
from fleet import Fleet
from jobs import Native, OnFlink, group, script
from judge import Message
from links import Links
from plan import MASTERS, NEWCOMER
from servers import Ports
from support.remoting import Queue, RemotingError


class World:
    def __init__(self, plan, folder, options):
        self.plan, self.lock, self.joined = plan, threading.Lock(), threading.Event()
        self.queues = {}  # (topic, broker) → how many
        self.jobs, self.on_flink, self.links_of = {}, None, {}
        self.links = Links()
        self.fleet = Fleet(folder, options.version)
        self.admin = Admin(self.fleet)
        self._folder, self._options = folder, options

    def start(self):
        first = [broker for broker in MASTERS if broker != NEWCOMER]
        self.fleet.start()
        for broker in first:
            for topic, queues in {**self.plan.topics, **{sink: 3 for sink in self.plan.sinks}}.items():
                self.put_topic(broker, topic, queues)
        self.admin.wait_for_topics([*self.plan.topics, *self.plan.sinks], first)
        for job in self.plan.jobs:
            self.jobs[job.name] = self._job(job)
        for job in self.jobs.values():
            job.start()

    def put_topic(self, broker, topic, queues, *permission):
        self.admin.put_topic(broker, topic, queues, *permission)
        self.queues[topic, broker] = queues

    def _job(self, job):
        sql = script(job, self._endpoint(job), "mq" if self.fleet.version.startswith("4") else "mq5")
        if job.flink:
            self.on_flink = OnFlink(job, sql, self._folder, self._options.line)
            return self.on_flink
        return Native(job, sql, self._options.binary, self._folder)

    def _endpoint(self, job):
        """Relays of the job's own, to all servers."""
        ports, chosen = Ports(self._folder), {}
        for name, node in self.fleet.nodes.items():
            chosen[name] = ports.choose()
        brokers = {node.port: chosen[name] for name, node in self.fleet.nodes.items() if node.kind == "broker"}
        for name, node in self.fleet.nodes.items():
            self.links_of[job.name, name] = self.links.add(chosen[name], node.port, brokers if node.kind == "namesrv" else None)
        return ";".join(f"127.0.0.1:{chosen[name]}" for name, node in self.fleet.nodes.items() if node.kind == "namesrv")

    def watch(self):
        for job in self.jobs.values():
            job.watch()

    def _queues(self, client, topic):
        """All that were made, or it fails: what a route lacks for the moment would be neither waited for nor compared."""
        made = {Queue(broker, number) for (of, broker), count in list(self.queues.items()) if of == topic for number in range(count)}
        routed = client.queues(topic)
        if lacking := made - set(routed):
            raise LookupError(f"the route of {topic} lacks " + ", ".join(f"{queue.broker}/{queue.id}" for queue in sorted(lacking)))
        return routed

    def standing(self):
        """What each job's group has committed of how much in the queues that it reads: {job: {queue: (committed, end)}}."""
        with self.admin.client() as client:
            ends = {topic: {queue: client.max_offset(topic, queue) for queue in self._queues(client, topic)} for topic in self.plan.topics}
            return {job.name: {queue: (client.committed(group(job), job.pairs[0].source, queue) or 0, end)
                               for queue, end in ends[job.pairs[0].source].items()} for job in self.plan.jobs}

    def behind(self):
        """What groups have not committed, as a text; empty: nothing."""
        return "; ".join(f"{job} has committed {committed} of {end} of {queue.broker}/{queue.id}"
                         for job, queues in self.standing().items() for queue, (committed, end) in queues.items() if committed < end)

    def drain(self, patience):
        """Waits until all that was written is read, written and committed; gives what is not."""
        end = time.monotonic() + patience
        while True:
            try:
                text = self.behind()
            except (OSError, LookupError, RemotingError) as failure:
                text = f"servers do not answer: {failure}"
            if not text or time.monotonic() > end:
                return text
            self.watch()
            time.sleep(0.3)

    def read(self, topic, patience=120):
        end = time.monotonic() + patience
        while True:
            try:
                with self.admin.client() as client:
                    return [_taken(topic, each) for queue in self._queues(client, topic) for each in client.read_queue(topic, queue)]
            except LookupError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.3)

    def remove(self):
        with contextlib.ExitStack() as all_of_it:  # whatever of it fails
            all_of_it.callback(self.fleet.end)
            all_of_it.callback(self.links.close)
            for job in self.jobs.values():
                all_of_it.callback(job.remove)


def _taken(topic, message):
    text = message.body.decode("utf-8", "replace")
    name, key, number, _ = (text.split(",", 3) + ["", "", ""])[:4]
    return Message(f"{topic}/{message.broker}/{message.queue_id}", message.offset, name, key, int(number) if number.isdigit() else -1,
                   text, message.keys, message.tags, message.store_ms, message.properties.get("UNIQ_KEY"), b"\0" in message.raw_properties)
