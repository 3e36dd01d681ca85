"""The chaos driver in a short form: one seed, some seconds of faults. Long ones are left to the release run."""

import subprocess

import pytest

from support.cluster import ROOT


@pytest.mark.parametrize("seed, version", [(23, "5.5.0")])
def test_copies_under_a_storm_of_faults_are_true(seed, version):
    run = subprocess.Popen([ROOT / "bench" / "chaos" / "run", "--seed", str(seed), "--version", version, "--minutes", "0.3"],
                           text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        said = run.communicate(timeout=900)[0]
    finally:
        if run.poll() is None:
            run.terminate()  # it stops its servers
            run.communicate(timeout=60)
    assert run.returncode == 0, said
