"""The jobs of a run: processes of `rocketlink run` that are started again whenever they end, and a job on a Flink cluster."""

import dataclasses
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
_PAUSE_MS, _LONGEST_PAUSE_MS = 1_000, 8_000  # before a job that has ended by itself is started again; doubles while it can't stay
_UNNOTICED_MS = 25_000  # how long a TaskManager may be dead before Flink says so: its time for heartbeats, and some
_YOUNG_MS = 20_000  # in which a new process may give up for want of a server, with some for a slow machine
_READS = re.compile(r": reading \d+ queue")
_FAILED = "rocketlink: "  # how its last line begins
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
        sink = {**base, "topic": pair.sink, "producerGroup": group(job), "retryTimes": job.tries, "sleepTimeMs": job.pause_ms,
                "sink.batch.max-messages": job.batch, **({"partitionField": "k"} if pair.keyed else {})}
        text += table(f"dst{number}", _COLUMNS.format(virtual=""), sink)
        where = "" if pair.remainder is None else f" WHERE MOD(n, 2) = {pair.remainder}"
        inserts += f"INSERT INTO dst{number} SELECT id, k, n, text, `keys`, tags FROM src{where};\n"
    return text + (f"EXECUTE STATEMENT SET BEGIN\n{inserts}END;\n" if len(job.pairs) > 1 else inserts)


@dataclasses.dataclass(frozen=True)
class Ending:
    """Of a life of a job."""
    life: int
    started_ms: float
    ended_ms: float  # when it was seen to be over
    code: int
    said: tuple = ()  # its last lines
    read: bool = True  # it had begun to
    told_by: int | None = None  # the signal, if it was told to end
    told_ms: float = 0

    @property
    def at_once(self):
        """Signals do that to a process that is not reading: not yet, or no more."""
        return self.told_by == signal.SIGTERM == -self.code

    @property
    def unbegun(self):
        return self.at_once and not self.read and self.told_ms - self.started_ms <= _YOUNG_MS

    @property
    def orderly(self):
        """Nothing that it has read is left unwritten or uncommitted."""
        return self.told_by == signal.SIGTERM and self.code == 0 or self.unbegun

    @property
    def failed(self):
        """By an error that it has told of."""
        return self.code == 1 or self.at_once and bool(self.said) and self.said[-1].startswith(_FAILED)


def wrong_with(ending, job, history):
    """What is wrong with how a life ended, if something is; to be asked when all that has happened is known."""
    if ending.orderly or ending.told_by == signal.SIGKILL == -ending.code:
        return None
    how = f"on signal {ending.told_by}" if ending.told_by else "by itself"
    text = f"life {ending.life} ended {how} with {ending.code}: {' / '.join(ending.said)}"
    if not ending.failed:
        return text
    if not history.suffers(ending.told_ms if ending.told_by else ending.ended_ms, ending.ended_ms):
        return f"{text}, though nothing had been done to it"
    # It was not yet connected and nobody answered; or it was told that something is not permitted; or that was its last try.
    # Told to end, it waits for acknowledgements for 30 s only.
    reasons = ("does not permit", *(["given up after"] if job.gives_up else []))
    if ending.told_by or ending.ended_ms - ending.started_ms <= _YOUNG_MS or any(reason in line for line in ending.said for reason in reasons):
        return None
    return text


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
        self._process, self._told = None, None  # when it was told to end
        self._ended, self._pause_ms = None, _PAUSE_MS  # its ending, if it is over
        self._lock = threading.Lock()

    def start(self):
        self.lives += 1
        self._ended = None
        self._started_ms = self._alive_ms = time.time() * 1000
        with open(self._log(), "wb") as log:
            self._process = subprocess.Popen(
                [*self._program, "run", str(self._sql), "--commit-interval", str(COMMIT_MS), "--log-level", "info"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**_SANITIZERS, **os.environ})

    def watch(self):
        """Starts it again if it has ended by itself; to be called now and then."""
        with self._lock:
            if self._told is not None or self._process is None:
                return
            now = time.time() * 1000
            if self._process.poll() is None:
                self._alive_ms = now
            elif self._ended is None:
                self._note_ending()
                young = now - self._started_ms <= _YOUNG_MS
                self._pause_ms = min(2 * self._pause_ms, _LONGEST_PAUSE_MS) if young else _PAUSE_MS
            elif now > self._ended.ended_ms + self._pause_ms:
                self._begin_anew()

    def end(self, number, patience=90):
        """Told to end by that signal; until `start_again` it stays away."""
        with self._lock:
            self._told = time.time() * 1000
            if self._ended is None and self._process.poll() is not None:
                self._note_ending()
        if self._ended is None:
            self._end_by(number, patience)

    def _end_by(self, number, patience):
        self._process.send_signal(number)  # no one is there to hear it where it has just ended by itself
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.complaints.append(f"life {self.lives} did not end within {patience} s of signal {number}")
            number = signal.SIGKILL
            self._process.kill()
            self._process.wait()
        # By SIGKILL it is over at once: with another code it was so before.
        self._note_ending(number if number != signal.SIGKILL or self._process.returncode == -number else None)

    def start_again(self):
        with self._lock:
            self._begin_anew()
            self._told = None

    def _begin_anew(self):
        ended = self._ended
        begin = ended.told_ms if ended.told_by else self._alive_ms
        self.start()
        self.history.deaths.append(Death(begin, time.time() * 1000, ended.orderly, not ended.told_by))

    def _note_ending(self, number=None):
        text = self._log().read_text(errors="replace")
        if found := _REPORT.search(text):
            self.complaints.append(f"a sanitizer reports: {text[found.start():].splitlines()[0]}: see {self._log()}")
        self._ended = Ending(self.lives, self._started_ms, time.time() * 1000, self._process.returncode, tuple(text.strip().splitlines()[-3:]),
                             bool(_READS.search(text)), number, self._told if number else 0)
        self.endings.append(self._ended)

    def found(self):
        """All complaints, when all that has happened to it is known."""
        return self.complaints + [text for ending in self.endings if (text := wrong_with(ending, self.job, self.history))]

    def kill(self):
        self.end(signal.SIGKILL)

    def stop(self):
        self.end(signal.SIGTERM)

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


class OnFlink:
    """A Flink of its own, and the job on it."""

    def __init__(self, job, sql, folder, line):
        self.job = job
        self.history = History(COMMIT_MS)
        self.complaints, self.endings, self.lives = [], [], 1
        self._restarts, self._gone = [], []  # (failed, began, why), and [begin, end, part] of what was away or stood still
        self._flink = Flink(folder / "flink", line, *_PATIENTLY, "--conf", "taskmanager.numberOfTaskSlots=1")
        settings = {"execution.checkpointing.interval": f"{COMMIT_MS} ms", "parallelism.default": job.readers}
        self._sql = "".join(f"SET '{name}' = '{value}';\n" for name, value in settings.items()) + sql
        self._id, self._failed, self._look_at = None, False, 0
        self._began_ms, self._alive_ms = 0, float("inf")

    def start(self):
        rows = self._flink.run(self._sql, "--detach", timeout=600).rows  # a gateway's first plan takes its time
        [self._id] = [row.split()[1] for row in rows if row.startswith("job ")]
        self._flink.wait_status(self._id, "RUNNING", timeout=300)
        self._alive_ms = time.time() * 1000

    def watch(self):
        """Once a second: whether it still runs, and whether it was started anew."""
        if self._failed or time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + 1
        now = time.time() * 1000
        told = self._flink.ask(f"/jobs/{self._id}")
        if told["state"] in ("FAILED", "CANCELED", "FINISHED"):
            self._failed = True
            self.complaints.append(f"Flink's job is {told['state']}")
        began, failed = told["timestamps"]["RUNNING"], told["timestamps"].get("RESTARTING", 0)
        if began > failed > 0 and began > self._began_ms:
            self.lives += 1
            self._restarts.append((failed, began, self._why()))
            self.history.deaths.append(Death(self._ended_ms(failed, began), began, by_itself=True))
        if began > failed:
            self._began_ms, self._alive_ms = began, now

    def _ended_ms(self, failed, began):
        """Since when something of it may have been dead; the first of failures between two looks is not told of."""
        return min([failed, self._alive_ms, *(begin for begin, end, _ in self._gone if begin <= began and failed <= end + _UNNOTICED_MS)])

    def _why(self):
        entries = self._flink.ask(f"/jobs/{self._id}/exceptions").get("exceptionHistory", {}).get("entries") or [{}]
        return entries[0].get("stacktrace", "no reason is told").splitlines()[0]

    def found(self):
        """All complaints, when all that has happened to it is known."""
        return self.complaints + [f"Flink restarted the job at {failed:.0f}, though nothing had been done to it: {why}"
                                  for failed, began, why in self._restarts if not self.history.suffers(failed, began)]

    def kill_part(self, part):
        self._goes(part)
        self._flink.kill(part)

    def start_part(self, part):
        self._flink.start(part, *_PATIENTLY)
        self._is_back(part)

    def pause_part(self, part):
        self._goes(part)
        os.kill(self._pid(part), signal.SIGSTOP)

    def go_on_part(self, part):
        os.kill(self._pid(part), signal.SIGCONT)
        self._is_back(part)

    def _pid(self, part):
        return int(self._flink.facts[f"PID_{part.upper().replace('-', '_')}"])

    def _goes(self, part):
        self._gone.append([time.time() * 1000, float("inf"), part])

    def _is_back(self, part):
        [of_it] = [each for each in self._gone if each[1:] == [float("inf"), part]]
        of_it[1] = time.time() * 1000

    def stop(self):
        self._flink.cancel(self._id)

    def remove(self):
        self._flink.remove()
