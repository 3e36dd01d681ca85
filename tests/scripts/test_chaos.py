"""bench/chaos: its judge finds each kind of fault, and its plans come from the seed alone."""
import shlex
import signal
import sys
import time
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"
sys.path[:0] = [str(BENCH / "chaos"), str(BENCH)]
import jobs
import plan as plans
import world
from faults import reroutes
from judge import (COMMITS_SETTLED, EXCUSED_LEAST, LEAD, ROUTES_SETTLED, SETTLED, Death, Disturbance, History, Message, Sample, judge,
                   stood_still)
from loader import Loader, name_of
from progress import Progress
from support.remoting import Queue, Response

PAIR = plans.Pair("in", "out", keyed=True)
COMMIT_MS = 1000


def source(count=6, queue="in/a/0"):
    return [Message(queue, number, f"{queue}/{number}", f"key-{number % 2}", number, f"body {number}", f"{queue}/{number}",
                    "red" if number % 2 else "green", 1000 + number, f"S{number}", False) for number in range(count)]


def copies(messages, queue="out/b/0", begin=0, at_ms=100_000, life=1):
    """As one life of a job writes them."""
    return [message._replace(queue=queue, offset=begin + place, store_ms=at_ms + place, unique=f"{life}-{message.number}")
            for place, message in enumerate(messages)]


def found(inputs, outputs, pair=PAIR, **history):
    verdict = judge(pair, inputs, outputs, History(COMMIT_MS, **history))
    return {fault: len(texts) for fault in ("lost", "repeated", "reordered", "wrong") if (texts := getattr(verdict, fault))}


def test_a_true_copy_is_good():
    inputs = source() + source(queue="in/a/1")
    outputs = copies(source()) + copies(source(queue="in/a/1"), queue="out/b/1")
    assert found(inputs, outputs) == {}


def test_a_lost_one_is_found_and_named():
    outputs = copies(source())
    del outputs[3]
    assert judge(PAIR, source(), outputs, History(COMMIT_MS)).lost == ["in/a/0/3 at in/a/0:3 (1003)"]


def test_what_the_pair_does_not_want_is_neither_lost_nor_right():
    pair = plans.Pair("in", "out", tags=("red",))
    red = [message for message in source() if message.tags == "red"]
    assert found(source(), copies(red), pair) == {}
    assert found(source(), copies(source()), pair) == {"wrong": 3}
    even = plans.Pair("in", "out", remainder=0)
    assert found(source(), copies([message for message in source() if message.number % 2 == 0]), even) == {}


@pytest.mark.parametrize("change", [{"body": "another"}, {"keys": None}, {"tags": "blue"}, {"name": "in/a/0/99"}])
def test_a_wrong_one_is_found(change):
    outputs = copies(source())
    outputs[5] = outputs[5]._replace(**change)
    assert found(source(), outputs) == {"wrong": 1, **({"lost": 1} if "name" in change else {})}


def test_one_stored_in_part_counts_only_if_it_was_not_sent_again():
    outputs = copies(source())
    torn = outputs[5]._replace(keys=None, in_part=True)
    assert found(source(), [*outputs, torn._replace(offset=6, store_ms=100_010)]) == {}
    assert found(source(), [*outputs[:5], torn]) == {"wrong": 1}


def test_one_out_of_order_is_found_by_key():
    messages = source()
    swapped = [messages[2], messages[0], *messages[3:], messages[1]]
    assert found(messages, copies(swapped)) == {"reordered": 2}  # of key 0 one, of key 1 one
    apart = [messages[1], messages[0], *messages[2:]]
    assert found(messages, copies(apart)) == {}  # keys are lines of their own
    assert found(messages, copies(apart), plans.Pair("in", "out")) == {"reordered": 1}


def test_without_keys_order_may_change_where_something_has_happened():
    messages = source()
    apart = copies([messages[1], messages[0], *messages[2:]])
    pair = plans.Pair("in", "out")
    assert found(messages, apart, pair, disturbances=[Disturbance(100_000, 101_000)]) == {}
    assert found(messages, copies([messages[2], *messages[:2], *messages[3:]]), disturbances=[Disturbance(100_000, 101_000)]) == {"reordered": 1}


@pytest.mark.parametrize("death, good", [
    (Death(100_002, 100_400), True),  # it had not written the first when it died
    (Death(100_002, 100_400, orderly=True), False),  # it writes what it has read
    (Death(100_510, 100_600), False),  # both are of one life
])
def test_without_keys_the_next_life_writes_what_the_last_one_had_not(death, good):
    messages = source()
    late = [*copies(messages[1:]), *copies(messages[:1], begin=5, at_ms=100_500, life=2)]
    assert found(messages, late, plans.Pair("in", "out"), deaths=[death]) == ({} if good else {"reordered": 1})


@pytest.mark.parametrize("death, reroute, moved, good", [
    (Death(100_200, 100_300), Disturbance(99_000, 99_500), True, True),
    (Death(100_200, 100_300), Disturbance(90_000, 100_004 - ROUTES_SETTLED), True, True),
    (Death(100_200, 100_300), Disturbance(-90_000, 99_990 - ROUTES_SETTLED), True, False),  # it had its queue for long
    (Death(100_200, 100_300), Disturbance(100_010 + LEAD, 104_000), True, False),  # it still had it
    (Death(100_200, 100_300), None, True, False),
    (Death(100_200, 100_300, orderly=True), Disturbance(99_000, 99_500), True, False),  # it had written all
    (None, Disturbance(99_000, 99_500), True, False),  # of one life
    (Death(100_200, 100_300), Disturbance(99_000, 99_500), False, False),  # always in one queue
])
def test_a_key_that_changed_its_queue_may_be_out_of_order_over_a_death_only(death, reroute, moved, good):
    messages = source()
    late = [*copies(messages[1:]), *copies(messages[:1], begin=5, at_ms=100_500, life=2)]  # the old queue never had it
    inputs = messages
    if moved:
        other = [messages[0]._replace(queue="in/a/1", name="in/a/1/0")]
        inputs, late = [*messages, *other], [*late, *copies(other, queue="out/c/0")]
    history = {"deaths": [death] if death else [], "reroutes": [reroute] if reroute else []}
    assert found(inputs, late, **history) == ({} if good else {"reordered": 1})


def test_a_repeated_copy_does_not_count_for_order():
    messages = source()
    outputs = copies(messages) + copies(messages[4:], begin=6, at_ms=100_500, life=2)
    assert found(messages, outputs, deaths=[Death(100_200, 100_300)]) == {}


def again(at_ms, life):
    """All of it, and the last one once more at that time."""
    return [*copies(source()), *copies(source()[5:], begin=6, at_ms=at_ms, life=life)]


def test_repeats_without_a_cause_are_found():
    assert found(source(), again(100_500, life=1)) == {"repeated": 1}
    assert found(source(), again(100_500, life=2)) == {"repeated": 1}


@pytest.mark.parametrize("begin, end, good", [
    (100_000, 100_200, True),
    (100_000 + LEAD, 100_200 + LEAD, True),
    (100_010 + LEAD, 100_200 + LEAD, False),  # it began after the sink must have heard
    (80_000, 100_000 - SETTLED + 10, True),
    (80_000, 100_000 - SETTLED, False),  # it had ended long before
])
def test_sent_again_is_excused_by_a_disturbance_at_its_time(begin, end, good):
    assert found(source(), again(110_000, life=1), disturbances=[Disturbance(begin, end)]) == ({} if good else {"repeated": 1})


@pytest.mark.parametrize("again_ms, death, disturbances, good", [
    (110_000, Death(101_000, 101_500), [], True),
    (110_000, Death(100_000 + COMMIT_MS + LEAD, 106_000), [], True),
    (110_000, Death(100_010 + COMMIT_MS + LEAD, 106_000), [], False),  # the commit before must have held it
    (110_000, Death(101_000, 101_500, orderly=True), [], False),
    (110_000, Death(101_000, 101_500, orderly=True), [Disturbance(100_500, 101_200)], True),
    (110_000, Death(106_000, 106_500), [Disturbance(100_500, 101_200)], True),  # commits may not yet have worked again
    (110_000, Death(106_000, 106_500), [Disturbance(104_500, 105_200)], False),  # by then it must have been committed
    (150_000, Death(101_300 + COMMITS_SETTLED, 142_000), [Disturbance(100_500, 101_200)], False),
    # One after the other, so that no commit came through between them; and with a time between them.
    (250_000, Death(171_000, 172_000), [Disturbance(130_000, 140_000), Disturbance(100_500, 101_200)], True),
    (250_000, Death(171_000, 172_000), [Disturbance(150_000, 160_000), Disturbance(100_500, 101_200)], False),
    (110_000, Death(90_000, 90_500), [Disturbance(91_000, 101_200)], False),  # no life began between the copies
    (110_000, Death(112_000, 112_500), [Disturbance(89_000, 112_200)], False),
    (110_000, Death(98_000, 98_500), [Disturbance(97_000, 100_000)], True),  # it was held up on its way
    (110_000, Death(98_000, 98_500), [Disturbance(99_000, 100_000)], False),
])
def test_read_again_is_excused_by_a_death_in_between_and_a_commit_that_was_not(again_ms, death, disturbances, good):
    history = {"deaths": [death], "disturbances": disturbances}
    assert found(source(), again(again_ms, life=2), **history) == ({} if good else {"repeated": 1})


@pytest.mark.parametrize("death", [Death(100_100, 100_400), Death(100_100, 100_400, orderly=True)])
def test_a_death_alone_has_nothing_sent_again(death):
    assert found(source(), again(110_000, life=1), deaths=[death]) == {"repeated": 1}


@pytest.mark.parametrize("third, causes, good", [
    (2, {}, False),
    (3, {}, False),
    (2, {"disturbances": [Disturbance(109_000, 110_000)]}, True),
    (3, {"deaths": [Death(101_000, 101_500), Death(112_000, 112_500)]}, True),
    (3, {"deaths": [Death(101_000, 101_500), Death(150_000, 150_500)]}, False),  # the second had been committed by then
])
def test_each_further_copy_needs_a_cause_of_its_own(third, causes, good):
    outputs = [*again(110_000, life=2), *copies(source()[5:], begin=7, at_ms=170_000, life=third)]
    assert found(source(), outputs, **{"deaths": [Death(101_000, 101_500)], **causes}) == ({} if good else {"repeated": 1})


@pytest.mark.parametrize("count, deaths, good", [
    (EXCUSED_LEAST, 1, True),
    (EXCUSED_LEAST + 1, 1, False),
    (EXCUSED_LEAST + 1, 2, True),  # of the second one nobody told it
    (9_000, 2, False),
])
def test_a_job_that_writes_too_much_twice_is_found(count, deaths, good):
    inputs = source(count)
    outputs = [*copies(inputs, at_ms=100_000), *copies(inputs, begin=count, at_ms=120_000, life=2)]
    history = {"deaths": [Death(110_000, 110_500, by_itself=number > 0) for number in range(deaths)],
               "disturbances": [Disturbance(95_000, 111_000)]}
    assert found(inputs, outputs, **history) == ({} if good else {"repeated": 1})


def test_a_job_that_stands_still_is_seen_where_nothing_is_done_to_it():
    samples = [Sample(at, at + 100, min(at, 20_000), 99_999) for at in range(10_000, 60_000, 1_000)]
    assert stood_still(samples, History(COMMIT_MS)) == 59_000 - 20_100
    assert stood_still(samples, History(COMMIT_MS, disturbances=[Disturbance(30_000, 31_000)])) == 59_000 - 31_000
    assert stood_still(samples, History(COMMIT_MS, deaths=[Death(30_000, 31_000), Death(20_000, 50_000)])) == 59_000 - 50_000
    assert stood_still([sample._replace(written=20_000) for sample in samples], History(COMMIT_MS)) == 0  # nothing to do
    assert stood_still([sample._replace(committed=sample.begin_ms) for sample in samples], History(COMMIT_MS)) == 0


def test_a_disturbance_alone_has_nothing_read_again():
    assert found(source(), again(110_000, life=2), disturbances=[Disturbance(100_000, 109_000)]) == {"repeated": 1}


def test_a_plan_comes_from_the_seed_alone():
    assert plans.make(7, 300, True) == plans.make(7, 300, True)
    assert plans.make(7, 300).faults != plans.make(8, 300).faults


def test_plans_hold_every_kind_of_fault():
    faults = [fault for seed in range(20) for fault in plans.make(seed, 300, True).faults]
    assert {fault.kind for fault in faults} == {"kill", "stop", "pause", "link", "grow", "close", "join", "roll"}
    assert {fault.detail[0] for fault in faults if fault.kind == "link"} == set(plans.LINK_MODES)
    assert {fault.target for fault in faults if fault.kind == "kill"} >= {*plans.MASTERS, *plans.NAME_SERVERS, plans.SLAVE, "keyed", "taskmanager-1"}
    assert not any(fault.kind in ("kill", "stop", "pause") and fault.target == "flink" for fault in faults)


def test_a_fault_reroutes_whose_topics_may_get_or_lose_queues():
    job = plans.Job("one", (PAIR,))

    def rerouted(kind, target):
        return reroutes(plans.Fault(1, 1, kind, target), job)

    assert all(rerouted(*each) for each in [("kill", "broker-a"), ("kill", "namesrv-1"), ("join", "broker-c"), ("roll", "brokers"), ("close", "out")])
    assert not any(rerouted(*each) for each in [("kill", "one"), ("kill", plans.SLAVE), ("pause", "broker-a"), ("close", "in"), ("grow", "in"),
                                                ("stop", "one"), ("link", "one")])


READING, GIVEN_UP = "source table src: reading 8 queue(s): in-0", "rocketlink: broker-a: no answer; given up after 5 tries ('retryTimes' = 4)"
JOB, FEW_TRIES = plans.Job("one", (PAIR,)), plans.Job("one", (PAIR,), tries=4)
AT = 1_000_000
NEAR, FAR = Disturbance(AT - 5_000, AT - 1_000), Disturbance(AT - 90_000, AT - 1_000 - COMMITS_SETTLED)


@pytest.mark.parametrize("code, told_by, age_ms, said, read, job, disturbance, good", [
    (0, signal.SIGTERM, 90_000, "", True, JOB, FAR, True),
    (-9, signal.SIGKILL, 90_000, "", True, JOB, FAR, True),
    (-9, None, 90_000, "", True, JOB, NEAR, False),  # nobody of ours did it
    (-11, None, 5_000, "", False, JOB, NEAR, False),
    (-6, None, 5_000, "", False, JOB, NEAR, False),
    (-11, signal.SIGTERM, 90_000, "", True, JOB, NEAR, False),
    (0, None, 5_000, "", False, JOB, NEAR, False),  # a stream has no end
    (2, None, 5_000, "", False, JOB, NEAR, False),
    (-15, signal.SIGTERM, 500, "", False, JOB, FAR, True),  # it had not begun
    (-15, signal.SIGTERM, 500, READING, True, JOB, NEAR, False),  # it reads: it writes and commits first
    (-15, signal.SIGTERM, 90_000, "", False, JOB, NEAR, False),
    (-15, signal.SIGTERM, 90_000, "rocketlink: no name server answers", True, JOB, FAR, False),
    (-15, signal.SIGTERM, 90_000, "rocketlink: no name server answers", True, JOB, NEAR, True),  # on its way out by itself
    (1, signal.SIGTERM, 90_000, "", True, JOB, NEAR, True),  # acknowledgements did not come
    (1, signal.SIGTERM, 90_000, "", True, JOB, FAR, False),
    (1, None, 5_000, "", False, JOB, NEAR, True),  # no connection
    (1, None, 5_000, "", False, JOB, FAR, False),
    (1, None, 90_000, "rocketlink: b does not permit this", True, JOB, NEAR, True),
    (1, None, 90_000, "rocketlink: b does not permit this", True, JOB, FAR, False),
    (1, None, 90_000, GIVEN_UP, True, FEW_TRIES, NEAR, True),
    (1, None, 90_000, GIVEN_UP, True, FEW_TRIES, FAR, False),
    (1, None, 90_000, GIVEN_UP, True, JOB, NEAR, False),  # its tries outlast all that is done to it
    (1, None, 90_000, "", True, JOB, NEAR, False),
])
def test_how_a_life_may_end(code, told_by, age_ms, said, read, job, disturbance, good):
    ending = jobs.Ending(1, AT - age_ms, AT, code, (said,) if said else (), read, told_by, AT if told_by else 0)
    assert (jobs.wrong_with(ending, job, History(COMMIT_MS, disturbances=[disturbance])) is None) == good


def native(folder, text, job=JOB):
    """A job whose program is that script of the shell; it has begun when it has said something."""
    program = folder / "program"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    one = jobs.Native(job, "", shlex.quote(str(program)), folder)
    one.start()
    end = time.monotonic() + 60
    while not (folder / f"{job.name}-1.log").read_bytes():
        assert time.monotonic() < end
        time.sleep(0.01)
    return one


def test_a_crash_at_its_start_is_told_whatever_has_been_done_to_it(tmp_path):
    one = native(tmp_path, "echo begun; kill -SEGV $$")
    end = time.monotonic() + 60
    while not one.endings:
        assert time.monotonic() < end
        one.watch()
    one.history.disturbances.append(Disturbance(0, 9e12))
    assert [text.split(":")[0] for text in one.found()] == ["life 1 ended by itself with -11"]
    one.remove()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_life_that_ended_by_itself_before_it_was_told_is_told_of(tmp_path, number):
    one = native(tmp_path, f"echo {shlex.quote(GIVEN_UP)}; exit 1")
    one._process.wait(60)
    one.end(number)
    one.start_again()
    assert [(ending.code, ending.told_by) for ending in one.endings] == [(1, None)]
    assert [(death.orderly, death.by_itself) for death in one.history.deaths] == [(False, True)]
    assert len(one.found()) == 1
    one.remove()


@pytest.mark.parametrize("said, number, code, orderly, wrong", [
    (READING, signal.SIGTERM, -15, False, 1),
    ("warming up", signal.SIGTERM, -15, True, 0),
    (READING, signal.SIGKILL, -9, False, 0),
])
def test_an_end_by_a_signal_is_noted(tmp_path, said, number, code, orderly, wrong):
    one = native(tmp_path, f"echo {shlex.quote(said)}; exec sleep 600")
    one.end(number)
    one.start_again()
    assert [(ending.code, ending.told_by) for ending in one.endings] == [(code, number)]
    assert [(death.orderly, death.by_itself) for death in one.history.deaths] == [(orderly, False)]
    assert len(one.found()) == wrong
    one.remove()


class StubFlink:
    def __init__(self, *_):
        self.times, self.facts = {"RUNNING": AT - 60_000, "RESTARTING": 0}, {}

    def ask(self, path):
        if path.endswith("/exceptions"):
            return {"exceptionHistory": {"entries": [{"stacktrace": "java.lang.Exception: it has failed\n\tat there"}]}}
        return {"state": "RUNNING", "timestamps": self.times}

    def kill(self, _):
        pass

    def start(self, *_):
        pass


@pytest.fixture
def on_flink(monkeypatch, tmp_path):
    monkeypatch.setattr(jobs, "Flink", StubFlink)
    monkeypatch.setattr(jobs.time, "time", lambda: AT / 1000)
    return jobs.OnFlink(plans.Job("flink", (PAIR,), flink=True), "", tmp_path, "2.2")


def restarted(on_flink, failed, began):
    on_flink.watch()
    on_flink._flink.times = {"RUNNING": began, "RESTARTING": failed}
    on_flink._look_at = 0
    on_flink.watch()
    [death] = on_flink.history.deaths
    return death


@pytest.mark.parametrize("disturbance, good", [(None, False), (NEAR, True), (FAR, False), (Disturbance(AT + 3_001, AT + 9_000), False)])
def test_flink_may_restart_a_job_where_something_was_done_to_it(on_flink, disturbance, good):
    assert restarted(on_flink, AT, AT + 3_000) == Death(AT, AT + 3_000, by_itself=True)
    on_flink.history.disturbances += [disturbance] if disturbance else []
    assert len(on_flink.found()) == (not good)
    assert good or "it has failed" in on_flink.found()[0]


@pytest.mark.parametrize("failed, begin", [
    (AT + 24_000, AT),  # it goes without notice for so long
    (AT + 26_000, AT + 26_000),  # and no longer
])
def test_a_dead_taskmanager_excuses_what_came_after_its_death(on_flink, failed, begin):
    on_flink._alive_ms = failed
    on_flink.kill_part("taskmanager-1")
    on_flink.start_part("taskmanager-1")
    on_flink._flink.times = {"RUNNING": failed + 1_000, "RESTARTING": failed}
    on_flink.watch()
    assert [death.begin_ms for death in on_flink.history.deaths] == [begin]


def test_one_job_has_few_tries():
    made = plans.make(7, 300, True).jobs
    assert [job.name for job in made if job.gives_up] == ["tagged"]
    for job in made:
        assert f"'retryTimes' = '{job.tries}'" in jobs.script(job, "127.0.0.1:1", "mq5")


@pytest.mark.parametrize("code, stored, missing", [(0, True, 2), (10, True, 0), (12, True, 0), (2, False, 0)])
def test_what_a_broker_had_safely_may_not_be_missing(code, stored, missing):
    class Broker:
        def call(self, *_):
            return Response(code, "", {}, b"", 1)

    loader, queue = Loader(None, ["in"], 1), Queue("a", 0)
    assert loader._send(Broker(), "in", queue, range(3)) == stored
    assert len(loader.missing({name_of("in", queue, 1)})) == missing


class Servers:
    """A client of servers whose route has these queues of every topic; five messages are in each, of which three are committed."""

    def __init__(self, *queues):
        self._queues = list(queues)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def client(self):
        return self

    def queues(self, _):
        return self._queues

    def max_offset(self, *_):
        return 5

    def committed(self, *_):
        return 3

    def read_queue(self, *_):
        return []


def of_world(*routed):
    one = world.World.__new__(world.World)
    one.plan = plans.Plan(1, 1, {"in": 2}, (JOB,), (), False)
    one.queues, one.admin, one.jobs = {("in", "a"): 2, ("in", "b"): 1, ("out", "a"): 1}, Servers(*routed), {}
    return one


def test_queues_that_a_route_lacks_are_waited_for():
    lacking, whole = of_world(Queue("a", 0), Queue("a", 1)), of_world(Queue("a", 0), Queue("a", 1), Queue("b", 0))
    assert "the route of in lacks b/0" in lacking.drain(0)
    with pytest.raises(LookupError, match="lacks b/0"):
        lacking.read("in", 0)
    assert whole.read("in", 0) == []
    assert whole.behind() == "one has committed 3 of 5 of a/0; one has committed 3 of 5 of a/1; one has committed 3 of 5 of b/0"


def test_progress_is_looked_at_while_servers_answer(monkeypatch):
    monkeypatch.setattr("progress._PAUSE", 0.01)
    progress = Progress(of_world(Queue("a", 0), Queue("a", 1), Queue("b", 0)).standing)
    progress.start()
    end = time.monotonic() + 60
    while not progress.samples["one"]:
        assert time.monotonic() < end
        time.sleep(0.01)
    progress.stop()
    assert progress.samples["one"][0][2:] == (9, 15)
    without = Progress(of_world(Queue("a", 0)).standing)
    without.start()
    time.sleep(0.1)
    without.stop()
    assert not without.samples
