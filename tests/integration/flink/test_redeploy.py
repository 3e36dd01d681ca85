"""Jobs that come and go on one TaskManager, each with a class loader and so a copy of the native library of its own."""

import subprocess
import time
from pathlib import Path

import pytest

from support.flink import LINES, Flink

JOBS, JOBS_OF_RELEASE, SETTLED = 20, 50, 5
# What the JVM itself may vary by: its compiler and its collector come and go.
MORE_THREADS, MORE_FILES, MORE_METASPACE_MIB, MORE_NATIVE_MIB = 8, 8, 16, 64
# The heap is resident from the start, so that all that grows beyond it is native.
JVM = "-Xcheck:jni -Xms640m -XX:+AlwaysPreTouch"


def megabytes(pid):
    """Resident memory and used metaspace, in MiB."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    names, values = subprocess.run(["jstat", "-gc", str(pid)], check=True, text=True, capture_output=True).stdout.splitlines()
    return int(status["VmRSS"].split()[0]) / 1024, float(dict(zip(names.split(), values.split()))["MU"]) / 1024


class State:
    """What a process holds after a collection."""

    def __init__(self, pid):
        subprocess.run(["jcmd", str(pid), "GC.run"], check=True, capture_output=True)
        self.threads = len(list(Path(f"/proc/{pid}/task").iterdir()))
        self.files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
        self.libraries = len({line.split()[4] for line in maps if "/rocketlink-" in line and ".so" in line})
        self.resident, self.metaspace = megabytes(pid)

    def __repr__(self):
        return (f"{self.threads} threads, {self.files} files, {self.libraries} copies of the library, metaspace "
                f"{self.metaspace:.0f} MiB, resident {self.resident:.0f} MiB")

    def as_before(self, before):
        return (self.threads <= before.threads + MORE_THREADS and self.files <= before.files + MORE_FILES
                and self.libraries <= 1 and self.metaspace <= before.metaspace + MORE_METASPACE_MIB
                and self.resident <= before.resident + MORE_NATIVE_MIB)


@pytest.mark.parametrize("line", LINES)
def test_jobs_that_come_and_go_leave_nothing(tmp_path, mq5, line, request):
    jobs = JOBS_OF_RELEASE if request.config.getoption("--release") else JOBS
    source, copy = mq5.topic(), mq5.topic()
    flink = Flink(tmp_path / "flink", line, "--taskmanagers", "1", "--conf", f"env.java.opts.taskmanager={JVM}")
    try:
        pid = flink.facts["PID_TASKMANAGER_1"]
        script = (f"SET 'pipeline.jars' = 'file://{flink.facts['JAR']}';\n" + mq5.source(source, options={"scan.startup.mode": "earliest"}) +
                  mq5.sink(copy) + "INSERT INTO dst SELECT v FROM src;")
        settled = None
        for number in range(1, jobs + 1):
            mq5.client.send(source, str(number))
            [job] = flink.submit(script)
            mq5.client.wait_for(copy, number * (number + 1) // 2)  # each reads from the first message
            flink.cancel(job)
            if number == SETTLED:
                settled = State(pid)
                print(f"after {SETTLED} jobs: {settled}")
        end = time.monotonic() + 120
        while not (last := State(pid)).as_before(settled) and time.monotonic() < end:
            time.sleep(1)
        print(f"after {jobs} jobs: {last}")
        assert last.as_before(settled), (settled, last)
        said = "".join(flink.logs().values())
        assert "WARNING in native method" not in said and "FATAL ERROR in native method" not in said, "see -Xcheck:jni"
    finally:
        flink.remove()
