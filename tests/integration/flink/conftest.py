"""One Flink of each line for the whole session: a JobManager, two TaskManagers, a SQL Gateway."""

import pytest

from support.flink import LINES, Flink


def _flink(tmp_path_factory, line):
    flink = Flink(tmp_path_factory.mktemp(f"flink-{line}"), line)
    yield flink
    flink.remove()


@pytest.fixture(scope="session")
def flink_1_20(tmp_path_factory):
    yield from _flink(tmp_path_factory, "1.20")


@pytest.fixture(scope="session")
def flink_2_2(tmp_path_factory):
    yield from _flink(tmp_path_factory, "2.2")


@pytest.fixture(params=LINES)
def flink(request):
    return request.getfixturevalue("flink_" + request.param.replace(".", "_"))
