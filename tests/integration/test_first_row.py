"""How soon a waiting topic's first row is out. bench/first_row measures it; this only keeps it from decay."""

from support.runner import table

COPY = table("out", "v VARCHAR", {"connector": "print"}) + "INSERT INTO out SELECT v FROM src;"


def test_the_first_row_of_a_waiting_topic_is_out_within_a_second(target, start):
    topic = target.topic()
    target.client.send_batch(topic, [f"m{i}" for i in range(100)])
    taken = []
    for _ in range(3):
        job = start(target.source(topic) + COPY)
        job.wait_rows(1)
        taken.append(job.row_times[0] - job.started_at)
        job.stop()
    print(f"first row after {', '.join(f'{each * 1000:.0f} ms' for each in taken)}")
    assert min(taken) < 1
