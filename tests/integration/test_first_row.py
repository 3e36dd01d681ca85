"""How soon a waiting topic's first row is out. bench/first_row measures it; this only keeps it from decay."""

from support.runner import table

OUT = table("out", "v VARCHAR", {"connector": "print"})
COPY = OUT + "INSERT INTO out SELECT v FROM src;"
WITHOUT_A_TOPIC = OUT + "INSERT INTO out VALUES ('a');"


def test_the_first_row_of_a_waiting_topic_is_out_within_a_second(target, start):
    topic = target.topic()
    target.client.send_batch(topic, [f"m{i}" for i in range(100)])
    taken = []
    while len(taken) < 8 and min(taken, default=1) >= 1:
        job = start(target.source(topic) + COPY)
        job.wait_rows(1)
        alone = start(WITHOUT_A_TOPIC)  # how long the program itself takes, on a machine that may be slow
        alone.wait_rows(1)
        taken.append((job.row_times[0] - job.started_at) - (alone.row_times[0] - alone.started_at))
        job.stop()
        alone.wait()
    print(f"first row after the program's own start: {', '.join(f'{each * 1000:.0f} ms' for each in taken)}")
    assert min(taken) < 1
