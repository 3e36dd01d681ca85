"""The same tables and queries on the native engine and on Flink: no difference, or a refusal that names --flink."""

import pytest

from parity_cases import CASES, TABLES
from support.runner import Job, table
from support.target import target_of

ZONE = "SET 'table.local-time-zone' = 'Asia/Shanghai';\n"
BOUNDED = {"scan.startup.mode": "earliest", "scan.bounded.mode": "latest"}


@pytest.fixture(scope="module")
def data(request):
    """The tables' messages, each table in a topic of its own with one queue."""

    target = target_of(request, "mq5-namesrv")
    topics = {}
    for name, each in TABLES.items():
        topics[name] = target.topic(queues=1)
        if each.messages:
            for body, keys, tags in each.messages:
                target.client.send(topics[name], body, keys=keys, tags=tags)
        else:
            for body in each.bodies:
                target.client.send(topics[name], body)
    return target, topics


def source(target, topics, name):
    each = TABLES[name]
    return table(name_of(name), each.columns, target.source_options(topics[name], **each.options, **BOUNDED))


def name_of(name):
    return f"`from {name}`"


def job(target, case, number, topic):
    """The sink's table, and the INSERT of a case."""
    sink = table(f"out{number}", case.columns, target.sink_options(topic, fieldDelimiter="|"))
    return sink, f"INSERT INTO out{number} SELECT {case.query.format(t=name_of(case.table))};\n"


def rows_of(target, topic):
    return sorted(message.body for message in target.client.read_all(topic))


@pytest.fixture(scope="module")
def native(data):
    """By case: rows, or the refusal's text."""
    target, topics = data
    answers = {}
    for number, case in enumerate(CASES):
        topic = target.topic(queues=1)
        sink, insert = job(target, case, number, topic)
        finished = Job(ZONE + source(target, topics, case.table) + sink + insert).wait()
        answers[case.name] = rows_of(target, topic) if finished.code == 0 else finished.log
    return answers


@pytest.fixture(scope="module", params=["1.20", "2.2"])
def on_flink(request, data):
    """By case: rows. All cases that read one table are one job."""
    flink = request.getfixturevalue("flink_" + request.param.replace(".", "_"))
    target, topics = data
    sinks = {case.name: target.topic(queues=1) for case in CASES}
    script = ZONE + "SET 'restart-strategy.type' = 'none';\n"
    for name in TABLES:
        jobs = [job(target, case, number, sinks[case.name]) for number, case in enumerate(CASES) if case.table == name]
        script += source(target, topics, name) + "".join(sink for sink, _ in jobs)
        script += "EXECUTE STATEMENT SET BEGIN\n" + "".join(insert for _, insert in jobs) + "END;\n"
    flink.run(script, timeout=900)
    return {name: rows_of(target, topic) for name, topic in sinks.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_same_answer(case, native, on_flink):
    answer = native[case.name]
    if isinstance(answer, str):
        assert "--flink" in answer, answer
    else:
        assert answer == on_flink[case.name]
