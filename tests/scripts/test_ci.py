""".ci/run: tests a clone of HEAD with nothing beside it, whatever the checkout is like, and leaves nothing behind."""
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = """#!/bin/sh
echo "in $PWD with $(git rev-list --count HEAD) commit, beside $(ls ..)"
echo "vendor's: ${ROCKETLINK_VENDOR_EXAMPLES-nothing}, arguments: $*"
echo "2 passed, 1 failed"
exit 3
"""
WAIT_FOR_A_SIGNAL = """#!/bin/sh
trap 'ls scripts; exit 1' INT TERM
sh -c 'trap "sleep 0.5; echo child told; exit" INT TERM; echo started; for _ in $(seq 600); do sleep 0.1; done'
"""


class Checkout:
    """A repository that has .ci/run, and another program in place of scripts/test."""

    def __init__(self, folder):
        self.path, self.place = folder / "some where" / "checkout", folder / "place"
        self.place.mkdir()
        self._environment = {name: value for name, value in os.environ.items() if name != "ROCKETLINK_VENDOR_EXAMPLES"}
        self._environment["TMPDIR"] = str(self.place)
        (self.path / ".ci").mkdir(parents=True)
        shutil.copy(ROOT / ".ci" / "run", self.path / ".ci")
        self.git("init", "--quiet")
        self.commit(TESTS)

    def git(self, *arguments):
        identity = ["-c", "user.name=A Test", "-c", "user.email=test@localhost"]
        subprocess.run(["git", *identity, *arguments], cwd=self.path, check=True, timeout=60)

    def write(self, tests):
        (self.path / "scripts").mkdir(exist_ok=True)
        (self.path / "scripts" / "test").write_text(tests)
        (self.path / "scripts" / "test").chmod(0o755)

    def commit(self, tests):
        self.write(tests)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "a commit")

    def start(self, *arguments, **environment):
        command = ["env", "--default-signal=INT", self.path / ".ci" / "run", *arguments]
        return subprocess.Popen(command, cwd=self.path, env={**self._environment, **environment}, text=True, stdout=subprocess.PIPE)

    def run(self, *arguments, **environment):
        """What scripts/test said of where it ran; of the rest is made sure here."""
        running = self.start(*arguments, **environment)
        lines = running.communicate(timeout=60)[0].splitlines()
        assert (running.returncode, lines[-1]) == (3, "2 passed, 1 failed")
        assert lines[0].startswith(f"in {self.place}/") and lines[0].endswith(" with 1 commit, beside rocketlink")
        assert list(self.place.iterdir()) == []
        return lines[1]


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


def test_a_clone_of_what_is_committed_is_tested(checkout):
    checkout.write("#!/bin/sh\nexit 1\n")
    assert checkout.run("unit", "format") == "vendor's: nothing, arguments: unit format"


def test_the_checkout_may_be_detached_and_shallow(checkout):
    for tests in ("the middle", "the tip"):
        checkout.commit(TESTS.replace("arguments", tests))
    checkout.git("checkout", "--quiet", "--detach", "HEAD~1")
    assert "the middle" in checkout.run()
    checkout.git("clone", "--quiet", "--no-local", "--depth", "1", ".", "../shallow")
    checkout.path = checkout.path.parent / "shallow"
    assert "the middle" in checkout.run()


@pytest.mark.parametrize("environment", [{"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}, {"GIT_DIR": "/nowhere"}], ids=["owner", "hook"])
def test_the_checkout_may_be_anothers_and_git_may_be_calling(checkout, environment):
    checkout.commit(TESTS.replace("git ", "env -u GIT_TEST_ASSUME_DIFFERENT_OWNER git "))
    checkout.run(**environment)


def test_the_vendors_examples_are_found_where_the_checkout_finds_them(checkout, tmp_path):
    beside, elsewhere = checkout.path.parent / "shared" / "examples", tmp_path / "elsewhere"
    for folder in (beside, elsewhere):
        folder.mkdir(parents=True)
    assert checkout.run() == f"vendor's: {beside}, arguments: "
    assert checkout.run(ROCKETLINK_VENDOR_EXAMPLES=str(elsewhere)) == f"vendor's: {elsewhere}, arguments: "
    assert checkout.run(ROCKETLINK_VENDOR_EXAMPLES="/nowhere") == "vendor's: /nowhere, arguments: "


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_reaches_all_that_runs_and_the_clone_goes_once_that_has_ended(checkout, number):
    checkout.commit(WAIT_FOR_A_SIGNAL)
    running = checkout.start()
    try:
        assert running.stdout.readline() == "started\n"
        running.send_signal(number)
        assert running.communicate(timeout=60)[0].splitlines() == ["child told", "test"]
        assert (running.returncode, list(checkout.place.iterdir())) == (128 + number, [])
    finally:
        running.kill()


def test_what_killed_runs_left_is_removed_a_day_later(checkout):
    for name, age in (("rocketlink-ci.old", 90_000), ("rocketlink-ci.new", 0), ("other", 90_000)):
        (checkout.place / name).mkdir()
        os.utime(checkout.place / name, (0, (checkout.place / name).stat().st_mtime - age))
    checkout.start().communicate(timeout=60)
    assert {path.name for path in checkout.place.iterdir()} == {"rocketlink-ci.new", "other"}


def test_without_a_repository_it_fails(checkout):
    shutil.rmtree(checkout.path / ".git")
    running = checkout.start()
    assert running.communicate(timeout=60)[0] == "" and running.returncode not in (0, None)
    assert list(checkout.place.iterdir()) == []
