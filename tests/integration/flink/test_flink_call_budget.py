"""`max-api-calls-per-second` over the subtasks of real Flinks, counted between them and a broker."""

import contextlib
import threading
import time

from support.remoting import PULL, SEND, SEND_BATCH

SUBTASKS, LIMIT, SECONDS = 8, 80, 10
SENDS = (SEND, SEND_BATCH)
BUDGET = {"max-api-calls-per-second": str(LIMIT)}


def most_within(requests):
    """The most calls that any SECONDS hold."""
    times = [request.at for request in requests]
    last, most = 0, 0
    for first, begin in enumerate(times):
        while last < len(times) and times[last] < begin + SECONDS:
            last += 1
        most = max(most, last - first)
    return most


@contextlib.contextmanager
def stalls():
    """For how long the relay's process, which notes when calls come, stood still: what came meanwhile counts as of its end."""
    taken, done = [0.0], threading.Event()

    def watch():
        last = time.monotonic()
        while not done.wait(0.01):
            now = time.monotonic()
            taken[0] = max(taken[0], now - last)
            last = now

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    yield taken
    done.set()
    watcher.join()


def test_eight_subtasks_share_the_budget_of_a_table(flink, relayed4):
    source, copy = relayed4.topic(queues=SUBTASKS), relayed4.topic(queues=4 * SUBTASKS)
    script = (f"SET 'parallelism.default' = '{SUBTASKS}';\n"
              # Empty queues that are asked every ms, and rows for each of many queues: both could do a multiple of the limit.
              + relayed4.source(source, options={**BUDGET, "pullIntervalMs": "1"})
              + relayed4.sink(copy, options={**BUDGET, "partitionField": "v"}) + "CREATE TEMPORARY TABLE nowhere (v VARCHAR) WITH ('connector' = 'blackhole');\n"
              "CREATE TEMPORARY TABLE rows_without_end (v VARCHAR) WITH ('connector' = 'datagen', 'rows-per-second' = '4000', "
              "'fields.v.length' = '10');\n"
              "INSERT INTO nowhere SELECT v FROM src;\nINSERT INTO dst SELECT v FROM rows_without_end;")
    due = LIMIT * SECONDS
    with stalls() as stall:
        jobs = flink.submit(script)
        relayed4.relay.wait_for(due * 2, PULL, timeout=300)
        relayed4.relay.wait_for(due * 2, *SENDS, timeout=300)
        flink.cancel(*jobs)
    for kind, codes in (("pulls", (PULL,)), ("sends", SENDS)):
        most = most_within(relayed4.relay.requests(*codes))
        print(f"{kind} within any {SECONDS} s: at most {most}, {most / due:.1%} of what is due; longest stall {max(stall):.2f} s")
        assert due * 0.75 <= most <= due * 1.02 + LIMIT * max(stall)
