"""The long run of failures on a real Flink, shortened."""

import subprocess

from support.cluster import ROOT


def test_a_copy_under_failures_loses_nothing_and_counts_once():
    done = subprocess.run([ROOT / "bench" / "flink_reliability", "--messages", "30000", "--rate", "2500", "--namesrv-down", "3"],
                          text=True, timeout=600, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(done.stdout)
    assert done.returncode == 0, done.stdout
