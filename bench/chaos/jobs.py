"""The jobs of a run: processes of `rocketlink run` that are started again whenever they end, and a job on a Flink cluster."""

import os
import re
import shlex
import signal
import subprocess
import threading
import time

from benchlib import ROOT
from judge import Death, History
from support.flink import Flink
from support.runner import table

COMMIT_MS = 1000
_PAUSE_MS = 1000  # before a job that has ended by itself is started again
_UNNOTICED_MS = 25_000  # how long a TaskManager may be dead before Flink says so: its time for heartbeats, and some
FIRST_CONNECTION = 20  # seconds in which a new process may give up for want of a server, with some for a slow machine
_PATIENTLY = ("--timeout", "500")  # Flink's parts are started on a busy machine
_COLUMNS = "id VARCHAR, k VARCHAR, n BIGINT, text VARCHAR, `keys` VARCHAR METADATA{virtual}, tags VARCHAR METADATA{virtual}"
_REPORT = re.compile(r"ERROR: (Address|Leak|Undefined|Thread)Sanitizer|WARNING: ThreadSanitizer|: runtime error:|^\*\*\* ", re.MULTILINE)
_SANITIZERS = {"TSAN_OPTIONS": f"suppressions={ROOT / 'tests' / 'tsan.supp'}:halt_on_error=0:allow_addr2line=1", "UBSAN_OPTIONS": "print_stacktrace=1"}


def script(job, endpoint, connector):
    """The job's SQL."""
    base = {"connector": connector, "endpoint": endpoint, "fieldDelimiter": ","}
    polling = {"pullIntervalMs": 100} if connector == "mq" else {}
    tags = {"tag": "||".join(job.pairs[0].tags)} if job.pairs[0].tags else {}
    source = {**base, **polling, **tags, "topic": job.pairs[0].source, "consumerGroup": group(job), "lengthCheck": "EXCEPTION",
              "scan.partition-discovery.interval": "2 s", "scan.parallelism": job.readers}
    text = table("src", _COLUMNS.format(virtual=" VIRTUAL"), source)
    inserts = ""
    for number, pair in enumerate(job.pairs):
        # Tries outlast every chain of faults: a job that gives up has been told something final.
        sink = {**base, "topic": pair.sink, "producerGroup": group(job), "retryTimes": 3000, "sleepTimeMs": 200,
                "sink.batch.max-messages": job.batch, **({"partitionField": "k"} if pair.keyed else {})}
        text += table(f"dst{number}", _COLUMNS.format(virtual=""), sink)
        where = "" if pair.remainder is None else f" WHERE MOD(n, 2) = {pair.remainder}"
        inserts += f"INSERT INTO dst{number} SELECT id, k, n, text, `keys`, tags FROM src{where};\n"
    return text + (f"EXECUTE STATEMENT SET BEGIN\n{inserts}END;\n" if len(job.pairs) > 1 else inserts)


def may_end_so(history, started_ms, ended_ms, text):
    """A job may end by itself where something has happened to it, for two reasons: it was not yet connected and nobody answered,
    or it was told that something is not permitted."""
    if not any(each.begin_ms <= ended_ms and started_ms <= each.end_ms + FIRST_CONNECTION * 1000 for each in history.disturbances):
        return False
    return ended_ms - started_ms <= FIRST_CONNECTION * 1000 or any("does not permit" in line for line in text)


def group(job):
    return f"chaos-{job.name}"


class Native:
    """One job's processes, one life after the other."""

    def __init__(self, job, sql, program, folder):
        self.job, self._program, self._folder = job, shlex.split(str(program)), folder
        self._sql = folder / f"{job.name}.sql"
        self._sql.write_text(sql)
        self.history = History(COMMIT_MS)
        self.lives, self.complaints, self.endings = 0, [], []
        self._process, self._told, self._ended = None, None, None  # when it was told to end, and when it did so by itself
        self._lock = threading.Lock()

    def start(self):
        self.lives += 1
        self._ended = None
        self._started_ms = time.time() * 1000
        with open(self._log(), "wb") as log:
            self._process = subprocess.Popen(
                [*self._program, "run", str(self._sql), "--commit-interval", str(COMMIT_MS), "--log-level", "info"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**_SANITIZERS, **os.environ})

    def watch(self):
        """Starts it again if it has ended by itself; to be called now and then."""
        with self._lock:
            if self._told is not None or self._process is None or self._process.poll() is None:
                return
            now = time.time() * 1000
            if self._ended is None:
                self._ended = now
                self._look_at_log()
                # Whether it may end is seen later, when all that has happened is known.
                text = self._log().read_text(errors="replace").strip().splitlines()
                self.endings.append((self.lives, self._started_ms, now, self._process.returncode, text[-3:]))
            elif now > self._ended + _PAUSE_MS:
                begin = self._ended - _PAUSE_MS
                self.start()
                self.history.deaths.append(Death(begin, time.time() * 1000))

    def end(self, number, patience=90):
        """Told to end by that signal; until `start_again` it stays away."""
        with self._lock:
            self._told = time.time() * 1000
        self._process.send_signal(number)  # no one is there to hear it where it has just ended by itself
        try:
            code = self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.complaints.append(f"life {self.lives} did not end within {patience} s of signal {number}")
            self._process.kill()
            code = self._process.wait()
        self._orderly = number == signal.SIGTERM and code == 0
        self._look_at_log()
        return code

    def start_again(self):
        with self._lock:
            self.start()
            self.history.deaths.append(Death(self._told, time.time() * 1000, self._orderly))
            self._told = None

    def kill(self):
        self.end(signal.SIGKILL)

    def stop(self):
        code = self.end(signal.SIGTERM)
        if code not in (0, 1, -signal.SIGTERM):  # 1: acknowledgements did not come within 30 s; the last: it had not begun to read
            self.complaints.append(f"life {self.lives} ended with {code} on SIGTERM: see {self._log()}")

    def pause(self):
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self._process.send_signal(signal.SIGCONT)

    @property
    def pid(self):
        return self._process.pid

    def remove(self):
        with self._lock:
            self._told = time.time() * 1000
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _log(self):
        return self._folder / f"{self.job.name}-{self.lives}.log"

    def _look_at_log(self):
        text = self._log().read_text(errors="replace")
        if found := _REPORT.search(text):
            self.complaints.append(f"a sanitizer reports: {text[found.start():].splitlines()[0]}: see {self._log()}")


class OnFlink:
    """A Flink of its own, and the job on it."""

    def __init__(self, job, sql, folder, line):
        self.job = job
        self.history = History(COMMIT_MS)
        self.complaints, self.endings, self.lives = [], [], 1
        self._flink = Flink(folder / "flink", line, *_PATIENTLY, "--conf", "taskmanager.numberOfTaskSlots=1")
        settings = {"execution.checkpointing.interval": f"{COMMIT_MS} ms", "parallelism.default": job.readers}
        self._sql = "".join(f"SET '{name}' = '{value}';\n" for name, value in settings.items()) + sql
        self._id, self._failed, self._look_at = None, False, 0

    def start(self):
        rows = self._flink.run(self._sql, "--detach", timeout=600).rows  # a gateway's first plan takes its time
        [self._id] = [row.split()[1] for row in rows if row.startswith("job ")]
        self._flink.wait_status(self._id, "RUNNING", timeout=300)

    def watch(self):
        """Once a second: whether it still runs, and whether it was started anew."""
        if self._failed or time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + 1
        told = self._flink.ask(f"/jobs/{self._id}")
        if told["state"] in ("FAILED", "CANCELED", "FINISHED"):
            self._failed = True
            self.complaints.append(f"Flink's job is {told['state']}")
        began, failed = told["timestamps"]["RUNNING"], told["timestamps"].get("RESTARTING", 0)
        if began > failed > 0 and (not self.history.deaths or self.history.deaths[-1].end_ms < began):
            self.lives += 1
            self.history.deaths.append(Death(failed - _UNNOTICED_MS, began))

    def kill_part(self, part):
        self._flink.kill(part)

    def start_part(self, part):
        self._flink.start(part, *_PATIENTLY)

    def signal_part(self, part, number):
        os.kill(int(self._flink.facts[f"PID_{part.upper().replace('-', '_')}"]), number)

    def stop(self):
        self._flink.cancel(self._id)

    def remove(self):
        self._flink.remove()
