"""Compares what topics hold in the end. Knows nothing of servers and processes.

Whatever the input topic holds has to be in the output: once, as it was, in order. A second copy is excused by a disturbance of
its job only, and by rules that say which:
 - sent again (the copies have one UNIQ_KEY): the first copy was stored at most LEAD before a disturbance began, or by SETTLED
   after it ended: the sink may not have heard that it was stored;
 - read again (they have different ones): the job began anew between the copies, and either the first copy was stored at most one
   commit interval and LEAD before the job's death, or a disturbance from which commits may suffer up to COMMITS_SETTLED after its
   end lies between the first copy and the death. What was sent before a death may be stored after it where a disturbance holds
   it up. A job that was told to end and did so in good order commits all that it has
   written, so that its end alone excuses nothing.
Rows of a key go to another queue when the topic gets or loses one. What a life had not written to the old queue when it ended, while
it wrote on in the new one, is written there by the next life, behind what it follows."""

import collections
import dataclasses

LEAD = 3_000  # ms
SETTLED = 15_000
COMMITS_SETTLED = 40_000  # a broker that fails is left alone for up to 30 s
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


@dataclasses.dataclass
class History:
    """Of one job."""
    commit_ms: float
    disturbances: list = dataclasses.field(default_factory=list)
    deaths: list = dataclasses.field(default_factory=list)

    def excuses_resent(self, first_ms):
        return any(each.begin_ms - LEAD <= first_ms <= each.end_ms + SETTLED for each in (*self.disturbances, *self.deaths))

    def excuses_reread(self, first_ms, again_ms):
        return any(self._causes(death, first_ms) for death in self.deaths if self._between(death, first_ms, again_ms))

    def _last_stored(self, death):
        """Until when something may be stored that was sent before a death: a broker that stood still has it before it then."""
        return max([death.end_ms, *(each.end_ms + LEAD for each in self.disturbances
                                    if each.begin_ms <= death.end_ms and death.begin_ms <= each.end_ms)])

    def _causes(self, death, first_ms):
        if not death.orderly and first_ms >= death.begin_ms - self.commit_ms - LEAD:
            return True
        return any(each.begin_ms - self.commit_ms - LEAD <= first_ms and each.begin_ms <= death.end_ms
                   and death.begin_ms <= each.end_ms + COMMITS_SETTLED and first_ms <= each.end_ms + COMMITS_SETTLED
                   for each in self.disturbances)

    def began_anew(self, first_ms, later_ms):
        return any(self._between(death, first_ms, later_ms) for death in self.deaths)

    def _between(self, death, first_ms, later_ms):
        return first_ms <= self._last_stored(death) and death.begin_ms <= later_ms

    def disturbed(self, at_ms):
        return self.excuses_resent(at_ms)


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
        before = first.setdefault(copy.name, copy)
        if before is not copy:
            resent = before.unique == copy.unique
            if history.excuses_resent(before.store_ms) if resent else history.excuses_reread(before.store_ms, copy.store_ms):
                verdict.excused += 1
            else:
                verdict.repeated.append(f"{copy.name} is at {place(before)} and {'was sent' if resent else 'was read'} again to {place(copy)}")
    verdict.lost = [f"{name} at {place(message)}" for name, message in wanted.items() if name not in first]
    # Where a queue's order shows: first copies only, by the queue that they came from and, if there are keys, by key.
    for copy in sorted(first.values(), key=lambda each: (each.queue, each.offset)):
        original = wanted[copy.name]
        line = (copy.queue, original.queue, copy.key if pair.keyed else None)
        behind = newest.get(line)
        if behind is not None and original.offset < wanted[behind.name].offset:
            if pair.keyed:
                excused = len(queues_of[copy.key]) > 1 and history.began_anew(behind.store_ms, copy.store_ms)
            else:  # a batch that is tried again may go behind later ones
                excused = history.disturbed(copy.store_ms)
            if not excused:
                verdict.reordered.append(f"{copy.name} at {place(copy)} stands behind {behind.name}")
        else:
            newest[line] = copy
    return verdict


def place(message):
    return f"{message.queue}:{message.offset} ({message.store_ms})"
