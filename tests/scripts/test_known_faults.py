"""Known faults (tests/sim/known_faults): that the simulation finds them is for `check` beside them, for which a release waits; here, that
each still applies."""
import importlib.machinery
import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOADER = importlib.machinery.SourceFileLoader("check", str(ROOT / "tests" / "sim" / "known_faults" / "check"))
check = importlib.util.module_from_spec(importlib.util.spec_from_loader("check", LOADER))
LOADER.exec_module(check)
PATCHES = check.patches()


def test_there_are_enough():
    assert len(PATCHES) >= 14


@pytest.mark.parametrize("name", PATCHES)
def test_it_applies(name):
    assert check.git_apply(PATCHES[name], ROOT, "--check") == ""


@pytest.mark.parametrize("name", PATCHES)
def test_it_says_what_it_breaks_and_where_that_was_met(name):
    assert re.match(r"# Breaks: .+\. Met: .+\n--- a/", PATCHES[name].read_text())


def test_one_that_does_not_apply_is_told(tmp_path):
    patch = tmp_path / "old.patch"
    patch.write_text("# Breaks: nothing. Met: nowhere.\n--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-What it never said.\n+Nothing.\n")
    assert "README.md" in check.git_apply(patch, ROOT, "--check")
