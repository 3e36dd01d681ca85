"""The one-way arrows between the rooms: who may include, or import, whom. Prints everything that goes against them."""
import re
import sys
from pathlib import Path

# Each room of core/src and the rooms it may see besides itself. Options see row, so that an option's value is refused by the
# very code that would use it (charset, zone, delimiter, numbers); row knows nothing of the registry.
BELOW = {
    "base": set(),
    "options": {"base", "row"},
    "wire": {"base"},
    "row": {"base"},
    "net": {"base", "options", "wire", "row"},
    "cluster": {"base", "options", "wire", "row", "net"},
    "source": {"base", "options", "wire", "row", "net", "cluster"},
    "sink": {"base", "options", "wire", "row", "net", "cluster"},
}
# The same for the rooms of cli/src. A room of another's folder is one of its own: the loop does without DuckDB.
CLI_BELOW = {
    "sql": set(),
    "duck": set(),
    "planner": {"duck"},
    "engine/loop": set(),
    "engine": {"engine/loop", "duck"},
    "metrics": {"engine"},
    "connectors": {"sql", "duck", "engine"},
    "process": {"connectors"},
    "flink": {"sql", "process"},
    "commands": {"sql", "duck", "planner", "engine/loop", "engine", "metrics", "connectors", "process", "flink"},
    "main.cpp": {"connectors", "commands"},
}
# And for the files of jni/src, by their names without ending: what knows no JVM, what translates for it, what it calls.
JNI_ROOMS = {
    "objects": {"layout", "batch_writer", "row_reader", "row_writer", "source_reader", "sink_object", "log_buffer", "secrets", "summary"},
    "bridge": {"errors", "java_strings", "handles", "split_arrays", "table", "take_log"},
    "natives": {"natives", "options", "reader_natives", "enumerator_natives", "sink_natives", "warnings_natives", "library"},
    "loading": {"glibc", "older_glibc", "statics"},
}
JNI_BELOW = {"objects": set(), "bridge": {"objects"}, "natives": {"objects", "bridge", "loading"}, "loading": set()}
KNOW_THE_JVM = {"bridge", "natives"}
# And for Java's packages below io.rocketlink, of all lines of Flink. The client, which alone has native methods, knows no Flink.
JAVA_BELOW = {
    "client": set(),
    "flink": {"client"},
    "flink.source.split": {"client"},
    "flink.source.enumerator": {"client", "flink", "flink.source.split"},
    "flink.source.reader": {"client", "flink", "flink.source.split", "flink.source.enumerator"},
    "flink.source": {"client", "flink", "flink.source.split", "flink.source.enumerator", "flink.source.reader"},
    "flink.sink": {"client", "flink"},
    "flink.table": {"client", "flink", "flink.source", "flink.source.reader", "flink.sink"},
    "flink.datastream": {"client", "flink", "flink.source", "flink.source.reader", "flink.sink"},
}
# Public headers belong to a room as well; those not listed are words that all rooms share.
SHARED_HEADERS = {"log.h", "message.h", "options.h", "repeated_lines.h", "result.h", "runtime.h", "type_names.h", "types.h"}
ROOM_OF_HEADER = {"call_budget.h": "cluster", "client.h": "cluster", "builder.h": "cluster", "source.h": "source", "sink.h": "sink"}
# Libraries that belong to one place.
FOREIGN = re.compile(r"^(duckdb|jni|CLI/|tao/)")
TRANSPORT = re.compile(r"^(asio|openssl/|nlohmann/|spdlog/|zlib|lz4|zstd|arpa/|sys/|netinet/)")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
# Java sees a class by an import or by its whole name; packages begin with small letters, classes with capitals.
JAVA_CLASS = re.compile(r"(?<![\w.])(io\.rocketlink|org\.apache\.flink)((?:\.[a-z]\w*)*)\.(?=[A-Z*])")
JAVA_NO_CODE = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:[^\"\\\n]|\\.)*\"", re.DOTALL)


def includes(file):
    """(line, name) of every include; a system header whose folder has a room's name (<net/if.h>) is left out."""
    text = file.read_text()
    for match in INCLUDE.finditer(text):
        bracket, name = match.groups()
        if bracket == '"' or name.split("/")[0] not in BELOW:
            yield text.count("\n", 0, match.start(2)) + 1, name


def sources(folder):
    return sorted(file for file in folder.rglob("*") if file.suffix in (".h", ".cpp"))


def public_room(header):
    """The room of include/rocketlink/HEADER; None where all may see it."""
    if header in SHARED_HEADERS:
        return None
    if header.startswith("row/"):
        return "row"
    return ROOM_OF_HEADER.get(header, f"no room (add {header} to tests/arrows.py)")


def wrong_in_core(room, included):
    """Why this room of the core may not include this, else None."""
    if FOREIGN.match(included):
        return "the core knows no engine, grammar or command line"
    first = included.split("/")[0]
    other = public_room(included.removeprefix("rocketlink/")) if first == "rocketlink" else first if first in BELOW else None
    if other is None or other == room or other in BELOW[room]:
        return None
    return f"{room} may not see {other}"


def wrong_in_header(header, included):
    if TRANSPORT.match(included) or FOREIGN.match(included):
        return "public headers show no transport, engine or parser"
    if included.split("/")[0] in BELOW:
        return "public headers see public headers only"
    room = public_room(header)
    if included.startswith("rocketlink/"):
        other = public_room(included.removeprefix("rocketlink/"))
        if other and other != room and (room is None or other not in BELOW.get(room, set())):
            return f"{room or 'a shared header'} may not see {other}"
    return None


def room_of(path, rooms):
    """The longest of the rooms that this path below their folder is, or is in; else what it begins with."""
    return max((room for room in rooms if path == room or path.startswith(room + "/")), key=len, default=path.split("/")[0])


def jni_room(name):
    return next((room for room, stems in JNI_ROOMS.items() if Path(name).stem in stems), None)


def wrong_in_jni(own, file, included):
    room = jni_room(file.name)
    if room is None:
        return f"no room (add {file.stem} to tests/arrows.py)"
    if included.startswith("duckdb") or included.split("/")[0] in BELOW:
        return "jni sees the core's public headers and jni.h"
    if included == "jni.h" and room not in KNOW_THE_JVM:
        return f"{room} know no JVM"
    other = jni_room(included) if (own / included).exists() else None
    if other is None or other == room or other in JNI_BELOW[room]:
        return None
    return f"{room} may not see {other}"


def wrong_in_cli(own, file, included):
    if not included.startswith("rocketlink/") and included.split("/")[0] in BELOW and not (own / included).exists():
        return "front ends see the core's public headers only"
    if included == "jni.h":
        return "jni.h is for jni/ alone"
    room = room_of(file.relative_to(own).as_posix(), CLI_BELOW)
    if room not in CLI_BELOW:
        return f"{room} is no known room"
    other = room_of(included, CLI_BELOW)
    if included.startswith("duckdb") and room == "engine/loop":
        return "the loop does without DuckDB"
    if other not in CLI_BELOW or other == room or other in CLI_BELOW[room]:
        return None
    return f"{room} may not see {other}"


def java_classes(file):
    """(line, package) of every class of ours or Flink's that is named whole, by an import or in the code."""
    text = JAVA_NO_CODE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), file.read_text())
    for match in JAVA_CLASS.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match.group(1) + match.group(2)


def wrong_in_java(package, seen):
    if package not in JAVA_BELOW:
        return f"{package} is no known package"
    if seen.startswith("org.apache.flink"):
        return "the client knows no Flink" if package == "client" else None
    other = seen.removeprefix("io.rocketlink.")
    return None if other == package or other in JAVA_BELOW[package] else f"{package} may not see {other}"


def check(root):
    """Everything that goes against the arrows, as lines for a person."""
    problems = []

    def note(file, line, included, why):
        if why:
            problems.append(f"{file.relative_to(root)}:{line}: includes {included}: {why}")

    for file in sources(root / "core" / "src"):
        room = file.relative_to(root / "core" / "src").parts[0]
        for line, included in includes(file):
            note(file, line, included, wrong_in_core(room, included) if room in BELOW else f"{room} is no known room")
    headers = root / "core" / "include" / "rocketlink"
    for file in sources(headers):
        for line, included in includes(file):
            note(file, line, included, wrong_in_header(str(file.relative_to(headers)), included))
    for front_end, wrong in (("cli", wrong_in_cli), ("jni", wrong_in_jni)):
        own = root / front_end / "src"
        for file in sources(own):
            for line, included in includes(file):
                note(file, line, included, wrong(own, file, included))
    for own in sorted((root / "flink").glob("*/src/main/java/io/rocketlink")):
        for file in sorted(own.rglob("*.java")):
            package = ".".join(file.parent.relative_to(own).parts)
            for line, seen in java_classes(file):
                note(file, line, seen, wrong_in_java(package, seen))
    return problems


if __name__ == "__main__":
    found = check(Path(__file__).resolve().parent.parent)
    print("\n".join(found) if found else "The arrows hold.")
    sys.exit(1 if found else 0)
