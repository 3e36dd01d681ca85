"""bench/chaos: its judge finds each kind of fault, and its plans come from the seed alone."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench" / "chaos"))
import plan as plans
from faults import reroutes
from judge import (COMMITS_SETTLED, EXCUSED_LEAST, LEAD, ROUTES_SETTLED, SETTLED, Death, Disturbance, History, Message, Sample, judge,
                   stood_still)

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
