"""Compares what topics hold in the end. Knows nothing of servers and processes.

Whatever the input topic holds has to be in the output: once, as it was, in order. Each further copy is excused by a disturbance of
its job only, and by rules that say which:
 - sent again (a copy before it has its UNIQ_KEY): the first of those was stored at most LEAD before a disturbance began, or by
   SETTLED after it ended: the sink may not have heard that it was stored;
 - read again (its UNIQ_KEY is new): since the reading before it the job began anew, and either the copy of that was stored at most
   one commit interval and LEAD before the job's death, or disturbances from each of which commits may suffer up to
   COMMITS_SETTLED after its end lie between that copy and the death, without a time between them. What was sent before a death may be stored after it where a disturbance holds
   it up. A job that was told to end and did so in good order commits all that it has written, so that its end alone excuses
   nothing.
However many causes there are, a job that writes everything twice is none that works: of a pair's copies only a share may be excused.
What a life had not written when it died is written by the next one, behind what followed it: without keys anywhere, with keys only
where rows went to another queue, as the topic had got or lost one. A life that ended in good order leaves nothing unwritten."""

import collections
import dataclasses

LEAD = 3_000  # ms
SETTLED = 15_000
COMMITS_SETTLED = 40_000  # a broker that fails is left alone for up to 30 s
# Brokers register every 30 s with a name server that has lost them, and a sink asks for its route as often; a row may have waited
# for its old queue as long again.
ROUTES_SETTLED = 120_000
# Of a pair's messages, so many may be there again, and some for each ending that nobody told the job. Runs of some minutes have
# had up to 3.6 %; on a machine at its limit it is more, a job that commits nothing has above 100 %.
EXCUSED_SHARE, EXCUSED_LEAST = 0.25, 2_000
STILL = COMMITS_SETTLED + 60_000  # undisturbed: longer than whatever waits for anything
SHOWN = 5

Message = collections.namedtuple("Message", "queue offset name key number body keys tags store_ms unique in_part")


@dataclasses.dataclass(frozen=True)
class Disturbance:
    """What happened to a job from outside: a fault, or brokers that were late for others too."""
    begin_ms: float
    end_ms: float
    what: str = ""


@dataclasses.dataclass(frozen=True)
class Death:
    """A job ended, and another life of it began."""
    begin_ms: float  # it was told to, or died
    end_ms: float  # the next life began
    orderly: bool = False
    by_itself: bool = False  # nobody told it to


@dataclasses.dataclass
class History:
    """Of one job."""
    commit_ms: float
    disturbances: list = dataclasses.field(default_factory=list)
    deaths: list = dataclasses.field(default_factory=list)
    reroutes: list = dataclasses.field(default_factory=list)  # disturbances, too, or none: a topic that it writes may get or lose queues

    def suffers(self, begin_ms, end_ms):
        """Whether that time is in a disturbance, or so near after one that its job may still have to do with it."""
        return any(each.begin_ms <= end_ms and begin_ms <= each.end_ms + COMMITS_SETTLED for each in self.disturbances)

    def most_excused(self, messages):
        return max(EXCUSED_LEAST, EXCUSED_SHARE * messages) + EXCUSED_LEAST * sum(death.by_itself for death in self.deaths)

    def disturbed(self, at_ms):
        return any(each.begin_ms - LEAD <= at_ms <= each.end_ms + SETTLED for each in self.disturbances)

    def rerouted(self, at_ms):
        return any(each.begin_ms - LEAD <= at_ms <= each.end_ms + ROUTES_SETTLED for each in self.reroutes)

    def excuses_reread(self, first_ms, again_ms):
        return any(self._causes(death, first_ms) for death in self.deaths if self._between(death, first_ms, again_ms))

    def _last_stored(self, death):
        """Until when something may be stored that was sent before a death: a broker that stood still has it before it then."""
        return max([death.end_ms, *(each.end_ms + LEAD for each in self.disturbances
                                    if each.begin_ms <= death.end_ms and death.begin_ms <= each.end_ms)])

    def _causes(self, death, first_ms):
        if not death.orderly and first_ms >= death.begin_ms - self.commit_ms - LEAD:
            return True
        return any(begin_ms - self.commit_ms - LEAD <= first_ms <= settled_ms and begin_ms <= death.end_ms
                   and death.begin_ms <= settled_ms for begin_ms, settled_ms in self._without_commits())

    def _without_commits(self):
        """Times in which no commit need have come through: disturbances, of which the next may begin before one is settled."""
        times = []
        for each in sorted(self.disturbances, key=lambda each: each.begin_ms):
            begin_ms, settled_ms = each.begin_ms, each.end_ms + COMMITS_SETTLED
            if times and begin_ms - self.commit_ms - LEAD <= times[-1][1]:
                begin_ms, settled_ms = times[-1][0], max(times.pop()[1], settled_ms)
            times.append((begin_ms, settled_ms))
        return times

    def left_some(self, first_ms, later_ms):
        """Whether a life between the two may have ended with something unwritten."""
        return any(self._between(death, first_ms, later_ms) for death in self.deaths if not death.orderly)

    def _between(self, death, first_ms, later_ms):
        return first_ms <= self._last_stored(death) and death.begin_ms <= later_ms


@dataclasses.dataclass
class Verdict:
    """The faults found, each as a text."""
    messages: int = 0
    copies: int = 0
    excused: int = 0  # repeats
    lost: list = dataclasses.field(default_factory=list)
    repeated: list = dataclasses.field(default_factory=list)
    reordered: list = dataclasses.field(default_factory=list)
    wrong: list = dataclasses.field(default_factory=list)

    @property
    def good(self):
        return not (self.lost or self.repeated or self.reordered or self.wrong)


def judge(pair, inputs, outputs, history):
    """`inputs` and `outputs`: all messages of the two topics, those of a queue in their order."""
    verdict = Verdict()
    wanted = {message.name: message for message in inputs if pair.wants(message)}
    verdict.messages, verdict.copies = len(wanted), len(outputs)
    whole = {copy.name for copy in outputs if not copy.in_part}
    first, newest, queues_of = {}, {}, collections.defaultdict(set)
    readings = collections.defaultdict(dict)  # name → UNIQ_KEY → its first copy, in the order of these
    for copy in outputs:
        queues_of[copy.key].add(copy.queue)
    # Copies in the order of their storing; a queue's own order is that of its offsets.
    for copy in sorted(outputs, key=lambda each: (each.store_ms, each.queue, each.offset)):
        if copy.in_part and copy.name in whole:  # a broker was killed while it stored it; it was sent again
            continue
        original = wanted.get(copy.name)
        if original is None:
            verdict.wrong.append(f"{place(copy)} holds {copy.name}, which is not to be there")
            continue
        differing = [field for field in ("body", "keys", "tags") if getattr(copy, field) != getattr(original, field)]
        if differing:
            verdict.wrong.append(f"{place(copy)} holds {copy.name} with other {' and '.join(differing)}: "
                                 + ", ".join(f"{getattr(copy, field)!r} for {getattr(original, field)!r}" for field in differing))
        first.setdefault(copy.name, copy)
        earlier = readings[copy.name]
        resent = copy.unique in earlier
        before = earlier[copy.unique] if resent else next(reversed(earlier.values()), None)
        earlier.setdefault(copy.unique, copy)
        if before is not None:
            if history.disturbed(before.store_ms) if resent else history.excuses_reread(before.store_ms, copy.store_ms):
                verdict.excused += 1
            else:
                verdict.repeated.append(f"{copy.name} is at {place(before)} and {'was sent' if resent else 'was read'} again to {place(copy)}")
    if verdict.excused > (most := history.most_excused(verdict.messages)):
        verdict.repeated.append(f"{verdict.excused} copies have a cause, of {verdict.messages} messages: more than {most:.0f}")
    verdict.lost = [f"{name} at {place(message)}" for name, message in wanted.items() if name not in first]
    # Where a queue's order shows: first copies only, by the queue that they came from and, if there are keys, by key.
    for copy in sorted(first.values(), key=lambda each: (each.queue, each.offset)):
        original = wanted[copy.name]
        line = (copy.queue, original.queue, copy.key if pair.keyed else None)
        behind = newest.get(line)
        if behind is not None and original.offset < wanted[behind.name].offset:
            excused = history.left_some(behind.store_ms, copy.store_ms)
            if pair.keyed:
                excused = excused and len(queues_of[copy.key]) > 1 and history.rerouted(behind.store_ms)
            else:  # a batch that is tried again may go behind later ones
                excused = excused or history.disturbed(copy.store_ms)
            if not excused:
                verdict.reordered.append(f"{copy.name} at {place(copy)} stands behind {behind.name}")
        else:
            newest[line] = copy
    return verdict


def place(message):
    return f"{message.queue}:{message.offset} ({message.store_ms})"


Sample = collections.namedtuple("Sample", "begin_ms end_ms committed written")  # what a job has committed of what is there, seen in that time


def stood_still(samples, history):
    """The longest time in ms for which a job that had something to do committed nothing, while nothing was done to it."""
    troubles = sorted((each.begin_ms, each.end_ms) for each in (*history.disturbances, *history.deaths))
    longest, since = 0, None
    for sample in samples:
        if since is None or sample.committed != since.committed or since.committed >= since.written:
            since = sample
        else:
            longest = max(longest, _undisturbed(since.end_ms, sample.begin_ms, troubles))
    return longest


def _undisturbed(begin_ms, end_ms, troubles):
    """The longest part."""
    longest, free = 0, begin_ms
    for begin, end in troubles:
        longest = max(longest, min(begin, end_ms) - free)
        free = max(free, end)
    return max(longest, end_ms - free)
