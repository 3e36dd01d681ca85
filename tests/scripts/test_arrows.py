"""The check of the one-way arrows finds what goes against them."""
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
import arrows  # noqa: E402


def write(root, path, include):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#pragma once\n#include {include}\n")


@pytest.mark.parametrize("path, include, why", [
    ("core/src/wire/frame.cpp", '"net/address.h"', "wire may not see net"),
    ("core/src/row/decoder.cpp", '"wire/bytes.h"', "row may not see wire"),
    ("core/src/row/decoder.cpp", '"options/values.h"', "row may not see options"),
    ("core/src/source/reader.cpp", '"sink/batch.h"', "source may not see sink"),
    ("core/src/sink/batch.cpp", '"rocketlink/source.h"', "sink may not see source"),
    ("core/src/net/rpc.cpp", '"cluster/pull.h"', "net may not see cluster"),
    ("core/src/base/types.cpp", '"rocketlink/row/schema.h"', "base may not see row"),
    ("core/src/cluster/pull.cpp", '"duckdb.h"', "the core knows no engine, grammar or command line"),
    ("core/src/attic/old.cpp", "<vector>", "attic is no known room"),
    ("core/include/rocketlink/client.h", "<asio/ip/tcp.hpp>", "public headers show no transport, engine or parser"),
    ("core/include/rocketlink/sink.h", '"wire/codes.h"', "public headers see public headers only"),
    ("core/include/rocketlink/message.h", '"rocketlink/client.h"', "a shared header may not see cluster"),
    ("cli/src/main.cpp", '"wire/message.h"', "front ends see the core's public headers only"),
    ("cli/src/main.cpp", "<jni.h>", "jni.h is for jni/ alone"),
])
def test_names_what_goes_against_the_arrows(tmp_path, path, include, why):
    write(tmp_path, path, include)
    assert arrows.check(tmp_path) == [f"{path}:2: includes {include[1:-1]}: {why}"]


@pytest.mark.parametrize("path, include", [
    ("core/src/sink/batch.cpp", '"cluster/cluster.h"'),
    ("core/src/options/values.cpp", '"rocketlink/row/parse.h"'),
    ("core/src/wire/outgoing.cpp", "<net/if.h>"),
    ("core/src/net/rpc.h", "<asio/ip/tcp.hpp>"),
    ("core/include/rocketlink/source.h", '"rocketlink/client.h"'),
    ("cli/src/main.cpp", '"rocketlink/source.h"'),
    ("cli/src/engine/job.cpp", '"duckdb.h"'),
])
def test_lets_pass_what_follows_them(tmp_path, path, include):
    write(tmp_path, path, include)
    assert arrows.check(tmp_path) == []


def test_the_repository_follows_them():
    assert arrows.check(ROOT) == []
