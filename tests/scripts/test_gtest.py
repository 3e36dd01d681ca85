"""tests/gtest.py: each case has a result whatever its process does, and one that ends its process keeps no other from running."""
import importlib.util
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

spec = importlib.util.spec_from_file_location("gtest_cases", Path(__file__).resolve().parents[1] / "gtest.py")
gtest = importlib.util.module_from_spec(spec)
spec.loader.exec_module(gtest)

SECONDS = 15  # for a case: a busy machine may take some for starting a program

# As a GoogleTest program behaves; a case does what its name says.
PROGRAM = """#!/usr/bin/env python3
import os, sys, time
cases = ["Ok", "Fails", "Skips", "Crashes", "Hangs", "Ok/0"]
if "--gtest_list_tests" in sys.argv:
    print("Suite.")
    for case in cases + ["DISABLED_Off"]:
        print(f"  {case}  # GetParam() = 1")
    sys.exit(0)
asked = sys.argv[1].split("=", 1)[1].split(":")
failed = False
for case in (case for case in cases if "Suite." + case in asked):
    print(f"[ RUN      ] Suite.{case}", flush=True)
    print("said by " + case, end="", flush=True)
    if case == "Crashes":
        os.abort()
    if case == "Hangs":
        time.sleep(60)
    if case == "Skips":
        print("x.cpp:1: Skipped\\nno folder")
    failed |= case == "Fails"
    end = {"Fails": "  FAILED  ", "Skips": "  SKIPPED "}.get(case, "       OK ")
    print(f"[{end}] Suite.{case}, where GetParam() = 1 (0 ms)", flush=True)
print("at the end")
sys.exit(1 if failed else int(os.environ.get("AT_END", 0)))
"""


@pytest.fixture
def program(tmp_path):
    file = tmp_path / "tests_of_something"
    file.write_text(PROGRAM)
    file.chmod(0o755)
    return str(file)


def test_every_case_has_its_own_result(program, tmp_path):
    results = {each.name: each for each in gtest.run([program], tmp_path / "report.xml", jobs=1, seconds=SECONDS)}
    assert {name: each.status for name, each in results.items()} == {
        "Suite.Ok": "OK", "Suite.Ok/0": "OK", "Suite.Fails": "FAILED", "Suite.Skips": "SKIPPED", "Suite.Crashes": "FAILED",
        "Suite.Hangs": "FAILED", "Suite.DISABLED_Off": "SKIPPED"}
    assert results["Suite.Crashes"].said[-2:] == ["said by Crashes", "the process ended with -6"]
    assert results["Suite.Hangs"].said[-1] == "the process was killed: it took too long"
    assert results["Suite.DISABLED_Off"].said[-1] == "it is switched off by its name"
    cases = {case.get("name"): case for case in ElementTree.parse(tmp_path / "report.xml").getroot().iter("testcase")}
    assert len(cases) == 7 and "said by Fails" in cases["Suite.Fails"].findtext("system-out")
    assert cases["Suite.Ok"].find("failure") is None and cases["Suite.Skips"].find("skipped") is not None


def test_cases_behind_one_that_ended_their_process_run(program):
    results = gtest.run_share(program, ["Suite.Crashes", "Suite.Ok/0"], 60)
    assert [(each.name, each.status) for each in results] == [("Suite.Crashes", "FAILED"), ("Suite.Ok/0", "OK")]


def test_what_a_process_says_against_itself_at_its_end_is_a_failure(program, monkeypatch):
    monkeypatch.setenv("AT_END", "23")  # as of leaks
    passed, whole = gtest.run_share(program, ["Suite.Ok"], 60)
    assert passed.status == "OK"
    assert (whole.name, whole.status) == ("tests_of_something as a whole", "FAILED")
    assert whole.said == ["at the end", "the process ended with 23"]


@pytest.mark.parametrize("text", ["#!/bin/sh\n", "#!/bin/sh\nexit 1\n", None], ids=["lists nothing", "ends badly", "is not there"])
def test_a_program_without_cases_leaves_no_report(program, tmp_path, text):
    other, report = tmp_path / "other", tmp_path / "report.xml"
    if text:
        other.write_text(text)
        other.chmod(0o755)
    with pytest.raises((RuntimeError, OSError), match="other"):
        gtest.run([program, str(other)], report, jobs=1, seconds=SECONDS)
    assert not report.exists()


def test_a_case_that_no_process_runs_is_a_failure(program):
    assert [each.said for each in gtest.run_share(program, ["Suite.Gone"], 10)] == [["did not run"]]
