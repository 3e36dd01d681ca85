"""Our own jobs and the vendor's, as they stand but for the placeholders and the topic's name, on every way in."""

import re

import pytest

from support import vendor
from support.cluster import ROOT
from support.runner import run, table
from support.target import target_of, unique

OURS = ROOT / "examples" / "sql"
SECRETS = ("--secret", "ak_id=some-id", "--secret", "ak_secret=some-secret")


def ways_of(name):
    return ["mq-4.9.7"] if name.endswith("_mq") else ["mq5-namesrv", "mq5-proxy"]


def filled(path, target, topic):
    """The file's text with its placeholders filled in, and nothing else changed but the names of topic and group."""
    text = path.read_text()
    text = text.replace("<yourEndpoint>", target.endpoint).replace("<yourTopicName>", topic)
    text = text.replace("<yourGroupName>", unique("group"))
    text = re.sub(r"('topic'\s*=\s*)'mq-test'", rf"\1'{topic}'", text)
    return re.sub(r"('consumerGroup'\s*=\s*)'mq-group'", rf"\1'{unique('group')}'", text)


def created(text):
    """Name and columns of the only table of a script that creates no more than that."""
    name, columns = re.search(r"CREATE\s+(?:TEMPORARY\s+)?TABLE\s+(\w+)\s*\((.*?)\)\s*WITH", text, re.S | re.I).groups()
    return name, columns


@pytest.mark.parametrize("path, way", vendor.examples("sql/*.sql", lambda path: [(way,) for way in ways_of(path.stem)]))
def test_example_of_the_vendor(path, way, request):
    target = target_of(request, way)
    topic = target.topic()
    text = filled(path, target, topic)
    if re.search(r"\bINSERT\b", text, re.I):
        runs_whole_job(target, topic, text)
    elif "producerGroup" in text:
        fills_sink(target, topic, text)
    else:
        reads_source(target, topic, text)


def runs_whole_job(target, topic, text):
    bodies = ["hello", "wörld", "1,2,3"]
    for queue, body in zip(target.client.queues(topic), bodies):
        target.client.send(topic, body, queue)
    assert sorted(run(text, "--bounded", *SECRETS).rows) == sorted(f"+I[{body}]" for body in bodies)


def reads_source(target, topic, text):
    target.client.send_batch(topic, ["1,Ann,f", "2,Bob,m\n3,Cy,x"])
    name, _ = created(text)
    job = (text + table("out", "id VARCHAR, name VARCHAR, gender VARCHAR, topic VARCHAR", {"connector": "print"})
           + f"INSERT INTO out SELECT * FROM {name};")
    assert run(job, "--bounded", *SECRETS).rows == [f"+I[1, Ann, f, {topic}]", f"+I[2, Bob, m, {topic}]", f"+I[3, Cy, x, {topic}]"]


def fills_sink(target, topic, text):
    name, columns = created(text)
    if "METADATA" in columns.upper():
        rows = "(1, 5, 'hello', 'k1 k2', 'TagA'), (2, 6, 'wörld!', CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR))"
        expected = [("1\x015\x01hello", "k1 k2", "TagA"), ("2\x016\x01wörld!", None, None)]
    else:
        rows = "(1, 5, 'hello'), (2, 6, 'wörld!')"
        expected = [("1\x015\x01hello", None, None), ("2\x016\x01wörld!", None, None)]
    run(text + f"INSERT INTO {name} VALUES {rows};", *SECRETS)
    assert written(target, topic, len(expected)) == sorted(expected, key=str)


def written(target, topic, count):
    """Text, keys and tags of this many messages."""
    found = [(message.text, message.keys, message.tags) for message in target.client.wait_for(topic, count)]
    return sorted(found, key=str)


def members(topic):
    people = [("1", "Ada", "f", "new"), ("2", "Grace", "f", "new"), ("3", "Alan", "m", "new"), ("4", "Katrīna", "f", "returning")]
    return ([(f"{ident},{name},{gender}", f"member-{ident}", tag) for ident, name, gender, tag in people],
            [f"+I[{ident}, {name}, {gender}, {topic}, {tag}]" for ident, name, gender, tag in people])


def notes(_):
    texts = ["the first note", 'one with, commas and "quotes"', "und noch eine: grün"]
    return [(text, None, None) for text in texts], [f"+I[{text}]" for text in texts]


def parcels(_):
    return ([("101\x012500\x01books", None, None), ("102\x014000000000\x01a ship, folded", None, None),
             ("103\x0180\x01Grüße", None, None)],
            ["+I[101, 2, books]", "+I[102, 4000000, a ship, folded]", "+I[103, 0, Grüße]"])


# For the jobs write_NAME and read_NAME of a topic: the messages that the one leaves there, and the rows that the other prints.
OWN_JOBS = {f"{pair.__name__}{suffix}": pair for pair in (members, notes, parcels) for suffix in ("", "_mq")}


def own(file, topic):
    """The text of a job of ours for this topic."""
    return re.sub(r"('topic'\s*=\s*)'\w+'", rf"\1'{topic}'", (OURS / f"{file}.sql").read_text())


def own_secrets(target):
    values = {"endpoint": target.endpoint, "access_id": "some-id", "access_key": "some-secret"}
    return [argument for name, value in values.items() for argument in ("--secret", f"{name}={value}")]


@pytest.mark.parametrize("name, way", [(name, way) for name in OWN_JOBS for way in ways_of(name)])
def test_own_examples(name, way, request):
    target = target_of(request, way)
    topic = target.topic()
    messages, rows = OWN_JOBS[name](topic)
    run(own(f"write_{name}", topic), *own_secrets(target))
    assert written(target, topic, len(messages)) == sorted(messages, key=str)
    assert sorted(run(own(f"read_{name}", topic), "--bounded", *own_secrets(target)).rows) == sorted(rows)


def test_every_own_example_is_run():
    assert {path.stem for path in OURS.glob("*.sql")} == {f"{verb}_{name}" for name in OWN_JOBS for verb in ("write", "read")}


def test_the_example_of_json_in_the_document(mq5):
    text = (ROOT / "docs" / "formats.md").read_text()
    [job] = re.findall(r"```sql\n(.*?)```", text[text.index("## JSON"):text.index("## Metadata")], re.S)
    topic = mq5.topic(queues=1)
    mq5.client.send_batch(topic, ['{"id": 1,\n "user": {"name": "Ada", "cities": ["London"]}}', '{"id": 2}', "no JSON", '{"user": {}}'])
    job = job.replace("localhost:9876", mq5.endpoint).replace("'events'", f"'{topic}'").replace("'events-reader'", f"'{unique('group')}'")
    assert run(job, "--bounded").rows == ["+I[1, Ada, London]", "+I[2, null, null]"]
