"""Runs the rocketlink program on SQL text."""

import os
import subprocess
import threading
import time
from signal import SIGTERM

from .cluster import ROOT
from .waiting import PATIENCE

PROGRAM = os.environ.get("ROCKETLINK", str(ROOT / "build" / "rocketlink"))


class Finished:
    """What a run left: exit code, lines of rows, log."""

    def __init__(self, code, out, log):
        self.code, self.out, self.log = code, out, log

    @property
    def rows(self):
        return [line for line in self.out.split("\n") if line]


class Job:
    """A running job. `rows` grows while it runs; `log` is what it has said on stderr so far."""

    def __init__(self, sql, *flags, environment=None, read_output=True):
        self.started_at = time.monotonic()
        self._process = subprocess.Popen(
            [PROGRAM, "run", "-", *flags], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})})
        self._process.stdin.write(sql.encode("utf-8"))
        self._process.stdin.close()
        self.rows = []
        self.row_times = []
        self._log = []
        self._threads = [threading.Thread(target=self._read_log, daemon=True)]
        if read_output:
            self._threads.append(threading.Thread(target=self._read_rows, daemon=True))
        for thread in self._threads:
            thread.start()

    @property
    def log(self):
        return b"".join(self._log).decode("utf-8", "replace")

    @property
    def pid(self):
        return self._process.pid

    @property
    def stdout(self):
        return self._process.stdout

    @property
    def running(self):
        return self._process.poll() is None

    def wait_rows(self, count, timeout=PATIENCE):
        """Waits until `count` rows are out, and gives all there are."""
        self.wait_until(lambda: len(self.rows) >= count, timeout, lambda: f"{len(self.rows)} rows, not {count}")
        return list(self.rows)

    def wait_log(self, text, timeout=PATIENCE):
        self.wait_until(lambda: text in self.log, timeout, lambda: f"no {text!r} in the log")

    def wait_until(self, condition, timeout=PATIENCE, what=lambda: "it did not happen"):
        deadline = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline or (not self.running and not self._settle() and not condition()):
                raise AssertionError(f"{what()} after {timeout} s (exit code {self._process.poll()}); log:\n{self.log}")
            time.sleep(0.01)

    def signal(self, number):
        self._process.send_signal(number)

    def kill(self):
        self._process.kill()
        return self.wait()

    def stop(self, number=SIGTERM, timeout=PATIENCE):
        """Asks the job to end, and waits for it."""
        self.signal(number)
        return self.wait(timeout)

    def wait(self, timeout=PATIENCE):
        """Waits for the job to end by itself."""
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            self._settle()
            raise AssertionError(f"the job did not end within {timeout} s; log:\n{self.log}") from None
        self._settle()
        return Finished(self._process.returncode, "\n".join(self.rows), self.log)

    def _settle(self):
        for thread in self._threads:
            thread.join(5)

    def _read_rows(self):
        for line in self._process.stdout:
            self.row_times.append(time.monotonic())
            self.rows.append(line.decode("utf-8").rstrip("\n"))

    def _read_log(self):
        while data := os.read(self._process.stderr.fileno(), 65536):
            self._log.append(data)


def run(sql, *flags, timeout=PATIENCE, expect=0, environment=None):
    """Runs to the end. `expect` is the exit code it must end with."""
    finished = Job(sql, *flags, environment=environment).wait(timeout)
    assert finished.code == expect, f"exit code {finished.code}, not {expect}; log:\n{finished.log}\nrows:\n{finished.out[:2000]}"
    return finished


def quoted(text):
    return "'" + str(text).replace("'", "''") + "'"


def table(name, columns, options):
    """The text of CREATE TEMPORARY TABLE."""
    listed = ", ".join(f"{quoted(key)} = {quoted(value)}" for key, value in options.items())
    return f"CREATE TEMPORARY TABLE {name} ({columns}) WITH ({listed});\n"
