"""Messages that become visible later, written by real Flinks; by a row's event time too, which only Flink knows."""

from support.flink import FOR_EVER
from support.target import EARLIEST
from test_delivery import DelayedCopy, now_ms

COPY = "INSERT INTO dst SELECT v FROM src;"
BY_EVENT_TIME = {"deliveryTimestampMode": "relative", "deliveryTimestampType": "event_time"}


def submit_copy(flink, target, source, copy, **options):
    """A job that copies, with these options of its sink."""
    [job] = flink.submit(target.source(source, options=EARLIEST) + target.sink(copy, options={**BY_EVENT_TIME, **options}) + COPY)
    flink.wait_status(job, "RUNNING")
    return job


def test_a_timer_counts_from_the_event_time(flink, mq5):
    source, copy = mq5.topic(), mq5.topic()
    job = submit_copy(flink, mq5, source, copy, deliveryTimestampValue=2500)
    mq5.client.send(source, "x")
    [found] = mq5.client.wait_for(copy, 1)
    flink.cancel(job)
    due = mq5.client.read_all(source)[0].store_ms + 2500  # the event time of what a source reads
    assert found.store_ms >= due
    assert int(found.properties.get("TIMER_DELIVER_MS", due)) == due  # none: a slow machine wrote when it had passed


def test_a_delay_level_counts_from_the_event_time(flink, mq4):
    source, copy = mq4.topic(), mq4.topic()
    job = submit_copy(flink, mq4, source, copy, **{"deliveryTimestampValue": 4500, "delivery.encoding": "delay-level"})
    mq4.client.send(source, "x")
    [found] = mq4.client.wait_for(copy, 1)
    flink.cancel(job)
    assert found.store_ms >= mq4.client.read_all(source)[0].store_ms + 4500


def test_a_thousand_relative_deliveries_in_time(flink, mq5):
    copy = DelayedCopy(mq5, 1000, deliveryTimestampMode="relative", deliveryTimestampValue=4000)
    [job] = flink.submit(copy.sql)
    copy.check_in_time(delay_ms=4000)
    flink.cancel(job)


def test_a_thousand_fixed_deliveries_in_time(flink, mq5):
    due = now_ms() + 25_000  # a gateway's first plan takes its time
    copy = DelayedCopy(mq5, 1000, deliveryTimestampMode="fixed", deliveryTimestampValue=due)
    [job] = flink.submit(copy.sql)
    copy.check_in_time(due=due)
    flink.cancel(job)


def final_failure(flink, job):
    """The line below Flink's own, that the failure is not recoverable."""
    flink.wait_status(job, "FAILED")
    said = flink.ask(f"/jobs/{job}/exceptions")["exceptionHistory"]["entries"][0]["stacktrace"]
    causes = [line for line in said.splitlines() if line.startswith("Caused by: ")]
    assert causes and causes[0].startswith("Caused by: io.rocketlink.flink.FinalFailure: "), said
    return causes[0]


def test_a_broker_without_delivery_times_fails_the_job_for_good(flink, mq4):
    copy = mq4.topic()
    [job] = flink.submit(FOR_EVER + mq4.sink(copy, options={"deliveryTimestampMode": "relative", "deliveryTimestampValue": 1000})
                         + "INSERT INTO dst VALUES ('x');")
    assert "would deliver at once; use 'delivery.encoding' = 'delay-level'" in final_failure(flink, job)
    assert mq4.client.read_all(copy) == []


def test_rows_without_an_event_time_fail_the_job_for_good(flink, mq5):
    """The planner tells a sink nothing of where its rows are from: the first row shows it."""
    [job] = flink.submit(FOR_EVER + mq5.sink(mq5.topic(), options={**BY_EVENT_TIME, "deliveryTimestampValue": 1000})
                         + "INSERT INTO dst VALUES ('x');")
    assert "a row has no event time" in final_failure(flink, job)
