"""What scripts/test says of failures and of what it skipped: it stands at the end, where a cut output still shows it."""
import importlib.machinery
import importlib.util
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "run.py"
sys.path.insert(0, str(SCRIPT.parent))
loader = importlib.machinery.SourceFileLoader("runner_of_tests", str(SCRIPT))
runner = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
loader.exec_module(runner)

PYTEST = """<testsuites><testsuite>
<testcase name="test_good"/><testcase name="test_left_out"><skipped message="not here"/></testcase>
<testcase name="test_bad[mq5]"><failure message="AssertionError: 2 rows, not 3&#10;assert 2 == 3">def test_bad():
E  assert 2 == 3

tests/integration/test_x.py:8: AssertionError</failure></testcase>
<testcase name="test_no_cluster"><error message="failed on setup">support/cluster.py:60: RuntimeError</error></testcase>
</testsuite></testsuites>"""
CTEST = """<testsuite><testcase name="Frame.Good" status="run"><system-out>[ RUN      ] Frame.Good</system-out></testcase>
<testcase name="Frame.Bad" status="fail"><failure message=""/><system-out>Running main() from gtest_main.cc
[ RUN      ] Frame.Bad
frame_test.cpp:3: Failure
Expected equality</system-out></testcase>
<testcase name="Frame.LeftOut" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/><system-out>[ RUN      ] Frame.LeftOut
frame_test.cpp:9: Skipped
not here
[  SKIPPED ] Frame.LeftOut (0 ms)</system-out></testcase>
<testcase name="Frame.LeftOutToo" status="disabled"><skipped message="disabled"/><system-out></system-out></testcase>
<testcase name="Frame.Hangs" time="300.2" status="fail"><failure message=""/><system-out></system-out></testcase></testsuite>"""


def counted(tmp_path, text, ok=False):
    report = tmp_path / "report.xml"
    report.write_text(text)
    return runner.from_junit("the part", report, ok)


def test_failures_of_pytest_have_message_and_place(tmp_path):
    count = counted(tmp_path, PYTEST)
    assert str(count) == "1 passed, 2 failed, 1 skipped"
    assert count.skipped == ["not here"]
    assert count.failures == [
        ("test_bad[mq5]", ["AssertionError: 2 rows, not 3", "assert 2 == 3", "tests/integration/test_x.py:8: AssertionError"]),
        ("test_no_cluster", ["failed on setup", "support/cluster.py:60: RuntimeError"])]


def test_failures_of_unit_tests_have_what_was_printed_once_they_ran(tmp_path):
    count = counted(tmp_path, CTEST)
    assert str(count) == "1 passed, 2 failed, 2 skipped"
    assert count.skipped == ["not here", "disabled"]
    assert count.failures == [("Frame.Bad", ["frame_test.cpp:3: Failure", "Expected equality"]),
                              ("Frame.Hangs", ["said nothing in 300 s"])]


@pytest.mark.parametrize("text, ok, why", [
    ("<testsuite/>", True, "ran no case"),
    ("<testsuite><testcase name='a'/></testsuite>", False, "ended badly, though no case failed"),
    ("<testsuite", False, "unclosed token"),
])
def test_a_report_that_cannot_be_right_is_a_failure(tmp_path, text, ok, why):
    count = counted(tmp_path, text, ok)
    assert [name for name, _ in count.failures] == ["the part"] and why in count.failures[0][1][0]


def test_a_part_that_left_no_report_is_a_failure(tmp_path):
    assert runner.from_junit("the part", tmp_path / "none.xml", False).failures[0][0] == "the part"


def test_a_file_that_cannot_be_collected_is_a_failure_and_keeps_no_other_from_running(tmp_path, monkeypatch):
    for name in ("ROOT", "REPORTS"):
        monkeypatch.setattr(runner, name, tmp_path)
    folder = tmp_path / "tests" / "some"
    folder.mkdir(parents=True)
    (folder / "test_bad.py").write_text("import nowhere")
    (folder / "test_good.py").write_text("def test_good(): pass")
    count = runner.run_pytest({"some": ["tests/some"]})
    assert (count.passed, count.failures) == (
        1, [("tests.some.test_bad", ["collection failure", "E   ModuleNotFoundError: No module named 'nowhere'"])])


MEETING = """import pathlib, time
def test_{0}():
    pathlib.Path('{0}').touch()
    end = time.monotonic() + 60
    while not pathlib.Path('{1}').exists():
        assert time.monotonic() < end
    {2}
"""


def test_sessions_side_by_side_are_counted_together_and_say_whole_lines(tmp_path, monkeypatch, capfd):
    for name in ("ROOT", "REPORTS"):
        monkeypatch.setattr(runner, name, tmp_path)
    (tmp_path / "test_one.py").write_text(MEETING.format("one", "two", ""))
    (tmp_path / "test_two.py").write_text(MEETING.format("two", "one", "assert 2 == 3"))
    count = runner.run_pytest({"a": ["test_one.py"], "b": ["test_two.py"], "c": ["-k", "nothing"]})
    assert count.passed == 1
    assert [name for name, _ in count.failures] == ["test_two", "pytest c"]
    said = [line.partition("[")[0].strip() for line in capfd.readouterr().out.splitlines()]
    assert {"test_one.py::test_one PASSED", "test_two.py::test_two FAILED"} <= set(said)


def test_an_interruption_ends_all_that_run_side_by_side(tmp_path):
    files = [tmp_path / "one", tmp_path / "two"]
    script = "trap 'touch {0}.ended; exit' INT; touch {0}; while :; do sleep 0.1; done"
    run = (f"import runpy, signal, sys; sys.path.insert(0, {str(SCRIPT.parent)!r}); given = runpy.run_path({str(SCRIPT)!r})\n"
           "signal.signal(signal.SIGTERM, given['interrupted'])\n"
           f"given['execute_all']([['sh', '-c', text] for text in {[script.format(file) for file in files]!r}])")
    child = subprocess.Popen([sys.executable, "-c", run], stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while not all(file.exists() for file in files):
        assert child.poll() is None and time.monotonic() < end
        time.sleep(0.01)
    child.terminate()
    assert child.wait(120) != 0
    assert all(file.with_suffix(".ended").exists() for file in files)


def test_each_world_that_fails_is_a_failure():
    said = """12.3 runner: is killed
FAILED seed 17: at 12.5: flush: run runner.1.0 was told that all is stored
  thread main of world waits for the time to pass
  trace 00000000deadbeef; commit abc; again, with everything: simulate --seed 17 --trace

FAILED seed 18: it was ended by signal 11, Segmentation fault
  commit abc; again, with everything: simulate --seed 18 --trace

  crash: 3 in 2 world(s)
FAILED class of faults: names: no address has not happened in any of 400 worlds

Seeds 1..400: 400 worlds, 2 failed"""
    assert runner.worlds_in(said.splitlines()) == [
        ("seed 17", ["at 12.5: flush: run runner.1.0 was told that all is stored", "  thread main of world waits for the time to pass",
                     "  trace 00000000deadbeef; commit abc; again, with everything: simulate --seed 17 --trace"]),
        ("seed 18", ["it was ended by signal 11, Segmentation fault",
                     "  commit abc; again, with everything: simulate --seed 18 --trace"]),
        ("class of faults", ["names: no address has not happened in any of 400 worlds"])]


@pytest.mark.parametrize("command, said", [
    ("echo a.cpp is compiled; echo 'a.cpp:1: error: no such type'; echo in line 1; false", ["a.cpp:1: error: no such type", "in line 1"]),
    ("seq 20; false", [str(i) for i in range(13, 21)]),
    ("false", ["said nothing"]),
])
def test_a_failed_command_says_its_first_error_or_its_end(tmp_path, monkeypatch, command, said):
    monkeypatch.setattr(runner, "REPORTS", tmp_path)
    assert runner.check("a/check", ["sh", "-c", command])[0].failures == [("a/check", said)]


def test_the_summary_ends_with_failures_parts_reasons_and_totals(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(runner, "REPORTS", tmp_path)
    monkeypatch.setattr(runner, "PARTS", {
        "unit": lambda: runner.Count(5, skipped=["no money"]),
        "integration": lambda: runner.Count(2, [("test_bad", [f"line {i}" for i in range(20)])], ["no time", "no time", "no money", "no time"])})
    assert runner.main(["unit", "integration"]) == 1
    lines = capsys.readouterr().out.splitlines()
    end = lines[lines.index("== Summary") + 1:]
    assert end[:9] == ["FAILED integration: test_bad", *(f"    line {i}" for i in range(8))]
    assert end[9:] == ["unit:        5 passed, 0 failed, 1 skipped (0 s)", "integration: 2 passed, 1 failed, 4 skipped (0 s)",
                       "skipped: 3 × no time", "skipped: 2 × no money", "failed: integration test_bad", "7 passed, 1 failed, 5 skipped"]


def test_a_part_that_ran_no_case_has_failed_whatever_others_did(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(runner, "REPORTS", tmp_path)
    monkeypatch.setattr(runner, "PARTS", {"unit": lambda: runner.Count(5), "tidy": runner.Count, "fuzz": lambda: runner.Count(skipped=["no"])})
    assert runner.main(["unit", "tidy", "fuzz"]) == 1
    assert capsys.readouterr().out.splitlines()[-3:] == ["failed: tidy tidy", "failed: fuzz fuzz", "5 passed, 2 failed, 1 skipped"]


def test_a_program_that_was_not_built_is_not_left_out(tmp_path, monkeypatch):
    for name, path in (("ROOT", tmp_path), ("REPORTS", tmp_path)):
        monkeypatch.setattr(runner, name, path)
    monkeypatch.setattr(runner, "build", lambda preset: [])
    (tmp_path / "tests").symlink_to(SCRIPT.parent)
    folder = tmp_path / "build" / "release" / "tests"
    folder.mkdir(parents=True)
    program = folder / "unit_tests"
    program.write_text("#!/bin/sh\n[ \"$1\" = --gtest_list_tests ] && echo 'A.' && echo '  b' && exit\necho '[ RUN      ] A.b'\necho '[       OK ] A.b'\n")
    program.chmod(0o755)
    count = runner.run_cases("release")
    assert (count.passed, [name for name, _ in count.failures]) == (0, ["release"])
    (folder / "cli_unit_tests").write_text(program.read_text())
    (folder / "cli_unit_tests").chmod(0o755)
    assert str(runner.run_cases("release")) == "2 passed, 0 failed"


def test_a_line_of_flink_without_a_report_is_a_failure(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    for line in ("flink-1.20", "flink-2.2"):
        (tmp_path / "flink" / line).mkdir(parents=True)
    reports = tmp_path / "build" / "flink"
    folder = reports / "rocketlink-flink-2.2" / "failsafe-reports"
    folder.mkdir(parents=True)
    (folder / "TEST-a.xml").touch()
    assert [name for name, _ in runner.lines_without_reports(reports)] == ["mvn verify of flink-1.20"]


def test_a_source_that_nothing_compiles_is_not_clean(tmp_path, monkeypatch):
    for module, name in ((runner, "ROOT"), (runner, "REPORTS"), (runner.tidy, "ROOT")):
        monkeypatch.setattr(module, name, tmp_path)
    monkeypatch.setattr(runner, "check", lambda *_: (runner.Count(1), []))
    monkeypatch.setattr(runner.tidy, "COMMANDS", tmp_path / "commands.json")
    monkeypatch.setattr(runner.tidy, "WORK", tmp_path / "tidy")
    for name in (".clang-tidy", "commands.json", "core/src/left_out.cpp"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("[]")
    assert [name for name, _ in runner.run_tidy().failures] == ["core/src/left_out.cpp"]
    assert [name for name, _ in runner.run_tidy([tmp_path / "README.md"]).failures] == []


def test_without_a_main_branch_everything_has_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    for command in (["init", "--quiet", "-b", "other"], ["add", "--all"]):
        (tmp_path / "a.cpp").touch()
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    (tmp_path / "b.cpp").touch()
    assert runner.changed_files() == [tmp_path / "a.cpp", tmp_path / "b.cpp"]


@pytest.mark.parametrize("handler, patience", [("ends", 60), ("signal.SIG_IGN", 1)])
def test_what_takes_too_long_may_stop_its_servers_before_it_is_killed(tmp_path, monkeypatch, handler, patience):
    monkeypatch.setattr(runner, "END_SECONDS", patience)
    file = tmp_path / "ended"
    script = ("import pathlib, signal, sys\n"
              f"def ends(*_): sys.exit(pathlib.Path({str(file)!r}).touch())\n"
              f"signal.signal(signal.SIGINT, {handler})\n"
              "signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])\n"
              "while True: signal.pause()")
    assert not runner.execute([sys.executable, "-c", script], minutes=0.01,
                              preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT]))  # until it can be told
    assert file.exists() == (handler == "ends")


@pytest.mark.parametrize("part", ["tidy", "tsan"])
def test_what_is_computed_ahead_ends_with_the_run_or_where_its_part_begins(monkeypatch, part):
    """A machine that others keep busy leaves no time for it."""
    children = []

    def ahead(parts):
        assert parts == [part]
        children.append(subprocess.Popen(["sleep", "60"], start_new_session=True))
        return children[-1]

    def runs(part):
        return {"scripts": lambda: runner.Count(1), part: lambda: runner.Count(int(children[-1].poll() is not None))}

    monkeypatch.setattr(runner, "compute_ahead", ahead)
    assert [count.passed for _, count, _ in runner.results(runs(part))] == [1, 1]
    run = runner.results(runs(part))
    next(run)
    run.close()
    assert children[-1].poll() is not None


def test_a_patient_part_begins_with_the_first_that_waits_and_is_waited_for_at_its_turn():
    order = []

    def part(name):
        return lambda: order.append(name) or runner.Count(1)

    def patient():
        runner.execute(["sleep", "0.3"])
        return part("patient")()

    parts = {"unit": part("unit"), "java": part("java"), "patient": runner.Patient(patient), "last": part("last")}
    assert [count.passed for _, count, _ in runner.results(parts)] == [1] * 4
    assert order == ["unit", "java", "patient", "last"]  # none whose build would begin beside that of the run itself


def test_a_patient_part_ends_with_the_run(monkeypatch):
    monkeypatch.setattr(runner, "ENDING", threading.Event())
    parts = {"java": lambda: runner.Count(1), "patient": runner.Patient(lambda: runner.Count(int(runner.execute(["sleep", "60"]))))}
    begin = time.monotonic()
    run = runner.results(parts)
    next(run)
    while not runner.RUNNING:
        time.sleep(0.01)
    run.close()
    assert time.monotonic() - begin < 50


def test_a_patient_part_begins_nothing_more_once_the_run_ends(monkeypatch):
    monkeypatch.setattr(runner, "ENDING", threading.Event())
    ended = []

    def patient():
        ended.extend([runner.execute(["sleep", "60"]) for _ in range(2)])
        return runner.Count()

    begin = time.monotonic()
    run = runner.results({"java": lambda: runner.Count(1), "patient": runner.Patient(patient)})
    next(run)
    while not runner.RUNNING:
        time.sleep(0.01)
    run.close()
    assert ended == [False, False] and time.monotonic() - begin < 50


def test_a_command_is_told_to_end_once(tmp_path):
    told, up = tmp_path / "told", tmp_path / "up"
    script = f"trap 'echo told >>{told}' INT; touch {up}; until [ -e {told} ]; do sleep 0.1; done; sleep 1"
    child = subprocess.Popen(["sh", "-c", script], start_new_session=True)
    while not up.exists():
        time.sleep(0.01)
    runner.tell(child)
    while not told.exists():
        time.sleep(0.01)
    runner.end(child)
    assert told.read_text() == "told\n"


def test_each_integration_case_is_in_one_session():
    def cases(given):
        done = subprocess.run([runner.PYTHON, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *given], cwd=runner.ROOT,
                              capture_output=True, text=True, timeout=120)
        return [line for line in done.stdout.splitlines() if "::" in line]

    assert cases(["tests/integration"])
    assert sorted(case for given in runner.INTEGRATION.values() for case in cases(given)) == sorted(cases(["tests/integration"]))
