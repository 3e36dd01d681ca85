"""docs/README.md: every page has its place behind one of the two doors, and the README leads there."""
import re

from doc_text import ROOT, code, missing, sources_text, unknown

INDEX = (ROOT / "docs" / "README.md").read_text()
DOORS = re.split(r"^## ", INDEX, flags=re.MULTILINE)[1:]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()


def pages(text):
    return {link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text) if "/" not in link and not link.startswith("#")}


def test_there_are_two_doors():
    assert [door.splitlines()[0] for door in DOORS] == ["For users", "For developers"]
    assert "](docs/README.md" in (ROOT / "README.md").read_text()


def test_every_page_is_behind_one_of_them():
    there = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    users, developers = map(pages, DOORS)
    assert users | developers == there
    assert users & developers == set()


def test_every_readme_of_a_room_is_linked():
    rooms = {str(path.relative_to(ROOT)) for room in ("core", "cli", "jni", "flink", "tests", "bench") for path in (ROOT / room).rglob("README.md")}
    assert rooms <= {link.removeprefix("../") for link in re.findall(r"\]\((\.\./[^)]+)\)", INDEX)}


def test_names_of_the_glossary_are_those_of_the_code():
    words, renamed = GLOSSARY.split("## Being renamed")
    assert missing(words, ROOT / "docs") == []
    named = {token for token in code(words) if re.fullmatch(r"k?[A-Z]\w+", token)} - {"TopicRouteData"}  # which is RocketMQ's
    assert len(named) > 30
    assert unknown(named, sources_text("core", "cli", "jni/src", "flink", "tests")) == []
    rows = [line for line in renamed.splitlines() if line.startswith("|")]
    assert [row for row in rows if not re.fullmatch(r"\| [^|]+ \| [^|]+ \||\|---\|---\|", row)] == []
