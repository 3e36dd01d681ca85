"""The vendor's own jobs on real Flinks: the same rows as the native engine gives."""

import re

import pytest

import test_examples as native
from support import vendor
from support.runner import table
from support.target import target_of


@pytest.mark.parametrize("path", vendor.examples("sql/*.sql"))
def test_vendor_job(flink, path, request, monkeypatch):
    target = target_of(request, native.ways_of(path.stem)[0])
    topic, results = target.topic(), target.topic()
    text = native.filled(path, target, topic)
    if re.search(r"\bINSERT\b", text, re.I):
        bodies = ["hello", "wörld", "1,2,3"]
        for queue, body in zip(target.client.queues(topic), bodies):
            target.client.send(topic, body, queue)
        before = flink.logs()
        jobs = flink.submit(text, *native.SECRETS)
        flink.wait_printed([f"+I[{body}]" for body in bodies], before)
    elif "producerGroup" in text:
        jobs = []
        monkeypatch.setattr(native, "run", flink.run)
        native.fills_sink(target, topic, text)
    else:
        target.client.send_batch(topic, ["1,Ann,f", "2,Bob,m\n3,Cy,x"])
        name, _ = native.created(text)
        out = table("results", "id VARCHAR, name VARCHAR, gender VARCHAR, topic VARCHAR",
                    target.sink_options(results, fieldDelimiter="|"))
        jobs = flink.submit(text + out + f"INSERT INTO results SELECT * FROM {name};", *native.SECRETS)
        found = [message.text for message in target.client.wait_for(results, 3)]
        assert sorted(found) == [f"1|Ann|f|{topic}", f"2|Bob|m|{topic}", f"3|Cy|x|{topic}"]
    flink.cancel(*jobs)
