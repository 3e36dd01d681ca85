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
_BATCH = 500


def say(*what):
    print(*what, flush=True)


@contextlib.contextmanager
def cluster(version="5.5.0", conf=()):
    """A cluster of its own for the benchmark; removed at the end."""
    BUILD.mkdir(parents=True, exist_ok=True)
    directory = tempfile.mkdtemp(prefix="cluster-", dir=BUILD)
    say(f"Starting Apache RocketMQ {version} ...")
    running = Cluster(directory, version, conf=conf)
    try:
        yield running
    finally:
        running.remove()
        shutil.rmtree(directory, ignore_errors=True)


def load(name_server, topic, count, record, workers=2):
    """Fills a topic: message i has `record(i)` = (body, key) and goes to queue i mod queues; the key may be None."""
    with Client(name_server) as client:
        queues, brokers = client.queues(topic), client.brokers()
    begun = time.monotonic()
    processes = [multiprocessing.get_context("fork").Process(
        target=_load_queues, args=(brokers, topic, queues, worker, workers, count, record)) for worker in range(workers)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        if process.exitcode:
            raise RuntimeError("loading failed")
    seconds = time.monotonic() - begun
    say(f"Loaded {count:,} messages in {seconds:.1f} s ({count / seconds:,.0f}/s).")


def _load_queues(brokers, topic, queues, worker, workers, count, record):
    """Fills a worker's queues side by side, one batch in flight in each: more might be stored out of order."""
    connections = {broker: Connection(address) for broker, address in brokers.items()}
    own = [number for number in range(len(queues)) if number % workers == worker]
    for begin in range(0, count, _BATCH * len(queues)):
        in_flight = {}
        for number in own:
            members = []
            for i in range(begin + number, min(begin + _BATCH * len(queues), count), len(queues)):
                body, key = record(i)
                keys = "" if key is None else f"KEYS\x01{key}\x02"
                members.append(encode_batch_member(body, f"UNIQ_KEY\x01{unique_key()}\x02{keys}"))
            if members:
                batch = topic, queues[number], b"".join(members)
                in_flight[_send(connections, *batch)] = batch
        while in_flight:
            _confirm(connections, in_flight)


def _send(connections, topic, queue, body):
    return queue.broker, connections[queue.broker].send(SEND_BATCH, send_fields(topic, queue, "", batch=True), body)


def _confirm(connections, in_flight):
    """Takes one answer; what the broker was too busy for goes again."""
    broker = next(iter(in_flight))[0]
    response = connections[broker].receive()
    batch = in_flight.pop((broker, response.opaque))
    if response.code == SYSTEM_BUSY:
        time.sleep(0.2)
        in_flight[_send(connections, *batch)] = batch
    elif response.code:
        raise RuntimeError(f"the broker refused a batch: code {response.code}: {response.remark}")


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
