"""The chaos driver in a short form: one seed, some seconds of faults. Long ones are left to the release run."""

import pytest

from support.bench import run_bench


@pytest.mark.parametrize("seed, version", [(23, "5.5.0")])
def test_copies_under_a_storm_of_faults_are_true(seed, version):
    run_bench("chaos/run", "--seed", str(seed), "--version", version, "--minutes", "0.3", "--patience", "600", timeout=1500)
