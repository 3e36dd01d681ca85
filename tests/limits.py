"""The limits in the sources, and the page that lists them: `tests/limits.py --write` writes docs/limits.md.

A limit is a constant that is a number or a time (`constexpr … kName` in C++, `static final` in Java), or a member of a header's class
that begins with one. Each has its unit in its type or in its name, and a comment: why it is so, or what happens at it. None is a value
that stands for "none" or is the bound of its type; what else is none stands in NO_LIMITS, with the reason.
"""
import ast
import operator
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "limits.md"
ROOMS = ("core/include", "core/src", "cli/src", "jni/src", "flink")

# (reason, {end of a file's path: names in it, as one pattern}); a test fails for what matches nothing.
NO_LIMITS = [
    ("where fields are in bytes, and how long they are", {
        "wire/command.cpp": "kPrefixBytes",
        "wire/message_set.cpp": r"kAt\w+|kBehindHosts|kSmallest|kMemberFixed",
        "wire/outgoing.cpp": "kPackedFixed",
        "sink/batch.cpp": "kBodyLengthAt|kBodyAt",
        "connectors/print_format.cpp": "kFourDigitYear",
        "jni/src/row_reader.h": "kHeaderBits|kMostInlined",
        "jni/src/row_writer.h": "kHeaderBits|kLengthBytes|kInlined|kDecimalBytes",
        "client/NativeLayout.java": r"\w+"}),
    ("codes, flags and versions of the wire and of states, exit codes", {
        "cluster/cluster.h": "kControlStream|kProbeStream",
        "cluster/offsets.cpp": "kVersion500",
        "cluster/pull.cpp": "kSuspend|kSubscriptionInRequest",
        "sink/delivery.cpp": "kAtOnce",
        "sink/delivery_probe.h": "kFirstVersionWithTimers",
        "source/splits.cpp": "kVersion",
        "wire/command.cpp": "kJson|kBinary",
        "wire/command.h": r"kClientVersion|kLanguageCpp|kFlag\w+",
        "wire/message_set.cpp": r"kMagic\w+|kCompressed|kBornHostV6|kStoreHostV6|kInnerBatch|kCompressionMask",
        "wire/route.h": "kPermRead|kPermWrite",
        "cli/src/commands/run.cpp": "kDone|kFailed|kUnusable",
        "cli/src/flink/http.cpp": "kNotFound",
        "cli/src/main.cpp": "kFailed|kUsage",
        "enumerator/EnumeratorStateSerializer.java": "VERSION",
        "split/QueueSplitSerializer.java": "VERSION",
        ".java": "serialVersionUID"}),
    ("units", {
        "options/registry.cpp": "kDayMs|kMiB",
        "row/seconds.h": "kSecondsOfDay|kNanosOfSecond",
        "row/time_zone.cpp": "kDay",
        "connectors/print_format.cpp": "kSecondsOfDay|kNanosOfSecond",
        "functions/calendar.h": "kSecondsOfDay",
        "functions/time_units.cpp": "kSecond|kMinute|kHour|kDayMillis",
        "functions/times.cpp": "kDay",
        "functions/values.cpp": "kDay",
        "jni/src/older_glibc.cpp": "kSecond"}),
    ("SQL's types and the calendar", {
        "rocketlink/types.h": "kUnboundedLength",
        "functions/calendar.h": r"year|kDays\w+",
        "functions/decimals.h": "precision",
        "functions/scalar.h": "precision|kMost",
        "functions/times.cpp": "kMost",
        "functions/decimal_text.cpp": "kShortDigits",
        "planner/types.cpp": "kMinAdjustedScale",
        "planner/types.h": "kMaxPrecision"}),
    ("defaults of options, which docs/options.md lists", {
        "rocketlink/options.h": r"\w+"}),
    ("reckoned from others", {
        "cluster/call_budget.cpp": "kRefill"}),
]
# Numbers in the middle of code that look like limits and are none: (end of the file's path, text of the line).
NO_NUMBERS = [
    ("base/nearest_name.cpp", "wanted.size() < 5 ? 2"),  # how far a slip may go grows with the name
    ("cluster/call_budget.cpp", "std::chrono::microseconds(1);"),  # rounds up
    ("options/values.cpp", "1 << "),  # units
    ("row/parse.cpp", "text.size() < 16"),  # of `2026-01-31T12:00`
    ("row/parse.cpp", "text.substr(0, 10)"),
]

NANOS = {"nanoseconds": 1, "microseconds": 10**3, "milliseconds": 10**6, "Milliseconds": 10**6, "seconds": 10**9, "minutes": 60 * 10**9,
         "hours": 3600 * 10**9}
WHOLE = r"(?:u?int(?:8|16|32|64)_t|size_t|ptrdiff_t|idx_t|int|long|unsigned|double|float)"
TIME = "|".join(NANOS)
TYPE = rf"(?:(?:std::)?(?:chrono::)?(?:{WHOLE}|{TIME}))"
CONSTANT = re.compile(rf"^(?P<indent> *)(?:static |inline )*constexpr (?P<type>{TYPE}) (?P<name>k\w+)\s*(?:=\s*|(?=\{{))(?P<value>[^;]+);", re.MULTILINE)
MEMBER = re.compile(rf"^(?P<indent> +)(?:const )?(?P<type>{TYPE}) (?P<name>\w+)(?: = |(?=\{{\d))(?P<value>(?!\{{?[01]\}}?;)[{{\d][\du'* <()}}]*);", re.MULTILINE)
JAVA = re.compile(r"^(?P<indent> *)(?:(?:public|private|protected) )?static final (?P<type>int|long|short|byte|double|float|Duration) "
                  r"(?P<name>\w+)\s*=\s*(?P<value>[^;]+);", re.MULTILINE)
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.LShift: operator.lshift, ast.Pow: operator.pow,
             ast.BitOr: operator.or_, ast.Div: lambda a, b: a // b if isinstance(a, int) and isinstance(b, int) else a / b}
UNITS_OF_TIME = {"ms": 10**6, "millis": 10**6, "nanos": 1, "seconds": 10**9, "days": 86_400 * 10**9}
COUNTED = set("""answers batches blocks buffers calls characters charsets commits connections doublings edits failures fields frames keys kinds
levels lines lookups messages months names parts paths patterns probes pulls queues readers records resets rows steps tags tries units
views""".split())
WITHOUT_UNIT = {"exponent", "offset"}
BEFORE_MORE = {"per", "in", "at", "before", "behind", "of"}  # what follows is not the unit


@dataclass(frozen=True)
class Limit:
    file: str
    name: str  # with its class
    type: str
    text: str  # of its value
    comment: str

    @property
    def reason(self):
        """Why it is no limit; None when it is one."""
        last = re.split(r"::|\.", self.name)[-1]
        return next((reason for reason, files in NO_LIMITS for end, names in files.items()
                     if self.file.endswith(end) and re.fullmatch(names, last)), None)

    @cached_property
    def unit(self):
        """`time` by its type, else the last word of its name that is one; None where there is none."""
        if self.type in NANOS or self.type == "Duration":
            return "time"
        words = [word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+", re.split(r"::|\.", self.name)[-1].removeprefix("k"))]
        last = next((i for i, word in enumerate(words) if i > 0 and word in BEFORE_MORE), len(words))
        return next((word for word in words[last - 1 :: -1] if word in UNITS_OF_TIME or word == "bytes" or word in COUNTED | WITHOUT_UNIT), None)


def comment_of(text, begin, end):
    """What stands behind the declaration, or over it, in one line."""
    line_end = text.index("\n", end)
    behind = re.match(r"\s*//[/<]* ?(.*)", text[end:line_end])
    if behind:
        return behind.group(1).strip()
    lines = []
    for line in reversed(text[:begin].splitlines()):
        part = re.match(r"\s*(?:///?|/?\*+/?)(?!<)(.*)", line)
        if not part:
            break
        lines.insert(0, part.group(1).strip().removesuffix("*/").strip())
    return " ".join(line for line in lines if line)


def class_of(text, begin, indent):
    """The class or struct whose member stands there; empty outside, and in functions."""
    for line in reversed(text[:begin].splitlines()):
        if line.strip() and not line.startswith(indent) and not re.match(r"\s*(?:public|private|protected):", line):
            named = re.match(r"\s*(?:struct|class) (\w+)[^;]*\{", line)
            return named.group(1) + "::" if named else ""
    return ""


def in_file(text, name):
    """All constants there, limits or not."""
    patterns = [JAVA] if name.endswith(".java") else [CONSTANT, MEMBER] if name.endswith(".h") else [CONSTANT]
    for pattern in patterns:
        for found in pattern.finditer(text):
            owner = class_of(text, found.start(), found["indent"]) if found["indent"] and pattern is not JAVA else ""
            if pattern is MEMBER and not owner:  # a variable of a function
                continue
            if pattern is JAVA:
                owner = Path(name).stem + "."
            value = " ".join(found["value"].split())
            yield Limit(name, owner + found["name"], found["type"].split("::")[-1], value, comment_of(text, found.start(), found.end()))


def sources(root=ROOT):
    for room in ROOMS:
        for file in sorted((root / room).rglob("*")):
            if file.suffix in (".h", ".cpp") or (file.suffix == ".java" and "src/main/java" in str(file)):
                yield str(file.relative_to(root)), file.read_text()


class Values:
    """Reckons what constants are, also where one is written by others."""

    def __init__(self, limits):
        self.limits = limits

    def named(self, name, file):
        parts = [part for part in re.split(r"::|\.|\{\}", name) if part]
        same = [limit for limit in self.limits if re.split(r"::|\.", limit.name)[-1] == parts[-1]]
        of_owner = [limit for limit in same if len(parts) > 1 and re.match(rf"{parts[-2]}(?:::|\.)", limit.name)]
        same = of_owner or [limit for limit in same if limit.file == file] or same
        values = {self.of(limit) for limit in same}
        if len(values) != 1:
            raise ValueError(f"{name} of {file} is one of {values}")
        return values.pop()

    def of(self, limit):
        """The number; of a time, nanoseconds. None for what stands for none, or for the bound of a type."""
        text = limit.text
        if "numeric_limits" in text or re.search(r"M(?:IN|AX)_VALUE", text):
            return None
        text = re.sub(r"(?<=\d)['_](?=\d)", "", text)
        text = re.sub(r"(?<=\d)[uUlL]+\b", "", text)
        text = re.sub(r"\bstd::|\bchrono::|static_cast<[^>]*>", "", text)
        text = re.sub(r"\b(?:size_t|u?int\d+_t)\{(\w+)\}", r"\1", text)
        timed = re.search(rf"\b(?:{TIME})\(", text)
        text = re.sub(rf"\b({TIME})\(", lambda unit: f"{NANOS[unit[1]]} * (", text)
        text = re.sub(r"\bDuration\.ofDays\((\d+)\)\.toMillis\(\)", r"\1 * 86400000", text)
        text = re.sub(r"^\{(.*)\}$", r"\1", text.strip())
        refers = re.findall(r"\b[A-Za-z_][\w:.]*(?:\{\}\.\w+)?", text)
        for name in sorted(set(refers), key=len, reverse=True):
            text = text.replace(name, str(self.named(name, limit.file)))
        value = self.reckon(ast.parse(text.strip(), mode="eval").body)
        if limit.type in NANOS and not timed and not refers:
            value *= NANOS[limit.type]
        return value

    def reckon(self, tree):
        if isinstance(tree, ast.Constant):
            return tree.value
        if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, (ast.USub, ast.Invert)):
            return -1 - self.reckon(tree.operand) if isinstance(tree.op, ast.Invert) else -self.reckon(tree.operand)
        return OPERATORS[type(tree.op)](self.reckon(tree.left), self.reckon(tree.right))


NUMBER = r"[1-9][\d'_]*"
LIKE_LIMITS = re.compile(
    rf"\b(?:{TIME})[({{] *{NUMBER} *[)}}]|\b{NUMBER}(?:ms|us|ns|s|min|h)\b|\b\d+[uUlL]* \* 1024\b|\b\d+[uUlL]* << (?:10|20|30)\b"
    rf"|\b(?:size|length|capacity)\(\) [<>]=? \d\d+|\bsubstr(?:ing)?\(0, \d\d+\)|\bDuration\.of\w+\({NUMBER}\)|\bsleep(?:_for)?\({NUMBER}\)")


# The types of constants that are no numbers.
OTHER_TYPES = {"bool", "char", "char32_t", "const char*", "auto", "duckdb_type", "std::string_view", "std::array", "Names", "Field", "Layout", "OptionSpec", "Section", "Unit"}


def unnamed(files):
    """Times, sizes and lengths in the middle of code, where a constant should stand, and constants that cannot be read."""
    for name, text in files:
        blank = lambda found: re.sub(r"[^\n]", " ", found[0])
        text = re.sub(r'R"\((?:.|\n)*?\)"|"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*(?:.|\n)*?\*/', blank, text)
        for pattern in (CONSTANT, MEMBER, JAVA):
            text = pattern.sub(blank, text)
        for number, line in enumerate(text.splitlines(), 1):
            other = re.match(r" *(?:static |inline )*constexpr ([\w:]+(?: char\*)?)(?:<.*>)? \*?k[A-Z]\w*[ \[{=]+(.*)", line)
            if other and (other[1] not in OTHER_TYPES or (other[1] == "auto" and re.match(r"\d", other[2]))):
                yield f"{name}:{number}: is it a limit? Write it as a constexpr of a type of numbers or times: {line.strip()}"
            if LIKE_LIMITS.search(line) and not any(name.endswith(end) and part in line for end, part in NO_NUMBERS):
                yield f"{name}:{number}: a limit without a name: {line.strip()}"


def shown(value, unit):
    """As a person reads it: 8 MiB, 2 s, 1,000 lines."""
    if unit == "time" or unit in UNITS_OF_TIME:
        nanos = round(value * (1 if unit == "time" else UNITS_OF_TIME[unit]))
        size, name = next((size, name) for size, name in ((86_400 * 10**9, "d"), (3600 * 10**9, "h"), (60 * 10**9, "min"), (10**9, "s"), (10**6, "ms"),
                                                          (10**3, "µs"), (1, "ns")) if nanos % size == 0 and (nanos >= 2 * size or size <= 10**9))
        return f"{nanos // size:,} {name}"
    if unit == "bytes":
        for size, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
            if value % size == 0 and value < 1024 * size:
                return f"{value // size:,} {name}"
    return f"{value:,.0f}" + ("" if unit in WITHOUT_UNIT else f" {unit}")


def is_limit(constant, values):
    """Not where NO_LIMITS has it, nor for what stands for none."""
    return constant.reason is None and (value := values.of(constant)) is not None and value >= 0


def module(file):
    if file.endswith(".java"):
        return re.sub(r"/src/main/java/.*", "", file)
    parts = file.split("/")
    return "/".join(parts[: 3 if parts[1] == "src" and len(parts) > 3 else 2])


def rows(files):
    """(module, constant, value, file, comment) of each limit."""
    constants = [constant for name, text in files for constant in in_file(text, name)]
    values = Values(constants)
    for limit in constants:
        if is_limit(limit, values):
            yield module(limit.file), limit.name, shown(values.of(limit), limit.unit), limit.file, limit.comment


def problems(files):
    """What keeps a limit from being listed, and numbers in the middle of code that should have a name."""
    files = list(files)
    constants = [constant for name, text in files for constant in in_file(text, name)]
    values = Values(constants)
    seen = set()
    for limit in constants:
        try:
            counts = is_limit(limit, values)
        except (ValueError, SyntaxError, KeyError):
            yield f"{limit.file}: {limit.name} cannot be reckoned from `{limit.text}` (or is no limit: NO_LIMITS in tests/limits.py)"
            continue
        if counts:
            if (limit.file, limit.name) in seen:
                yield f"{limit.file}: there are two limits of the name {limit.name}"
            seen.add((limit.file, limit.name))
            if limit.unit is None:
                yield f"{limit.file}: {limit.name} does not tell its unit (or is no limit: NO_LIMITS in tests/limits.py)"
            if not limit.comment:
                yield f"{limit.file}: {limit.name} has no comment why, or what happens at it"
    for reason, entries in NO_LIMITS:
        for end, names in entries.items():
            if not any(constant.file.endswith(end) and re.fullmatch(names, re.split(r"::|\.", constant.name)[-1]) for constant in constants):
                yield f"tests/limits.py: NO_LIMITS has {end}: {names}, which matches nothing"
    yield from unnamed(files)


def page(files):
    out = ["# Limits", "", "Every limit, time and count of the code, from its sources by `tests/limits.py --write`; a test compares. Options of tables are in",
           "[options.md](options.md). What tests show of memory: [architecture.md](architecture.md#memory)."]
    last = None
    for room, name, value, file, comment in sorted(rows(files), key=lambda row: (row[0].split("/")[0] != "core", row[0], row[3])):
        if room != last:
            out += ["", f"## {room}", "", "| constant | value | where | why, or what happens at it |", "|---|---|---|---|"]
            last = room
        comment = comment[:1].upper() + comment[1:]
        out.append(f"| `{name}` | {value} | `{file}` | {comment.replace('|', chr(92) + '|').removesuffix('.')} |")
    return "\n".join(out) + "\n"


def listed(text):
    """{(file, constant): value} of the page."""
    return {(file, name): value for name, value, file in re.findall(r"^\| `([^`]+)` \| ([^|]+) \| `([^`]+)` \|", text, re.MULTILINE)}


def differences(text, files):
    """What the page has otherwise than the code."""
    files = list(files)
    there, wanted = listed(text), {(file, name): value for _, name, value, file, _ in rows(files)}
    for file, name in wanted.keys() - there.keys():
        yield f"{file}: {name} is not in docs/limits.md"
    for file, name in there.keys() - wanted.keys():
        yield f"docs/limits.md: {name} of {file} is gone"
    for key in there.keys() & wanted.keys():
        if there[key] != wanted[key]:
            yield f"docs/limits.md: {key[1]} of {key[0]} is {there[key]} there and {wanted[key]} in the code"


if __name__ == "__main__":
    found = list(problems(sources()))
    print("\n".join(found))
    if not found and sys.argv[1:] == ["--write"]:
        PAGE.write_text(page(sources()))
    sys.exit(bool(found))
