"""What tests of docs read out of Markdown."""
import functools
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE = re.compile(r"^[\w./-]+\.(?:h|cpp|py|java|md|txt|supp|xml|patch)$")
FOLDERS = re.compile(r"^[\w.-]+(?:/[\w.-]+)+/?$|^[\w.-]+/$")


def without_blocks(text):
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def headings(text):
    return re.findall(r"^#+ (.+)$", without_blocks(text), re.MULTILINE)


def anchor(heading):
    """As GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def code(text):
    """What stands in backticks."""
    return re.findall(r"`([^`\n]+)`", without_blocks(text))


def is_there(path, folder):
    """A path counts from the document's folder, the root, or where a room's sources begin; a bare name of a test or a Java class is looked for."""
    bases = (folder, ROOT, ROOT / "core/src", ROOT / "flink/common/src/main/java/io/rocketlink")
    if any((base / path).exists() for base in bases):
        return True
    return "/" not in path and any(next(place.rglob(path), None) for place in (ROOT / "tests/unit", ROOT / "flink"))


def missing(text, folder):
    """The files and folders in backticks that do not exist."""
    return [token for token in code(text) if (FILE.match(token) or FOLDERS.match(token)) and not is_there(token, folder)]


@functools.cache
def sources_text(*rooms):
    """All code below these folders, with texts that go over several lines put together."""
    files = [path for room in rooms for path in sorted((ROOT / room).rglob("*")) if path.suffix in (".cpp", ".h", ".java")]
    return "\n".join(re.sub(r'"\s*\+?\s*"', "", path.read_text()) for path in files)


def names(text):
    """The names of code in backticks that are told from other words: kThis, A::b, SeveralWords; the last part of each."""
    for token in code(text):
        name = token.split("(")[0]
        if re.fullmatch(r"k[A-Z]\w+|\w+(?:::\w+)+|(?:[A-Z][a-z]+){2,}\d*", name):
            yield name.split("::")[-1]


@functools.cache
def words(text):
    return frozenset(re.findall(r"\w+", text))


def unknown(wanted, text):
    """The names that are no words of the text."""
    return sorted(set(wanted) - words(text))
