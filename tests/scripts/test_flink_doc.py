"""docs/flink.md tells what messages mean: they must be ours word for word, or known to be Flink's."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLINKS_OWN = {"doesn't support consuming update changes", "Recovery is suppressed"}


def explained_messages():
    """The parts of each message in the first column, between what varies."""
    text = (ROOT / "docs" / "flink.md").read_text()
    table = text[text.index("## When something goes wrong"):]
    for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE):
        yield from (part.strip(" '") for message in re.findall("`([^`]+)`", row) for part in message.split("…") if part.strip(" '"))


def said():
    """All texts of the sources, those that go over several lines put together."""
    files = [path for room in ("core", "jni/src", "flink/common/src/main") for path in (ROOT / room).rglob("*") if path.suffix in (".cpp", ".h", ".java")]
    return "".join(re.sub(r'"\s*\+?\s*"', "", path.read_text()) for path in files)


def test_each_message_is_said_somewhere():
    sources, parts = said(), set(explained_messages())
    assert len(parts) > 15
    assert {part for part in parts - FLINKS_OWN if part not in sources} == set()
