"""scripts/flink: a cluster's life, and what it says when something is wrong."""
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = str(ROOT / "scripts" / "flink")


def flink(*arguments, code=0):
    """The KEY=VALUE lines of a command that ends with this code; what it said where that is 1."""
    run = subprocess.run([SCRIPT, *arguments], capture_output=True, text=True, timeout=2000)
    assert run.returncode == code, run.stderr
    return run.stderr if code == 1 else dict(line.split("=", 1) for line in run.stdout.splitlines())


@pytest.mark.parametrize("arguments, message", [
    (["start", "--conf", "parallelism.default"], "--conf parallelism.default: write KEY=VALUE"),
    (["start", "--jar", "/nowhere/connector.jar"], "--jar /nowhere/connector.jar: there is no such file"),
    (["status"], "there is no cluster in"),
    (["kill-jobmanager"], "there is no cluster in"),
    (["kill"], "unknown command kill"),
    (["restart"], "unknown command restart"),
])
def test_says_what_is_wrong(tmp_path, arguments, message):
    assert message in flink(*arguments, "--dir", str(tmp_path / "cluster"), code=1)


def test_parts_are_killed_and_started_again(tmp_path):
    at = ["--dir", str(tmp_path / "cluster")]
    jar = tmp_path / "connector.jar"
    jar.write_bytes(b"PK\x05\x06" + bytes(18))  # an archive without files
    try:
        started = flink("start", "--line", "2.2", "--taskmanagers", "1", "--jar", str(jar), *at)
        assert (started["LINE"], started["JAR"]) == ("2.2", str(tmp_path / "cluster" / "lib" / "connector.jar"))

        flink("kill-taskmanager-1", *at)
        left = flink("status", *at, code=3)
        assert (left["PID_TASKMANAGER_1"], left["PID_JOBMANAGER"]) == ("", started["PID_JOBMANAGER"])
        again = flink("start-taskmanager-1", *at)
        assert again["PID_TASKMANAGER_1"] and again["REST"] == started["REST"]

        assert "has no taskmanager-2; there are jobmanager, taskmanager-1, gateway" in flink("kill-taskmanager-2", *at, code=1)
        assert "holds a Flink 2.2" in flink("start", "--line", "1.20", *at, code=1)
    finally:
        flink("stop", "--remove", *at)
    assert not (tmp_path / "cluster").exists()
