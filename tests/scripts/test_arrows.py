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
    ("cli/src/flink/submit.h", '"commands/signals.h"', "flink may not see commands"),
    ("cli/src/sql/script.cpp", '"connectors/table.h"', "sql may not see connectors"),
    ("cli/src/planner/functions/times.cpp", '"sql/words.h"', "planner may not see sql"),
    ("cli/src/engine/loop/retry.cpp", '"engine/job.h"', "engine/loop may not see engine"),
    ("cli/src/engine/loop/retry.cpp", '"duck/chunk.h"', "engine/loop may not see duck"),
    ("cli/src/engine/loop/retry.cpp", '"duckdb.h"', "the loop does without DuckDB"),
    ("cli/src/attic/old.cpp", "<vector>", "attic is no known room"),
    ("jni/src/sink_object.h", "<jni.h>", "objects know no JVM"),
    ("jni/src/sink_natives.cpp", '"wire/codes.h"', "jni sees the core's public headers and jni.h"),
    ("jni/src/old.cpp", "<vector>", "no room (add old to tests/arrows.py)"),
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
    ("cli/src/flink/submit.h", '"process/signals.h"'),
    ("cli/src/flink/submit.h", '"flink/jobs.h"'),
    ("cli/src/engine/job.cpp", '"engine/loop/retry.h"'),
    ("jni/src/sink_natives.cpp", "<jni.h>"),
])
def test_lets_pass_what_follows_them(tmp_path, path, include):
    write(tmp_path, path, include)
    assert arrows.check(tmp_path) == []


@pytest.mark.parametrize("own, other, why", [
    ("sink_object.h", "java_strings.h", "objects may not see bridge"),
    ("table.h", "natives.h", "bridge may not see natives"),
    ("statics.cpp", "secrets.h", "loading may not see objects"),
    ("options.cpp", "table.h", None),
])
def test_the_files_of_jni(tmp_path, own, other, why):
    write(tmp_path, f"jni/src/{other}", "<vector>")
    write(tmp_path, f"jni/src/{own}", f'"{other}"')
    assert arrows.check(tmp_path) == ([f"jni/src/{own}:2: includes {other}: {why}"] if why else [])


@pytest.mark.parametrize("package, line, why", [
    ("client", "import io.rocketlink.flink.Failures;", "io.rocketlink.flink: client may not see flink"),
    ("client", "import org.apache.flink.api.connector.sink2.Sink;", "org.apache.flink.api.connector.sink2: the client knows no Flink"),
    ("flink/sink", "import io.rocketlink.flink.table.*;", "io.rocketlink.flink.table: flink.sink may not see flink.table"),
    ("flink/sink", "    io.rocketlink.flink.table.Formats formats;", "io.rocketlink.flink.table: flink.sink may not see flink.table"),
    ("flink/source/split", "import static io.rocketlink.flink.Failures.of;", "io.rocketlink.flink: flink.source.split may not see flink"),
    ("flink/attic", "import io.rocketlink.client.QueueRange;", "io.rocketlink.client: flink.attic is no known package"),
    ("flink/sink", "import io.rocketlink.client.Message;", None),
    ("flink/sink", "// see io.rocketlink.flink.table.Formats", None),
    ("client", "/* for\n * io.rocketlink.flink.Failures */", None),
    ("client", 'String name = "io.rocketlink.flink.Failures";', None),
])
def test_javas_packages(tmp_path, package, line, why):
    file = tmp_path / "flink/flink-2.2/src/main/java/io/rocketlink" / package / "Some.java"
    file.parent.mkdir(parents=True)
    file.write_text(f"package io.rocketlink.{package.replace('/', '.')};\n{line}\n")
    assert arrows.check(tmp_path) == ([f"{file.relative_to(tmp_path)}:2: includes {why}"] if why else [])


def test_the_repository_follows_them():
    assert arrows.check(ROOT) == []
