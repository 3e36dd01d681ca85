"""The long reliability run, shortened."""

import subprocess

from support.cluster import ROOT


def test_a_copy_under_kills_of_broker_and_runner_loses_nothing():
    done = subprocess.run([ROOT / "bench" / "reliability", "--messages", "100000", "--kills", "2", "--rate", "5000",
                           "--commit-interval", "500"], text=True, timeout=300, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(done.stdout)
    assert done.returncode == 0, done.stdout
