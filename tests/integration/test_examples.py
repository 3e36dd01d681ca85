"""The vendor's own jobs and ours, as they stand but for the placeholders, on every way in."""

import os
import pathlib
import re

import pytest

from support.cluster import ROOT
from support.runner import run, table
from support.target import target_of, unique

VENDOR = pathlib.Path(os.environ.get("ROCKETLINK_VENDOR_EXAMPLES", ROOT.parent / "shared" / "examples" / "sql"))
OURS = ROOT / "examples" / "sql"
SECRETS = ("--secret", "ak_id=some-id", "--secret", "ak_secret=some-secret")


def ways_of(path):
    return ["mq-4.9.7"] if path.stem.endswith("_mq") else ["mq5-namesrv", "mq5-proxy"]


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


def each_way(test):
    files = sorted(VENDOR.glob("*.sql")) if VENDOR.is_dir() else []
    cases = [pytest.param(path, way, id=f"{path.stem}-{way}") for path in files for way in ways_of(path)]
    return pytest.mark.parametrize("path, way", cases)(test)


@each_way
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
    found = [(message.text, message.keys, message.tags) for message in target.client.wait_for(topic, len(expected))]
    assert sorted(found, key=str) == sorted(expected, key=str)


def read_members(topic):
    people = [("1", "Ada", "f", "new"), ("2", "Grace", "f", "new"), ("3", "Alan", "m", "new"), ("4", "Katrīna", "f", "returning")]
    return [f"+I[{ident}, {name}, {gender}, {topic}, {tag}]" for ident, name, gender, tag in people]


def read_notes(_):
    return ["+I[the first note]", '+I[one with, commas and "quotes"]', "+I[und noch eine: grün]"]


# What the job of a file prints, after the job that writes its topic.
PAIRS = {("write_members", "read_members"): read_members, ("write_notes", "read_notes"): read_notes}


@pytest.mark.parametrize("writer, reader", PAIRS)
def test_own_examples(mq5, writer, reader):
    topic = mq5.topic()
    flags = ("--bounded", "--secret", f"endpoint={mq5.endpoint}")
    for stem in (writer, reader):
        text = re.sub(r"('topic'\s*=\s*)'\w+'", rf"\1'{topic}'", (OURS / f"{stem}.sql").read_text())
        finished = run(text, *flags)
    assert sorted(finished.rows) == sorted(PAIRS[writer, reader](topic))


def test_every_own_example_is_run():
    assert {path.stem for path in OURS.glob("*.sql")} == {stem for pair in PAIRS for stem in pair}
