"""What a run does: which servers, jobs and faults there are, and when. All of it comes from the seed."""

import dataclasses
import random

SLAVE, NEWCOMER = "broker-a-slave", "broker-c"
MASTERS = ("broker-a", "broker-b", NEWCOMER)
NAME_SERVERS = ("namesrv-1", "namesrv-2")
STORM, CALM = 45, 30  # seconds: faults come in storms, and what follows from them has some time to end
LINK_MODES = ("half-open", "reset", "slow", "delay", "truncate", "refuse")
READ, WRITE = 4, 2  # permissions of a topic


@dataclasses.dataclass(frozen=True)
class Pair:
    """What of one topic is to be in another one."""
    source: str
    sink: str
    keyed: bool = False  # rows with the same key stay in one queue
    tags: tuple = ()  # only messages with these
    remainder: int | None = None  # only messages with numbers n, n mod 2 being that

    def wants(self, message):
        if self.tags and message.tags not in self.tags:
            return False
        return self.remainder is None or message.number % 2 == self.remainder


@dataclasses.dataclass(frozen=True)
class Job:
    """One process, or one job of Flink: one source table and its sinks."""
    name: str
    pairs: tuple
    readers: int = 1
    batch: int = 512  # messages, of a sink
    flink: bool = False
    # Its sends' tries outlast every chain of faults, with 200 ms between them …
    tries: int = 3000
    pause_ms: int = 200

    @property
    def gives_up(self):
        """… but for a job of which some failures are to be for good: that ends it, and its next life loses nothing."""
        return self.tries < 100


@dataclasses.dataclass(frozen=True)
class Fault:
    at: float  # seconds after the begin
    seconds: float  # until it is taken back
    kind: str
    target: str  # a process, a job, or a topic
    detail: tuple = ()

    def __str__(self):
        return f"{self.at:6.1f} s  {self.kind} {self.target} {' '.join(map(str, self.detail))} for {self.seconds:.1f} s"


@dataclasses.dataclass(frozen=True)
class Plan:
    seed: int
    seconds: float
    topics: dict  # source topics, with their queues on each broker
    jobs: tuple
    faults: tuple
    flink: bool

    @property
    def sinks(self):
        return [pair.sink for job in self.jobs for pair in job.pairs]


def make(seed, seconds, flink=False):
    chance = random.Random(f"{seed} world")
    topics = {f"in-{i}": chance.randint(2, 4) for i in range(3)}  # on each of two brokers, so 4 to 8
    jobs = (
        Job("keyed", (Pair("in-0", "out-keyed", keyed=True),), readers=chance.choice((1, 2)), batch=chance.choice((8, 64, 512))),
        Job("round", (Pair("in-1", "out-round"),), readers=chance.choice((1, 2, 3)), batch=chance.choice((8, 64, 512))),
        Job("tagged", (Pair("in-0", "out-tagged", keyed=True, tags=("red", "green")),), batch=chance.choice((8, 512)),
            tries=4, pause_ms=1000),  # a broker that is only at its limit has taken it by then
        Job("split", (Pair("in-2", "out-even", keyed=True, remainder=0), Pair("in-2", "out-odd", remainder=1)),
            readers=chance.choice((1, 2))),
    )
    if flink:
        jobs += (Job("flink", (Pair("in-1", "out-flink", keyed=True),), readers=2, batch=chance.choice((64, 512)), flink=True),)
    return Plan(seed, seconds, topics, jobs, tuple(_faults(seed, seconds, topics, jobs)), flink)


class _Draw:
    """One method for each kind of fault: gives kind, target, seconds and detail."""

    def __init__(self, chance, topics, jobs, longest):
        self._chance, self._topics, self._jobs, self._longest = chance, sorted(topics), jobs, longest
        self._native = [job.name for job in jobs if not job.flink]
        # A job whose source's topic may not be read any more ends, which Flink takes for final: what it reads stays readable.
        of_flink = {pair.source for job in jobs if job.flink for pair in job.pairs}
        pairs = [pair for job in jobs for pair in job.pairs]
        self._closable = sorted({(pair.source, READ) for pair in pairs if pair.source not in of_flink}
                                | {(pair.sink, WRITE) for pair in pairs})

    def some(self, least, most):
        """Mostly short, sometimes long."""
        return round(least + (min(most, self._longest) - least) * self._chance.random() ** 2, 2)

    def killed(self, names, most):
        return "kill", self._chance.choice(names), self.some(0, most), ()

    def paused(self, names):
        return "pause", self._chance.choice(names), self.some(0.3, 12), ()

    def stopped(self):
        return "stop", self._chance.choice(self._native), self.some(0, 3), ()

    def link(self, mode):
        amount = {"slow": self._chance.choice((2_000, 20_000, 200_000)), "delay": self.some(0.05, 2.5)}.get(mode)  # bytes/s, s
        servers = self._chance.choice((*MASTERS[:2], SLAVE, *NAME_SERVERS, "brokers", "all"))
        return "link", self._chance.choice(self._jobs).name, self.some(0.5, 12), (mode, servers, amount)

    def grown(self):
        return "grow", self._chance.choice(self._topics), 0, (self._chance.choice(MASTERS[:2]),)

    def closed(self):
        topic, permission = self._chance.choice(self._closable)
        return "close", topic, self.some(1, 8), (self._chance.choice(MASTERS[:2]), permission)

    def any(self):
        runners, managers = self._native, ("taskmanager-1", "taskmanager-2")
        kinds = [(4, self.killed, MASTERS, 8), (1, self.killed, (SLAVE,), 8), (2, self.killed, NAME_SERVERS, 12), (4, self.killed, runners, 3),
                 (3, self.paused, MASTERS), (1, self.paused, (SLAVE,)), (1, self.paused, NAME_SERVERS), (1, self.paused, runners),
                 (4, self.stopped), *((2, self.link, mode) for mode in LINK_MODES), (1, self.grown), (2, self.closed)]
        if len(self._native) < len(self._jobs):
            kinds += [(3, self.killed, managers, 3), (1, self.paused, managers)]
        [(_, draw, *arguments)] = self._chance.choices(kinds, [kind[0] for kind in kinds])
        return draw(*arguments)


def _faults(seed, seconds, topics, jobs):
    chance = random.Random(f"{seed} faults")
    short = seconds < 60
    draw = _Draw(chance, topics, jobs, longest=5 if short else 12)
    last = seconds - min(5, seconds / 4)
    faults = []
    at = min(5, seconds / 6)
    while at < last:
        if at % (STORM + CALM) < STORM:
            kind, target, length, detail = draw.any()
            faults.append(Fault(round(at, 2), length, kind, target, detail))
        at += chance.expovariate(1 / (2.0 if short else 3.5))
    faults.append(Fault(round(last * (0.3 if short else chance.uniform(0.1, 0.6)), 2), 0, "join", NEWCOMER))
    if seconds >= 240:
        faults.append(Fault(round(seconds / 2, 2), 0, "roll", "brokers"))
    return sorted(faults, key=lambda fault: fault.at)
