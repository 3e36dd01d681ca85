"""The chaos driver in a short form: one seed, some seconds of faults. Long ones are left to the release run."""

import subprocess

import pytest

from support.cluster import ROOT


@pytest.mark.parametrize("seed, version", [(2, "5.5.0")])
def test_copies_under_a_storm_of_faults_are_true(seed, version):
    done = subprocess.run([ROOT / "bench" / "chaos" / "run", "--seed", str(seed), "--version", version, "--minutes", "0.3"],
                          text=True, timeout=900, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(done.stdout)
    assert done.returncode == 0, done.stdout
