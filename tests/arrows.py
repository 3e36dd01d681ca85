"""The one-way arrows between the rooms: who may include whom. Prints every include that goes against them."""
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
# Public headers belong to a room as well; those not listed are words that all rooms share.
SHARED_HEADERS = {"log.h", "message.h", "options.h", "repeated_lines.h", "result.h", "runtime.h", "type_names.h", "types.h"}
ROOM_OF_HEADER = {"call_budget.h": "cluster", "client.h": "cluster", "builder.h": "cluster", "source.h": "source", "sink.h": "sink"}
# Libraries that belong to one place.
FOREIGN = re.compile(r"^(duckdb|jni|CLI/|tao/)")
TRANSPORT = re.compile(r"^(asio|openssl/|nlohmann/|spdlog/|zlib|lz4|zstd|arpa/|sys/|netinet/)")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


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


def wrong_in_front_end(own, included):
    if own.parent.name == "jni":
        if included.startswith("duckdb") or included.split("/")[0] in BELOW:
            return "jni sees the core's public headers and jni.h"
        return None
    if not included.startswith("rocketlink/") and included.split("/")[0] in BELOW and not (own / included).exists():
        return "front ends see the core's public headers only"
    if included == "jni.h":
        return "jni.h is for jni/ alone"
    return None


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
    for front_end in ("cli", "jni"):
        own = root / front_end / "src"
        for file in sources(own):
            for line, included in includes(file):
                note(file, line, included, wrong_in_front_end(own, included))
    return problems


if __name__ == "__main__":
    found = check(Path(__file__).resolve().parent.parent)
    print("\n".join(found) if found else "The arrows hold.")
    sys.exit(1 if found else 0)
