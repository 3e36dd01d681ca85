"""bench/chaos: its judge finds each kind of fault, and its plans come from the seed alone."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench" / "chaos"))
import plan as plans
from judge import COMMITS_SETTLED, LEAD, SETTLED, Death, Disturbance, History, Message, judge

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


def test_a_key_that_changed_its_queue_may_be_out_of_order_over_a_restart_only():
    messages = source()
    late = [*copies(messages[1:]), *copies(messages[:1], begin=5, at_ms=100_500, life=2)]  # the old queue never had it
    deaths = [Death(100_200, 100_300, orderly=True)]
    moved = [messages[0]._replace(queue="out/c/0", name="in/a/1/0")]
    inputs = [*messages, messages[0]._replace(queue="in/a/1", name="in/a/1/0")]
    assert found(inputs, [*late, *copies(moved, queue="out/c/0")], deaths=deaths) == {}
    assert found(inputs, [*late, *copies(moved, queue="out/c/0")]) == {"reordered": 1}  # of one life
    assert found(messages, late, deaths=deaths) == {"reordered": 1}  # always in one queue


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
