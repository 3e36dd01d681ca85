"""The long reliability run, shortened, and with patience for a machine that does other things at the same time."""

from support.bench import run_bench


def test_a_copy_under_kills_of_broker_and_runner_loses_nothing():
    run_bench("reliability", "--messages", "100000", "--kills", "2", "--rate", "5000", "--commit-interval", "500", "--allowance", "9500",
              timeout=1500)
