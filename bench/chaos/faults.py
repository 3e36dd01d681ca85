"""Carries the faults of a plan out, each on a thread of its own, and takes them back."""

import threading
import time

from judge import Disturbance
from links import HEALTHY
from plan import LINK_MODES, MASTERS, NAME_SERVERS, NEWCOMER, SLAVE


class Faults:
    def __init__(self, world, say):
        self._world, self._say = world, say
        self._busy, self._lock = set(), threading.Lock()
        self._threads, self._failures = [], []
        self.done = []  # kinds
        self._begun = time.monotonic()

    def run(self, faults, tick):
        """Begins each at its time; `tick` is called all the while."""
        self._begun = time.monotonic()
        for fault in faults:
            while time.monotonic() < self._begun + fault.at:
                tick()
                time.sleep(0.05)
            self._threads.append(threading.Thread(target=self._perform, args=(fault,), daemon=True))
            self._threads[-1].start()

    def wait(self, tick):
        """Until all are taken back."""
        while any(thread.is_alive() for thread in self._threads):
            tick()
            time.sleep(0.1)
        if self._failures:
            raise self._failures[0]

    def _perform(self, fault):
        claimed = self._claim(fault)
        if claimed is None:
            self._say(f"{fault}: left out, as something else happens there")
            return
        self._say(str(fault))
        begin = time.time() * 1000
        try:
            jobs = getattr(self, f"_{fault.kind}")(fault)
        except Exception as failure:
            self._failures.append(failure)
            self._say(f"{fault} FAILED: {failure}")
            return
        finally:
            with self._lock:
                self._busy -= claimed
        self.done.append(fault.detail[0] if fault.kind == "link" else fault.kind)
        disturbance = Disturbance(begin, time.time() * 1000, str(fault))
        for job in jobs:
            self._world.jobs[job].history.disturbances.append(disturbance)
        for job in self._world.jobs.values():
            if reroutes(fault, job.job):
                job.history.reroutes.append(disturbance)

    def _claim(self, fault):
        """What of the world it needs for itself: of the name servers one is always left alone."""
        if fault.kind == "link":
            wanted = {(fault.target, server) for server in self._servers(fault.detail[1])}
        elif fault.kind in ("grow", "close"):
            wanted = {(fault.target, fault.detail[0]), fault.detail[0]}
        else:
            wanted = {fault.target}
        if fault.target in NAME_SERVERS:
            wanted = {"name servers"}
        if NEWCOMER in wanted and fault.kind != "join" and not self._world.joined.is_set():
            return None
        return wanted if self._take(wanted) else None

    def _take(self, wanted):
        with self._lock:
            if wanted & self._busy:
                return False
            self._busy |= wanted
            return True

    def _servers(self, scope):
        return {"all": (*MASTERS, SLAVE, *NAME_SERVERS), "brokers": (*MASTERS, SLAVE)}.get(scope, (scope,))

    # ---- one for each kind: gives the names of the jobs that it concerns

    def _kill(self, fault):
        return self._away(fault, "kill")

    def _stop(self, fault):
        self._away(fault, "stop")
        return []  # its orderly end is no excuse for anything

    def _away(self, fault, how):
        world = self._world
        if fault.target in world.jobs:
            job = world.jobs[fault.target]
            getattr(job, how)()
            time.sleep(fault.seconds)
            job.start_again()
            return []  # the job's deaths say what they excuse
        if fault.target.startswith("taskmanager"):
            world.on_flink.kill_part(fault.target)
            time.sleep(fault.seconds)
            world.on_flink.start_part(fault.target)
            return [world.on_flink.job.name]
        node = world.fleet.nodes[fault.target]
        node.kill()
        time.sleep(fault.seconds)
        node.start()
        return list(world.jobs)

    def _pause(self, fault):
        world = self._world
        if fault.target.startswith("taskmanager"):
            world.on_flink.pause_part(fault.target)
            time.sleep(fault.seconds)
            world.on_flink.go_on_part(fault.target)
            return [world.on_flink.job.name]
        party = world.jobs[fault.target] if fault.target in world.jobs else world.fleet.nodes[fault.target]
        party.pause()
        try:
            time.sleep(fault.seconds)
        finally:
            party.go_on()
        return [fault.target] if fault.target in world.jobs else list(world.jobs)

    def _link(self, fault):
        mode, scope, amount = fault.detail
        assert mode in LINK_MODES
        links = [self._world.links_of[fault.target, server] for server in self._servers(scope)]
        self._world.links.set(links, mode, amount)
        time.sleep(fault.seconds)
        self._world.links.set(links, HEALTHY)
        return [fault.target]

    def _grow(self, fault):
        [broker] = fault.detail
        with self._world.lock:
            queues = self._world.queues[fault.target, broker] + 1
            self._world.put_topic(broker, fault.target, queues)
        return []

    def _close(self, fault):
        """Takes one permission of a topic on one broker, and gives it back."""
        broker, permission = fault.detail
        world = self._world
        queues = world.queues[fault.target, broker]
        world.put_topic(broker, fault.target, queues, 6 - permission)
        time.sleep(fault.seconds)
        world.put_topic(broker, fault.target, queues)
        return [name for name, job in world.jobs.items() if any(fault.target in (pair.source, pair.sink) for pair in job.job.pairs)]

    def _join(self, fault):
        world = self._world
        world.fleet.nodes[NEWCOMER].start()
        for topic in (*world.plan.topics, *world.plan.sinks):
            world.put_topic(NEWCOMER, topic, 2)
        world.joined.set()
        return []

    def _roll(self, fault):
        """One broker after the other, in good order, when nothing else happens to it."""
        for name in (*MASTERS, SLAVE):
            while not self._take({name}):
                time.sleep(0.1)
            node = self._world.fleet.nodes[name]
            if node.runs:
                node.stop()
                node.start()
            with self._lock:
                self._busy.discard(name)
        return list(self._world.jobs)


def reroutes(fault, job):
    """Whether by it a topic that the job writes may get or lose queues, in the eyes of a name server at least."""
    if fault.kind in ("grow", "close"):
        return any(fault.target == pair.sink for pair in job.pairs)
    return fault.kind in ("join", "roll") or fault.kind == "kill" and fault.target in (*MASTERS, *NAME_SERVERS)
