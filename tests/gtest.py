"""Runs the cases of GoogleTest programs, many in a process: to start one for each takes longer than most cases do.

A case that takes the process with it is a failure, and the cases that were to follow run in another process. What a process says
against itself at its end, as of leaks, is a failure by the program's name.
"""
import concurrent.futures
import os
import re
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

CASE_SECONDS = 300  # as long as a case may take
END_SECONDS = 60  # and a process before its first case and behind its last
SHOWN_LINES = 100  # of a failure
SHARES = 8  # of a program's cases for each job, so that jobs end together
RUN = re.compile(r"\[ RUN      \] (\S+)")
END = re.compile(r"\[ +(OK|FAILED|SKIPPED) +\] ([^\s,]+)")
CHILDREN = set()  # that are on their way
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd]")


class Result:
    def __init__(self, name, status, seconds, said):
        self.name, self.status, self.seconds, self.said = name, status, seconds, said


def cases_of(program):
    """The names of a program's cases; there is one at least."""
    listed = subprocess.run([program, "--gtest_list_tests"], capture_output=True, text=True, timeout=END_SECONDS)
    if listed.returncode != 0:
        raise RuntimeError(f"{program} does not list its cases: {listed.stdout[-500:]}{listed.stderr[-500:]}")
    cases, suite = [], ""
    for line in listed.stdout.splitlines():
        name = line.split("#")[0].rstrip()
        if name.endswith(".") and not name.startswith(" "):
            suite = name
        elif name.startswith("  "):
            cases.append(suite + name.strip())
    if not cases:
        raise RuntimeError(f"{program} lists no case")
    return cases


class Process:
    """One process that runs cases one after the other; `results` are of those that ended."""

    def __init__(self, program, cases, seconds):
        self.results, self.seconds = [], seconds
        self.case, self.begin, self.said = None, time.monotonic(), []
        self.over = False  # its time
        self.child = subprocess.Popen([program, f"--gtest_filter={':'.join(cases)}"], stdin=subprocess.DEVNULL, text=True, errors="replace",
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=os.path.dirname(program),
                                      start_new_session=True)
        CHILDREN.add(self.child)
        ended = threading.Event()
        watch = threading.Thread(target=self.watch, args=(ended,))
        watch.start()
        try:
            for line in self.child.stdout:
                self.take(line.rstrip("\n"))
            self.code = self.child.wait()
        finally:
            ended.set()
            watch.join()
            CHILDREN.discard(self.child)
            if self.child.poll() is None:
                os.killpg(self.child.pid, signal.SIGKILL)
                self.child.wait()
        self.close()

    def watch(self, ended):
        while not ended.wait(0.2):
            if time.monotonic() - self.begin > (self.seconds if self.case else min(self.seconds, END_SECONDS)):
                self.over = True
                os.killpg(self.child.pid, signal.SIGKILL)
                return

    def take(self, line):
        self.said.append(line)
        if begun := RUN.search(line):
            self.case, self.begin, self.said = begun[1], time.monotonic(), [line]
        elif (end := END.search(line)) and end[2] == self.case:
            self.end_case(end[1])

    def end_case(self, status):
        self.results.append(Result(self.case, status, time.monotonic() - self.begin, self.said))
        self.case, self.begin, self.said = None, time.monotonic(), []

    def close(self):
        how = "was killed: it took too long" if self.over else f"ended with {self.code}"
        if self.case:
            self.said.append(f"the process {how}")
            self.end_case("FAILED")
        elif self.over or (self.code != 0 and not any(result.status == "FAILED" for result in self.results)):
            self.said.append(f"the process {how}")
            self.results.append(Result(f"{os.path.basename(self.child.args[0])} as a whole", "FAILED", 0, self.said))


def run_share(program, cases, seconds):
    """The results of all cases, in as many processes as they take."""
    results, left = [], cases
    while left:
        process = Process(program, left, seconds)
        results += process.results
        ran = {result.name for result in process.results}
        if not ran & set(left):  # then none will
            results += [Result(case, "FAILED", 0, ["did not run"]) for case in left]
            break
        left = [case for case in left if case not in ran]
    return results


def write_report(report, results):
    """JUnit's, as ctest writes it."""
    suite = ElementTree.Element("testsuite")
    for result in results:
        case = ElementTree.SubElement(suite, "testcase", name=result.name, time=f"{result.seconds:.3f}")
        if result.status != "OK":
            ElementTree.SubElement(case, "failure" if result.status == "FAILED" else "skipped", message="")
            ElementTree.SubElement(case, "system-out").text = NO_XML.sub("?", "\n".join(result.said))
    ElementTree.ElementTree(suite).write(report, encoding="utf-8")


def run(programs, report, jobs=os.cpu_count() or 1, seconds=CASE_SECONDS):
    """Runs all cases of the programs and leaves the report; gives their results."""
    shares, left_out = [], []
    for program in programs:
        listed = cases_of(program)
        cases = [case for case in listed if "DISABLED_" not in case]
        left_out += [Result(case, "SKIPPED", 0, [f"{case}: Skipped", "it is switched off by its name"])
                     for case in listed if case not in cases]
        count = min(len(cases), jobs * SHARES)
        shares += [(program, cases[at::count]) for at in range(count)]
    pool = concurrent.futures.ThreadPoolExecutor(jobs)
    try:
        results = [result for each in pool.map(lambda share: run_share(*share, seconds), shares) for result in each]
    finally:  # early when interrupted
        pool.shutdown(wait=False, cancel_futures=True)
        for child in list(CHILDREN):
            os.killpg(child.pid, signal.SIGKILL)
    results += left_out
    write_report(report, results)
    return results


def main(report, *programs):
    def interrupted(*_):
        raise KeyboardInterrupt

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, interrupted)
    begin = time.monotonic()
    # What goes on after it was found is found once more, under other names.
    os.environ.setdefault("TSAN_OPTIONS", f"halt_on_error=1:suppressions={Path(__file__).parent / 'tsan.supp'}")
    os.environ.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
    results = run(programs, report)
    for result in results:
        if result.status == "FAILED":
            print("\n".join(result.said[-SHOWN_LINES:]), flush=True)
    print(f"{len(results)} cases in {time.monotonic() - begin:.0f} s; the slowest: "
          + ", ".join(f"{result.name} {result.seconds:.1f} s" for result in sorted(results, key=lambda each: -each.seconds)[:5]))
    return 1 if any(result.status == "FAILED" for result in results) else 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("interrupted")
