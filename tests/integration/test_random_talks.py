"""The mock that unit tests and simulations stand on answers like real servers, whatever is asked: conversations that nobody
has written, of seeds that nobody has seen. What a failure shows becomes a script in tests/conversations."""

import difflib
import random
import subprocess

import pytest

from support.cluster import ROOT
from support.random_talk import hold
from support.target import unique

MOCK = ROOT / "build" / "release" / "tests" / "mock" / "mock_servers"
TALKS, STEPS = 20, 60


@pytest.fixture(params=["rmq5", "rmq4"])
def pair(release_run, request):
    """A real cluster and the mock of its version: each a function of what `hold` takes last."""
    real, is_5 = request.getfixturevalue(request.param), request.param == "rmq5"
    with subprocess.Popen([MOCK, real.version], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as mock:
        facts = dict(mock.stdout.readline().rstrip().split("=") for _ in range(2))
        yield [lambda *drawn, at=at: hold(*at, unique("talk"), is_5, *drawn)
               for at in ((real.endpoint, real.broker), (facts["ENDPOINT"], facts["BROKER"]))]
        mock.stdin.close()


def test_the_mock_says_what_real_servers_say(pair):
    for seed in (random.randrange(10**9) for _ in range(TALKS)):
        steps = list(range(STEPS))
        if changes := differences(pair, seed, steps):
            for number in reversed(range(STEPS)):  # those that change nothing are left out
                fewer = [step for step in steps if step != number]
                if shorter := differences(pair, seed, fewer):
                    steps, changes = fewer, shorter
            pytest.fail(f"of seed {seed} the steps {steps}:\n" + "\n".join(changes))


def differences(pair, seed, steps):
    real, mock = (say(seed, STEPS, set(steps)) for say in pair)
    return list(difflib.unified_diff(real, mock, "real", "mock", lineterm="", n=99)) if real != mock else []
