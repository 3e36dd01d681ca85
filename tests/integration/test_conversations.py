"""Real servers say what is recorded of them: the mock of the unit tests is held to the same (tests/unit/mock)."""

import difflib
import os
import subprocess

import pytest

from support.cluster import ROOT
from support.target import unique

PROGRAM = ROOT / "build" / "release" / "tests" / "conversations" / "conversations"
RECORDED = ROOT / "tests" / "fixtures" / "conversations"


@pytest.mark.parametrize("server", ["rmq5", "rmq4"])
def test_real_servers_say_what_is_recorded(request, server):
    assert os.access(PROGRAM, os.X_OK), f"{PROGRAM} is not there: build it with cmake --build --preset release --target conversations"
    cluster = request.getfixturevalue(server)
    held = subprocess.run([PROGRAM, "--name-server", cluster.endpoint, "--broker", cluster.broker, f"--suffix=-{unique('talk')}"],
                          timeout=600, capture_output=True, text=True)
    assert held.returncode == 0, held.stderr
    recorded = (RECORDED / f"{cluster.version}.txt").read_text()
    changes = "\n".join(difflib.unified_diff(recorded.splitlines(), held.stdout.splitlines(), "recorded", "said", lineterm=""))
    assert not changes, f"record it anew with tests/fixtures/capture.py, and mend the mock:\n{changes}"
