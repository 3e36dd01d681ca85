"""The long run of failures on a real Flink, shortened."""

from support.bench import run_bench


def test_a_copy_under_failures_loses_nothing_and_counts_once():
    run_bench("flink_reliability", "--messages", "30000", "--rate", "2500", "--namesrv-down", "3", timeout=1500)
