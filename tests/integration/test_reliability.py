"""The long reliability run, shortened, and with patience for a machine that does other things at the same time."""

import subprocess

from support.cluster import ROOT


def test_a_copy_under_kills_of_broker_and_runner_loses_nothing():
    done = subprocess.run([ROOT / "bench" / "reliability", "--messages", "100000", "--kills", "2", "--rate", "5000",
                           "--commit-interval", "500", "--allowance", "2500"], text=True, timeout=400,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(done.stdout)
    assert done.returncode == 0, done.stdout
