"""A real Flink, run by scripts/flink, and its jobs."""

import json
import subprocess
import time
import urllib.request
from pathlib import Path

from .cluster import ROOT
from .runner import run

LINES = ["1.20", "2.2"]
CHECKPOINTS = "SET 'execution.checkpointing.interval' = '200 ms';\n"  # with which offsets are committed
FOR_EVER = ("SET 'restart-strategy.type' = 'fixed-delay';\nSET 'restart-strategy.fixed-delay.attempts' = '1000000';\n"
            "SET 'restart-strategy.fixed-delay.delay' = '100 ms';\n")
_SCRIPT = ROOT / "scripts" / "flink"


class Flink:
    """A JobManager, TaskManagers and a SQL Gateway in a folder of their own."""

    def __init__(self, directory, line, *arguments):
        self.directory, self.line = str(directory), line
        # A part gives itself ten seconds to start its own actors, and has been seen to take longer.
        self.facts = self._do("start", "--line", line, "--conf", "pekko.startup-timeout=300 s", *arguments)

    @property
    def gateway(self):
        return self.facts["GATEWAY"]

    def kill(self, part):
        self._do(f"kill-{part}")

    def start(self, part, *arguments):
        self.facts = self._do(f"start-{part}", *arguments)

    def remove(self):
        self._do("stop", "--remove")

    def logs(self, parts="taskmanager-*"):
        """What each TaskManager has said, print tables included; or other parts."""
        return {path.name: path.read_text(errors="replace") for path in Path(self.facts["LOG_DIR"]).glob(f"{parts}.log")}

    def wait_printed(self, rows, before=None, timeout=180):
        """Waits until print tables have written these rows, beyond what the logs held `before`."""
        end = time.monotonic() + timeout
        before = before or {}
        while True:
            said = "".join(text[len(before.get(name, "")):] for name, text in self.logs().items())
            missing = [row for row in rows if row not in said]
            if not missing:
                return
            if time.monotonic() > end:
                raise TimeoutError(f"{missing} were not printed within {timeout} s")
            time.sleep(0.2)

    def run(self, sql, *flags, timeout=400, **options):
        """Hands a script over and waits until its jobs have ended. A gateway's first plan takes its time."""
        return run(sql, "--flink", self.gateway, *flags, timeout=timeout, **options)

    def submit(self, sql, *flags):
        """Hands a script over; gives the ids of its jobs."""
        rows = self.run(sql, "--detach", *flags).rows
        return [row.split()[1] for row in rows if row.startswith("job ") and row.endswith(" submitted")]

    def ask(self, path, method="GET", body=None):
        request = urllib.request.Request(self.facts["REST"] + path, method=method, headers={"Content-Type": "application/json"},
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.loads(answer.read() or b"{}")

    def status(self, job):
        return self.ask(f"/jobs/{job}")["state"]

    def wait_status(self, job, *wanted, timeout=180):
        """Waits for one of these states; gives it."""
        end = time.monotonic() + timeout
        while (status := self.status(job)) not in wanted:
            if time.monotonic() > end:
                raise TimeoutError(f"job {job} is {status} after {timeout} s, not {' or '.join(wanted)}")
            time.sleep(0.1)
        return status

    def wait_running(self, job, timeout=180):
        """Waits until all its subtasks run, as a savepoint wants it."""
        end = time.monotonic() + timeout
        while not all(vertex["tasks"]["RUNNING"] == vertex["parallelism"] for vertex in self.ask(f"/jobs/{job}")["vertices"]):
            if time.monotonic() > end:
                raise TimeoutError(f"not all subtasks of job {job} run after {timeout} s")
            time.sleep(0.1)

    def cancel(self, *jobs):
        for job in jobs:
            self.ask(f"/jobs/{job}?mode=cancel", "PATCH")
        for job in jobs:
            self.wait_status(job, "CANCELED", "FINISHED", "FAILED")

    def stop_with_savepoint(self, job, timeout=180):
        """The savepoint's path."""
        trigger = self.ask(f"/jobs/{job}/stop", "POST", {"drain": False})["request-id"]
        end = time.monotonic() + timeout
        while (answer := self.ask(f"/jobs/{job}/savepoints/{trigger}"))["status"]["id"] != "COMPLETED":
            if time.monotonic() > end:
                raise TimeoutError(f"no savepoint of {job} within {timeout} s")
            time.sleep(0.1)
        if "location" not in answer["operation"]:
            raise RuntimeError(f"no savepoint of {job}: {answer['operation']['failure-cause']['stack-trace'].splitlines()[0]}")
        self.wait_status(job, "FINISHED")
        return answer["operation"]["location"]

    def checkpoints(self, job):
        """How many have completed since the job was last restored or started."""
        return self.ask(f"/jobs/{job}/checkpoints")["counts"]["completed"]

    def restarts(self, job):
        """How often it has been started anew after a failure."""
        [metric] = self.ask(f"/jobs/{job}/metrics?get=numRestarts")
        return int(metric["value"])

    def metric_names(self, job, timeout=180):
        """The names of all metrics of its subtasks. The JobManager gathers them only once it is asked."""
        names, end = [], time.monotonic() + timeout
        for vertex in self.ask(f"/jobs/{job}")["vertices"]:
            while not (found := self.ask(f"/jobs/{job}/vertices/{vertex['id']}/metrics")):
                if time.monotonic() > end:
                    raise TimeoutError(f"no metrics of {vertex['name']} after {timeout} s")
                time.sleep(0.2)
            names += [metric["id"] for metric in found]
        return names

    def _do(self, *arguments):
        done = subprocess.run([_SCRIPT, *arguments, "--dir", self.directory], text=True, timeout=2000,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode:
            raise RuntimeError(f"scripts/flink {' '.join(arguments)} failed:\n{done.stderr}")
        return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
