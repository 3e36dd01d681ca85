"""docs/flink.md tells what messages mean: they must be ours word for word, or known to be Flink's."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLINKS_OWN = {"doesn't support consuming update changes", "Recovery is suppressed", "Global failure triggered by OperatorCoordinator"}


def explained_messages():
    """The parts of each message in the first column, between what varies."""
    text = (ROOT / "docs" / "flink.md").read_text()
    table = text[text.index("## When something goes wrong"):]
    for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE):
        yield from (part.strip(" '") for message in re.findall("`([^`]+)`", row) for part in message.split("…") if part.strip(" '"))


def said():
    """All string literals of the sources, those that go over several lines put together. What only describes an option is no message."""
    files = [path for room in ("core", "jni/src", "flink/common/src/main") for path in (ROOT / room).rglob("*")
             if path.suffix in (".cpp", ".h", ".java") and path.name != "registry.cpp"]
    code = (re.sub(r"^\s*(//|\*|/\*).*$", "", path.read_text(), flags=re.MULTILINE) for path in files)
    return "\n".join("\n".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', re.sub(r'"\s*\+?\s*"', "", text))) for text in code)


def test_each_message_is_said_somewhere():
    sources, parts = said(), set(explained_messages())
    assert len(parts) > 15
    assert {part for part in parts - FLINKS_OWN if part not in sources} == set()
