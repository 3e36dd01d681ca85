"""What the benchmarks share: a cluster, a fast loader, measured processes, figures."""

import contextlib
import json
import multiprocessing
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "integration"))

from support.cluster import Cluster  # noqa: E402
from support.messages import encode_batch_member, unique_key  # noqa: E402
from support.remoting import SEND_BATCH, SYSTEM_BUSY, Client, Connection, send_fields  # noqa: E402
from support.runner import PROGRAM, table  # noqa: E402

BUILD = ROOT / "build" / "bench"
_BATCH, _SMALL_BATCH = 500, 25


def say(*what):
    print(*what, flush=True)


@contextlib.contextmanager
def cluster(version="5.5.0", conf=()):
    """A cluster of its own for the benchmark; removed at the end."""
    BUILD.mkdir(parents=True, exist_ok=True)
    directory = tempfile.mkdtemp(prefix="cluster-", dir=BUILD)
    say(f"Starting Apache RocketMQ {version} ...")
    running = Cluster(directory, version, conf=conf, patient=False)
    try:
        yield running
    finally:
        running.remove()
        shutil.rmtree(directory, ignore_errors=True)


class Loading:
    """Fills a topic, in processes of their own: message i has `record(i)` = (body, key) and goes to queue i mod queues; the key
    may be None. With a rate (messages a second, never more: what it is late is not made up for) it takes its time and sits out
    the deaths of brokers."""

    def __init__(self, name_server, topic, count, record, workers=2, rate=None):
        context = multiprocessing.get_context("fork")
        # Daemons: when the benchmark fails nobody waits for them, who would sit out the end of its broker for ever.
        self._processes = [context.Process(target=_load_share, args=(name_server, topic, worker, workers, count, record, rate), daemon=True)
                           for worker in range(workers)]
        for process in self._processes:
            process.start()

    def wait(self):
        for process in self._processes:
            process.join()
        self.check()

    def check(self):
        if any(process.exitcode for process in self._processes):
            raise RuntimeError("loading failed")

    def end(self):
        for process in self._processes:
            process.kill()


def load(name_server, topic, count, record):
    """Fills a topic as fast as the broker takes it."""
    begun = time.monotonic()
    Loading(name_server, topic, count, record).wait()
    seconds = time.monotonic() - begun
    say(f"Loaded {count:,} messages in {seconds:.1f} s ({count / seconds:,.0f}/s).")


def _load_share(name_server, topic, worker, workers, count, record, rate):
    writer = _Writer(name_server, topic)
    queues = len(writer.queues)
    step = queues * (_BATCH if rate is None else _SMALL_BATCH)
    due = time.monotonic()
    for begin in range(0, count, step):
        end = min(begin + step, count)
        writer.write({number: [record(i) for i in range(begin + number, end, queues)] for number in range(worker, queues, workers)})
        if rate:
            due = max(due + (end - begin) / rate, time.monotonic())
            time.sleep(max(0.0, due - time.monotonic()))


class _Writer:
    """Writes to queues side by side, one batch in flight in each: more might be stored out of order. It is the only one that
    writes to them, so that after a broker's death the queue's end tells how much of a batch was stored."""

    def __init__(self, name_server, topic):
        self._client = Client(name_server)
        self._topic = topic
        self.queues = self._client.queues(topic)
        self._addresses = self._client.brokers()
        self._connections = {}
        self._ends = [0] * len(self.queues)

    def write(self, records):
        """All records of each queue's number, as one batch."""
        waiting = {number: of_queue for number, of_queue in records.items() if of_queue}
        while waiting:
            try:
                self._send(waiting)
            except OSError:
                self._sit_out(waiting)

    def _send(self, waiting):
        """Takes out of `waiting` what is acknowledged."""
        sent = {}
        for number, records in waiting.items():
            connection = self._connection(self.queues[number].broker)
            fields = send_fields(self._topic, self.queues[number], "", batch=True)
            sent[connection, connection.send(SEND_BATCH, fields, _batch(records))] = number
        while sent:
            connection = next(iter(sent))[0]
            response = connection.receive()
            number = sent.pop((connection, response.opaque))
            if response.code == SYSTEM_BUSY:
                time.sleep(0.2)
            elif response.code:
                raise RuntimeError(f"the broker refused a batch: code {response.code}: {response.remark}")
            else:
                self._ends[number] += len(waiting.pop(number))

    def _connection(self, broker):
        if broker not in self._connections:
            self._connections[broker] = Connection(self._addresses[broker])
        return self._connections[broker]

    def _sit_out(self, waiting):
        """Waits until the brokers are back; takes out of `waiting` what they have stored before they died."""
        self._connections.clear()
        for number in list(waiting):
            stored = self._settled_end(self.queues[number]) - self._ends[number]
            self._ends[number] += stored
            waiting[number] = waiting[number][stored:]
            if not waiting[number]:
                del waiting[number]

    def _settled_end(self, queue):
        """A queue's end, when it has not moved for a second: a broker that starts again takes a while to find it."""
        end, since = None, time.monotonic()
        while end is None or time.monotonic() - since < 1:
            try:
                now = self._client.max_offset(self._topic, queue)
            except OSError:
                now = None
            if now is None or now != end:
                end, since = now, time.monotonic()
            time.sleep(0.1)
        return end


def _batch(records):
    return b"".join(encode_batch_member(body, f"UNIQ_KEY\x01{unique_key()}\x02" + ("" if key is None else f"KEYS\x01{key}\x02"))
                    for body, key in records)


class Measured:
    """A process that has ended: its output, seconds, CPU seconds and peak resident memory."""

    def __init__(self, command, text=""):
        begun = time.monotonic()
        process = subprocess.Popen([str(each) for each in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        # ru_maxrss would count what the child shared with this process before exec.
        self.peak_rss = 0
        ended = threading.Event()
        watch = threading.Thread(target=self._watch, args=(process.pid, ended))
        watch.start()
        process.stdin.write(text.encode())
        process.stdin.close()
        self.out = process.stdout.read().decode()
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.seconds = time.monotonic() - begun
        ended.set()
        watch.join()
        self.cpu_seconds = usage.ru_utime + usage.ru_stime
        if process.returncode:
            raise RuntimeError(f"{command[0]} ended with {process.returncode}")

    def _watch(self, pid, ended):
        while not ended.wait(0.02):
            self.peak_rss = max(self.peak_rss, memory(pid, "VmHWM"))

    def json(self):
        return json.loads(self.out)


def memory(pid, field="VmRSS"):
    """Bytes of a process, 0 when it has gone."""
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def mib(size):
    return f"{size / 2**20:.0f} MiB"


def median(values):
    return statistics.median(values)


def verdict(what, reached):
    """Prints whether a goal is reached; gives it back."""
    say(f"{'PASS' if reached else 'FAIL'}: {what}")
    return reached


def machine():
    model = next((line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), "unknown processor")
    return f"{os.cpu_count()} x {model}"


def need_program():
    if not os.access(PROGRAM, os.X_OK):
        sys.exit(f"{PROGRAM} is not there: build it with scripts/build, or set ROCKETLINK")
