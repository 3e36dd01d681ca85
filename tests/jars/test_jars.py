"""What is inside of the connector's jars (scripts/build --flink): all that a cluster needs, and nothing that it has already."""
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NATIVE = "native/linux-x86_64/librocketlink_jni.so"
C_LIBRARY = {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "ld-linux-x86-64.so.2"}
NEWEST_GLIBC = (2, 28)
MOST_BYTES = 8 << 20  # of a jar


@pytest.fixture(params=["1.20", "2.2"])
def jar(request):
    jars = list((ROOT / "build").glob(f"rocketlink-flink-{request.param}-*.jar"))
    assert len(jars) == 1, f"scripts/build --flink leaves one jar for Flink {request.param} in build/"
    with zipfile.ZipFile(jars[0]) as opened:
        yield opened


@pytest.fixture
def native(jar, tmp_path):
    """What a tool says of the native library in the jar."""
    library = jar.extract(NATIVE, tmp_path)
    return lambda *command: subprocess.run([*command, library], capture_output=True, text=True, check=True).stdout


def test_the_c_library_is_all_it_needs(native):
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", native("readelf", "-d")))
    assert "libc.so.6" in needed and needed <= C_LIBRARY


def test_a_jvm_sees_its_two_entry_points_alone(native):
    shown = {line.split()[-1] for line in native("nm", "-D", "--defined-only").splitlines()}
    assert shown == {"JNI_OnLoad", "JNI_OnUnload"}


def test_it_runs_with_glibc_2_28(native):
    versions = {tuple(map(int, found.split("."))) for found in re.findall(r"GLIBC_(\d[\d.]*)", native("objdump", "-T"))}
    assert versions and max(versions) <= NEWEST_GLIBC


def test_it_is_stripped(native):
    sections = native("readelf", "-SW")
    assert ".dynsym" in sections and ".symtab" not in sections and ".debug" not in sections


def test_classes_are_our_own(jar):
    classes = [name for name in jar.namelist() if name.endswith(".class")]
    assert classes and all(name.startswith("io/rocketlink/") for name in classes)
    assert [name for name in jar.namelist() if name.endswith(".so")] == [NATIVE]


def test_flink_finds_the_factories(jar):
    factories = jar.read("META-INF/services/org.apache.flink.table.factories.Factory").decode().split()
    assert factories == ["io.rocketlink.flink.table.MqTableFactory", "io.rocketlink.flink.table.Mq5TableFactory"]
    assert {factory.replace(".", "/") + ".class" for factory in factories} <= set(jar.namelist())


def test_licences_are_told(jar):
    assert jar.read("META-INF/LICENSE") == (ROOT / "LICENSE").read_bytes()
    notice = jar.read("META-INF/NOTICE").decode()
    for library in ("OpenSSL", "zlib", "LZ4", "zstd", "Asio", "fmt", "spdlog", "nlohmann-json", "date", "libstdc++"):
        assert f"  {library}" in notice


def test_the_manifest_has_the_version(jar):
    version = re.search(r"-([\d.]+)\.jar$", jar.filename)[1]
    assert f"Implementation-Version: {version}\r\n" in jar.read("META-INF/MANIFEST.MF").decode()


def test_it_is_small(jar):
    assert sum(entry.compress_size for entry in jar.infolist()) < MOST_BYTES
