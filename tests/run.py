"""Runs the tests: all of them, or the parts that are named, or a set of parts.

  scripts/test [PART ... | quick | release]

  format       clang-format of all C++ files
  arrows       who may include whom (tests/arrows.py)
  unit         build and unit tests, release
  simulation   simulated worlds of 400 seeds, and of those that once failed
  scripts      pytest tests/scripts
  differential the native runner's SQL: all differences from Flink that were once found
  java         the Flink connector for both lines of Flink: what is in its jars (tests/jars), unit tests, and tests on a
               real RocketMQ (mvn verify)
  integration  pytest tests/integration: the program on real RocketMQ servers
  tidy         clang-tidy of all C++ sources
  asan, tsan   unit tests under the address and undefined-behaviour sanitizers, and under the thread sanitizer
  fuzz         every fuzzer for some seconds

  quick        before a commit: format of what changed, arrows, unit tests of the debug preset, clang-tidy of what changed
  release      all parts, an hour of simulation (of fresh seeds), two minutes of fresh expressions for each line of Flink, five
               minutes of each fuzzer, the faults that the simulation must find (tests/sim/known_faults), and the long runs of failures (bench/reliability, bench/chaos)

The summary at the end names every failed test case with the first lines of what it said, and why others were skipped; its last
line counts the test cases of all parts: N passed, N failed, N skipped. scripts/setup --tests installs what they need; a run of
everything calls it first.
"""
import collections
import concurrent.futures
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import tidy

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "build" / "reports"
CORES = os.cpu_count() or 1
IDLE = ["chrt", "--idle", "0"]  # with what others leave of the processors
PYTHON = "/usr/bin/python3"  # Debian's own, which has its pytest
FUZZ_SECONDS = 20  # for each fuzzer
RELEASE_FUZZ_SECONDS = 300
FUZZ_BYTES = 512  # of an input: more of them find more than longer ones
SIMULATION_SEEDS = "1000..1400"
DIFFERENTIAL_FRESH = {line: ["--seconds", "120"] for line in ("2.2", "1.20")}  # by line of Flink
END_SECONDS = 60  # for a command to end once it is told to
SHOWN_LINES = 8  # of each failure, in the summary
SHOWN_NAMES = 20  # of each part, once more at the very end
SHOWN_AT_ONCE = 100  # of each failed command, where it fails
ERROR = re.compile(r"\berror[: ]", re.IGNORECASE)  # how compilers, CMake and sanitizers begin
WORLD = re.compile(r"^FAILED (seed \d+|class of faults): (.*)$")  # how simulate begins what it tells of a failure
# Servers and jobs of tests end before a second compiler and more threads for the collector would pay.
JVM_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
INPUT = re.compile(r"^Base64: ")  # what a fuzzer failed on


RUNNING, TOLD = set(), set()  # what has been begun and has not ended; of it, what was told to end
BEGINNING = threading.RLock()
ENDING = threading.Event()  # from now on nothing is begun


class Count:
    """How many cases ended how; `failures` are the names of those that failed, each with the lines it said, `skipped` is why each was."""

    def __init__(self, passed=0, failures=(), skipped=()):
        self.passed, self.failures, self.skipped = passed, list(failures), list(skipped)

    def __iadd__(self, other):
        self.passed += other.passed
        self.failures += other.failures
        self.skipped += other.skipped
        return self

    def __str__(self):
        return f"{self.passed} passed, {len(self.failures)} failed" + (f", {len(self.skipped)} skipped" if self.skipped else "")


def say(text):
    print(f"== {text}", flush=True)


def execute(command, minutes=30, **options):
    """True when the command ends well in time; what it started ends with it."""
    return execute_all([command], minutes, **options) == [True]


def execute_all(commands, minutes=30, **options):
    """Runs commands side by side: whether each ended well in time. What they started ends with them. They say whole lines."""
    children = []
    if len(commands) > 1:
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    try:
        for command in commands:
            with BEGINNING:
                if ENDING.is_set():
                    return [False] * len(commands)
                children.append(subprocess.Popen([str(part) for part in command], cwd=ROOT, stdin=subprocess.DEVNULL,
                                                 start_new_session=True, **options))
                RUNNING.add(children[-1])
            if len(commands) > 1:
                threading.Thread(target=pass_on, args=[children[-1].stdout], daemon=True).start()
        end_of_time = time.monotonic() + minutes * 60
        return [in_time(child, end_of_time) for child in children]
    finally:
        end(*(child for child in children if child.poll() is None))
        for known in (RUNNING, TOLD):
            known.difference_update(children)


def pass_on(lines):
    for line in lines:
        print(line, end="", flush=True)


def in_time(child, end_of_time):
    try:
        return child.wait(max(0, end_of_time - time.monotonic())) == 0
    except subprocess.TimeoutExpired:
        say(f"{child.args[0]} did not end in time")
        return False


def signal_group(child, number):
    with contextlib.suppress(ProcessLookupError):  # another thread has seen its end
        os.killpg(child.pid, number)


def tell(*children):
    """Tells commands to end, once: a second signal would cut short what they do for it."""
    for child in children:
        if child not in TOLD and child.poll() is None:
            TOLD.add(child)
            signal_group(child, signal.SIGINT)


def end(*children):
    """Ends commands that are on their way: with a chance to stop the servers that they started."""
    tell(*children)
    end_of_time = time.monotonic() + END_SECONDS
    for child in children:
        try:
            child.wait(max(0, end_of_time - time.monotonic()))
        except subprocess.TimeoutExpired:
            signal_group(child, signal.SIGKILL)
            child.wait()


def check(name, command, minutes=30):
    """A command that is a single case; what it says is shown if it fails. Gives the count and all lines it said."""
    log = REPORTS / f"{name.replace('/', '_')}.log"
    with open(log, "w") as output:
        ok = execute(command, minutes, stdout=output, stderr=subprocess.STDOUT)
    lines = log.read_text(errors="replace").splitlines() or ["said nothing"]
    if ok:
        return Count(passed=1), lines
    print("\n".join(lines[-SHOWN_AT_ONCE:]), flush=True)
    first = next((at for at, line in enumerate(lines) if ERROR.search(line)), max(0, len(lines) - SHOWN_LINES))
    return Count(failures=[(name, lines[first:])]), lines


def from_junit(name, report, ok):
    """The cases of a JUnit report. A runner that failed without a failed case, or ran none, counts as one failure."""
    count = Count()
    try:
        cases = list(ElementTree.parse(report).getroot().iter("testcase")) if report.exists() else []
    except ElementTree.ParseError as error:
        return Count(failures=[(name, [f"{report}: {error}"])])
    for case in cases:
        failure = next((each for each in case if each.tag in ("failure", "error")), None)
        if failure is not None:
            count.failures.append((case.get("name"), said_by(case, failure)))
        elif case.find("skipped") is not None:
            count.skipped.append(why_skipped(case))
        else:
            count.passed += 1
    if not count.failures and not (ok and count.passed):
        count.failures.append((name, ["ended badly, though no case failed" if count.passed else "ran no case", f"see {report}"]))
    return count


def said_by(case, failure):
    """What matters first: pytest's message and place, or what a unit test printed once it ran."""
    if failure.get("message"):
        return failure.get("message").splitlines()[:SHOWN_LINES - 1] + (failure.text or "").strip().splitlines()[-1:]
    lines = case.findtext("system-out", "").splitlines()
    begin = max((at + 1 for at, line in enumerate(lines) if line.startswith("[ RUN ")), default=0)
    return lines[begin:] or [f"said nothing in {float(case.get('time', 0)):.0f} s"]


def why_skipped(case):
    """What a unit test gave GTEST_SKIP, or the report's message."""
    lines = case.findtext("system-out", "").splitlines()
    given = next((said for place, said in zip(lines, lines[1:]) if place.endswith(": Skipped")), None)
    return given or case.find("skipped").get("message") or "it gave no reason"


def cpp_files(*suffixes):
    folders = ["core", "cli", "jni", "tests", "bench", "examples"]
    return sorted(file for folder in folders for suffix in suffixes for file in (ROOT / folder).rglob(f"*{suffix}"))


# ---------------------------------------------------------------------------------------------- parts

def check_format():
    return check("format", ["clang-format-16", "--dry-run", "--Werror", *cpp_files(".h", ".cpp")])[0]


def check_arrows():
    return check("arrows", [PYTHON, "tests/arrows.py"])[0]


def unrandomised():
    """The thread sanitizer of GCC 12 does not start where the kernel spreads addresses widely."""
    wrapper = ["setarch", "-R"]
    works = shutil.which("setarch") and subprocess.run([*wrapper, "true"], capture_output=True).returncode == 0
    return wrapper if works else []


def build(preset):
    """The failures: none when all is built."""
    command = ["cmake", "--build", "--preset", preset]
    failures = check(f"configure-{preset}", ["cmake", "--preset", preset])[0].failures
    if failures or execute(command):
        return failures
    return check(f"build-{preset}", command)[0].failures  # once more, as then only what fails is said


def compute_ahead(parts):
    """What parts compute, on the processor time that others leave: most of theirs is waiting for servers. Whether all went well is
    said by the parts themselves, which find it done."""
    steps = [f"cmake --preset debug && {PYTHON} tests/tidy.py"] if "tidy" in parts else []
    steps += [f"cmake --preset {preset} && cmake --build --preset {preset} -j {CORES}"
              for preset in dict.fromkeys(PRESETS[name] for name in parts if name in PRESETS)]
    with open(REPORTS / "ahead.log", "w") as log:
        return subprocess.Popen([*IDLE, "sh", "-c", "; ".join(steps)], cwd=ROOT, stdin=subprocess.DEVNULL,
                                stdout=log, stderr=subprocess.STDOUT, start_new_session=True)


def run_cases(preset, wrapper=()):
    """The unit tests of a preset."""
    if failures := build(preset):
        return Count(failures=failures)
    report = REPORTS / f"{preset}.xml"
    report.unlink(missing_ok=True)
    folder = ROOT / "build" / preset / "tests"
    # By name and not by what is there: what is missing has not run, and what a build no longer makes is old.
    programs = [folder / name for name in ("unit_tests", *(("cli_unit_tests",) if preset in WITH_CLI_TESTS else ()))]
    ok = execute([*wrapper, PYTHON, "tests/gtest.py", report, *programs])
    return from_junit(preset, report, ok)


def run_unit():
    count = run_cases("release")
    program = ROOT / "build" / "rocketlink"
    program.unlink(missing_ok=True)
    program.symlink_to("release/cli/rocketlink")
    return count


def run_asan():
    return run_cases("asan")


def run_tsan():
    return run_cases("tsan", unrandomised())


def in_parallel(case, files):
    """The sum of what `case` counts for each file."""
    count = Count()
    with concurrent.futures.ThreadPoolExecutor(CORES) as pool:
        for each in pool.map(case, files):
            count += each
    return count


def run_fuzz(seconds=FUZZ_SECONDS):
    """Every fuzzer for so long."""
    if failures := build("asan"):
        return Count(failures=failures)

    def fuzz(source):
        name = source.stem
        work = ROOT / "build" / "fuzz" / name
        work.mkdir(parents=True, exist_ok=True)
        seeds = ROOT / "tests" / "fuzz" / "corpus" / name.removeprefix("fuzz_")
        program = ROOT / "build" / "asan" / "tests" / "fuzz" / name
        count, lines = check(name, [program, f"-max_total_time={seconds}", f"-max_len={FUZZ_BYTES}", "-entropic=0", "-timeout=10",
                                    "-rss_limit_mb=2048", f"-artifact_prefix={work}/", work, *([seeds] if seeds.is_dir() else [])],
                             minutes=seconds / 60 + 10)
        print(f"{name}: {lines[-1]}", flush=True)
        for _, said in count.failures:
            said[:0] = [line for line in lines if INPUT.match(line)]
        return count

    return in_parallel(fuzz, sorted((ROOT / "tests" / "fuzz").glob("fuzz_*.cpp")))


def run_simulation(fresh_minutes=0):
    """Two cases: worlds of seeds that once failed, and of the same seeds each time, so that a change alone can make them fail, or
    of seeds that nobody has seen. In place of one, if worlds of it fail, each of these."""
    if failures := build("release"):
        return Count(failures=failures)
    simulate = [*(IDLE if fresh_minutes else []), ROOT / "build" / "release" / "tests" / "simulate", "--jobs", CORES]
    seeds = ["--fresh", "--minutes", fresh_minutes] if fresh_minutes else ["--seeds", SIMULATION_SEEDS]
    count = Count()
    for name, options in (("simulate-old-seeds", ["--seeds-of", "tests/sim/seeds.txt"]), ("simulate", [*seeds, "--demand-all"])):
        alone, lines = check(name, [*simulate, *options], minutes=fresh_minutes + 10)
        print(lines[-1], flush=True)
        if alone.failures:
            alone.failures = worlds_in(lines) or alone.failures
        count += alone
    return count


def worlds_in(lines):
    """The failures that simulate tells of, each from its line to an empty one."""
    found = []
    for at, line in enumerate(lines):
        if start := WORLD.match(line):
            end = next((last for last in range(at, len(lines)) if not lines[last]), len(lines))
            found.append((start[1], [start[2], *lines[at + 1:end]]))
    return found


def run_tidy(changed=None):
    """One case per source file; with `changed`, of those alone that see one of these files."""
    if failures := check("configure-debug", ["cmake", "--preset", "debug"])[0].failures:
        return Count(failures=failures)
    sources = tidy.Tidy()
    wanted = sources.seeing(changed) if changed is not None else set(sources.flags)
    unseen = [(str(file.relative_to(ROOT)), ["no preset compiles it, so nothing looks at it"]) for file in tidy.sources()
              if file not in sources.flags and (changed is None or file in changed)]
    groups = [seen for files in sources.unknown() if (seen := [file for file in files if file in wanted])]
    known = Count(len(wanted) - sum(map(len, groups)), unseen)

    def look(files):
        count = Count()

        def run(command, file):
            if file is None:
                return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
            alone = check(str(file.relative_to(ROOT)), command)[0]
            count.failures += alone.failures
            return not alone.failures

        sources.look(files, run)
        count.passed = len(files) - len(count.failures)
        return count

    known += in_parallel(look, groups)
    return known


def run_pytest(sessions):
    """The cases of sessions of pytest, by name what each is given; they run side by side."""
    reports = [REPORTS / f"{name}.xml" for name in sessions]
    for report in reports:
        report.unlink(missing_ok=True)
    ended = execute_all([[PYTHON, "-m", "pytest", "-v", "-p", "no:cacheprovider", "--continue-on-collection-errors", f"--junitxml={report}",
                          *given] for report, given in zip(reports, sessions.values())], minutes=60)
    count = Count()
    for report, ok in zip(reports, ended):
        count += from_junit(f"pytest {report.stem}", report, ok)
    return count


def run_scripts():
    return run_pytest({"scripts": ["tests/scripts"]})


def run_differential(asked=None):
    """What Flink said once; then one case for each line of Flink that is asked."""
    if failures := build("release"):
        return Count(failures=failures)
    count = run_pytest({"differential": ["tests/differential"]})
    for line, arguments in (asked or {}).items():
        count += check(f"differential-{line}", ["nice", "-n", "10", "tests/differential/run", "--line", line, *arguments], minutes=20)[0]
    return count


def build_connector():
    """The native library and the jars of both lines; what failed."""
    return [] if execute([ROOT / "scripts" / "build", "--flink"]) else [("scripts/build --flink", ["failed: its output is above"])]


def run_integration(*options):
    if not list((ROOT / "build").glob("rocketlink-flink-*.jar")) and (failures := build_connector()):
        return Count(failures=failures)
    return run_pytest({name: [*options, *given] for name, given in INTEGRATION.items()})


def run_java(*options):
    """What is in the jars; then one case per test method, of surefire's and failsafe's reports."""
    if failures := build_connector():
        return Count(failures=failures)
    count = run_pytest({"jars": ["tests/jars"]})
    reports = ROOT / "build" / "flink"
    for report in reports.glob("*/*-reports/TEST-*.xml"):
        report.unlink()
    ok = execute(["mvn", "--batch-mode", "--quiet", "--fail-at-end", "--threads", "2", "-f", "flink/pom.xml", *options, "verify"], minutes=60)
    methods = Count(failures=lines_without_reports(reports))
    for report in sorted(reports.glob("*/*-reports/TEST-*.xml")):
        methods += from_junit(report.stem, report, True)
    count += methods
    if not count.failures and not (ok and methods.passed):
        count.failures.append(("mvn verify", ["failed, though no case did: its output is above"]))
    return count


def lines_without_reports(reports):
    """Lines of Flink of whose tests none has left a report."""
    return [(f"mvn verify of {line.name}", ["left no report"]) for line in sorted((ROOT / "flink").glob("flink-*"))
            if not list(reports.glob(f"*-{line.name}/*-reports/TEST-*.xml"))]


def run_bench(name, arguments=()):
    """One case: a long run that gives a verdict."""
    return check(name, [ROOT / "bench" / name, *arguments], minutes=60)[0]


def run_reliability():
    """The long runs of failures, which the integration tests have in a short form."""
    count = run_bench("reliability")
    count += run_bench("flink_reliability")
    count += run_bench("chaos/run", ["--minutes", "10", "--flink"])
    count += run_bench("chaos/run", ["--minutes", "10", "--version", "4.9.7"])
    return count


def run_known_faults():
    """One case: the simulation finds what was made on purpose."""
    return check("known-faults", ["tests/sim/known_faults/check", "--jobs", CORES], minutes=24 * 60)[0]


def changed_files():
    """What differs from the main branch, committed or not; everything, where there is none."""
    def git(*arguments):
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
        return done.stdout.split() if done.returncode == 0 else None

    differs = git("diff", "--name-only", "--merge-base", "main")
    names = (git("ls-files") if differs is None else differs) + git("ls-files", "--others", "--exclude-standard")
    return [file for name in names if (file := ROOT / name).is_file()]


def quick_format():
    files = [file for file in changed_files() if file in set(cpp_files(".h", ".cpp"))]
    return check("format", ["clang-format-16", "--dry-run", "--Werror", *files])[0] if files else Count(passed=1)


def quick_unit():
    return run_cases("debug")


def quick_tidy():
    count = run_tidy(changed_files())
    return count if count.failures or count.passed else Count(passed=1)  # nothing sees what changed, if anything has


class Patient:
    """A part that has a time to compute, at idle priority: it begins with the first part that waits for servers, and is waited for at
    its turn."""

    def __init__(self, run):
        self.run = run

    def __call__(self):
        return self.run()


PARTS = {"format": check_format, "arrows": check_arrows, "unit": run_unit, "simulation": run_simulation, "scripts": run_scripts,
         "differential": run_differential, "java": run_java, "integration": run_integration, "tidy": run_tidy, "asan": run_asan, "fuzz": run_fuzz, "tsan": run_tsan}
# Sets of parts by a name of their own. Quick: before a commit. Release: what every change need not wait for.
SETS = {
    "quick": {"format": quick_format, "arrows": check_arrows, "unit": quick_unit, "tidy": quick_tidy},
    "release": {**{name: run for name, run in PARTS.items() if name != "simulation"},
                "differential": lambda: run_differential(DIFFERENTIAL_FRESH), "java": lambda: run_java("-Dleft.out=none"), "integration": lambda: run_integration("--release"),
                "reliability": run_reliability, "simulation": Patient(lambda: run_simulation(60)),
                "fuzz": lambda: run_fuzz(RELEASE_FUZZ_SECONDS), "known-faults": run_known_faults},
}
# Sessions of pytest, each with servers of its own. They wait more than they compute, and so run side by side.
INTEGRATION = {"integration-a-to-q": ["--ignore=tests/integration/flink", "--ignore-glob=**/test_[r-z]*.py", "tests/integration"],
               "integration-r-to-z": ["--ignore=tests/integration/flink", "--ignore-glob=**/test_[a-q]*.py", "tests/integration"],
               "integration-flink-1.20": ["-k", "1.20", "tests/integration/flink"],
               "integration-flink-2.2": ["-k", "not 1.20", "tests/integration/flink"]}
WAITING = ["scripts", "java", "integration", "reliability"]  # for servers, most of the time
WITH_CLI_TESTS = ("release", "debug")  # the others have no DuckDB
PRESETS = {"asan": "asan", "fuzz": "asan", "tsan": "tsan"}  # what parts build


def main(names):
    parts = PARTS
    if len(names) == 1 and names[0] in SETS:
        parts, names = SETS[names[0]], []
    for name in names:
        if name in ("-h", "--help"):
            print(__doc__)
            return 0
        if name not in PARTS:
            print(f"scripts/test: no part {name}; there are {', '.join(PARTS)}, and the sets {' and '.join(SETS)}", file=sys.stderr)
            return 2
    REPORTS.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("JAVA_TOOL_OPTIONS", JVM_OPTIONS)
    total, lines, failures, failed = Count(), [], [], []
    for name, count, seconds in results({name: parts[name] for name in names or parts}):
        if not count.passed and not count.failures:
            count.failures.append((name, ["ran no case"]))
        total += count
        lines.append(f"{name + ':':13}{count} ({seconds:.0f} s)")
        failures += [failure_text(name, *failure) for failure in count.failures]
        failed += [f"failed: {name} {case}" for case, _ in count.failures][:SHOWN_NAMES]  # last: an output's end is seen by all
    say("Summary")
    skipped = [f"skipped: {times} × {why}" for why, times in collections.Counter(total.skipped).most_common()]
    print("\n".join(failures + lines + skipped + failed))
    print(total, flush=True)
    return 1 if total.failures else 0


def results(parts):
    """Runs them in their order: name, count and seconds of each. What is computed ahead ends with the last, however it ends."""
    computing = [name for name in parts if name in PRESETS or name == "tidy"]
    ahead = None
    begun = {}
    with concurrent.futures.ThreadPoolExecutor() as pool:
        try:
            for name, run in parts.items():
                say(name)
                start = time.monotonic()
                if name in WAITING and computing and not ahead:
                    ahead = compute_ahead(computing)
                if name in WAITING and not begun:
                    begun = {patient: pool.submit(each) for patient, each in parts.items() if isinstance(each, Patient)}
                if name in computing and ahead and ahead.poll() is None:
                    end(ahead)  # on a machine that others keep busy it gets nowhere; what is done need not be done again
                yield name, begun[name].result() if name in begun else run(), time.monotonic() - start
        finally:
            if ahead and ahead.poll() is None:
                end(ahead)
            if not all(each.done() for each in begun.values()):
                ENDING.set()
                end(*list(RUNNING))


def failure_text(part, name, lines):
    """A failure as the summary has it, so that the end of a long output tells what is wrong."""
    return "\n".join([f"FAILED {part}: {name}", *(f"    {line if INPUT.match(line) else line[:200]}" for line in lines[:SHOWN_LINES])])


def interrupted(*_):
    with BEGINNING:
        ENDING.set()
        tell(*RUNNING)  # also those that another thread waits for
    raise KeyboardInterrupt


if __name__ == "__main__":
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, interrupted)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("scripts/test: interrupted")
