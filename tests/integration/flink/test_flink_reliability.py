"""The long run of failures on a real Flink, shortened."""

import subprocess

import pytest

from support.cluster import ROOT


@pytest.mark.parametrize("line", ["1.20", "2.2"])
def test_a_copy_under_failures_loses_nothing_and_counts_once(line):
    done = subprocess.run([ROOT / "bench" / "flink_reliability", "--line", line, "--messages", "100000", "--rate", "2500",
                           "--namesrv-down", "5"], text=True, timeout=600, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(done.stdout)
    assert done.returncode == 0, done.stdout
