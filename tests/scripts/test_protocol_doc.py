"""docs/protocol.md: what comments cite is there, what it shows is what servers sent, and it has every code that we know."""
import re
from pathlib import Path

import pytest
from doc_text import ROOT, anchor, headings, missing, names, sources_text, unknown

TEXT = (ROOT / "docs" / "protocol.md").read_text()
HEADINGS = headings(TEXT)
ROOMS = ("core", "cli", "jni", "flink", "tests", "bench", "scripts", "examples")
SOURCES = {".h", ".cpp", ".java", ".py", ".txt", ".cmake", ""}
CITED = "docs/protocol.md, "


def sources():
    for room in ROOMS:
        for path in (ROOT / room).rglob("*"):
            if path.is_file() and path.suffix in SOURCES and path != Path(__file__) and "corpus" not in path.parts:
                yield path


def prose(text):
    """The text with what begins the lines of comments left out, so that a heading may go over two of them."""
    return re.sub(r"\s*\n\s*(?:///?|//!|#|\*)?\s*", " ", text)


def unknown_headings(text, known):
    """What stands behind each citation that is no heading."""
    cited = [rest[:60] for rest in prose(text).split(CITED)[1:]]
    return [rest for rest in cited if not any(re.match(re.escape(heading) + r"(?!\w)", rest) for heading in known)]


@pytest.mark.parametrize("text, wrong", [
    ("/// (docs/protocol.md, Long polls).", 0),
    ("/// See docs/protocol.md, Long\n  /// polls, or\n# docs/protocol.md, Frames", 0),
    ("// docs/protocol.md, Frames; docs/protocol.md, Framework", 1),
    ("// docs/protocol.md, section 4", 1)])
def test_only_headings_may_be_cited(text, wrong):
    assert len(unknown_headings(text, ["Frames", "Long polls"])) == wrong


def test_every_heading_that_comments_cite_exists():
    wrong, citations = {}, 0
    for path in sources():
        text = path.read_text(errors="replace")
        citations += prose(text).count(CITED)
        if gone := unknown_headings(text, HEADINGS):
            wrong[str(path.relative_to(ROOT))] = gone
    assert wrong == {}
    assert citations > 20


def test_nothing_else_is_cited_by_number():
    """A section's number is of a text that readers do not have; that of a published standard is named with it."""
    numbered = re.compile(r"\((?:[\w ,]*[ ,])?sections? \d|protocol, \d")
    published = re.compile(r"Unicode Standard|RFC \d+")
    assert [f"{path.relative_to(ROOT)}: {line.strip()}" for path in sources() for line in path.read_text(errors="replace").splitlines()
            if numbered.search(line) and not published.search(line)] == []


def test_every_heading_is_in_the_contents():
    contents = TEXT[:TEXT.index("\n## ")]
    assert [heading for heading in HEADINGS[1:] if f"(#{anchor(heading)})" not in contents] == []


def requests():
    """(number, name) of what core/src/wire/codes.h has, with the protocol's names."""
    header = (ROOT / "core/src/wire/codes.h").read_text()
    names = dict(re.findall(r"case RequestCode::(k\w+):\s+return \"(\w+)\"", (ROOT / "core/src/wire/codes.cpp").read_text()))
    values = re.search(r"enum class RequestCode .*?\{(.*?)\}", header, re.DOTALL).group(1)
    return [(number, names[name]) for name, number in re.findall(r"(k\w+) = (\d+)", values)]


def test_every_request_has_its_row():
    section = TEXT[TEXT.index("\n## Requests\n"):].split("\n## ")[1]
    assert [f"{number} {name}" for number, name in requests() if f"\n| {number} | {name} |" not in section and f" {number} {name} " not in section] == []


def shown_bytes(block):
    """The bytes at the begin of each line of a block, behind an offset if there is one."""
    lines = re.findall(r"^ *(?:\d{1,3} {2})?((?:[0-9a-f]{2} )*[0-9a-f]{2})\b", block, re.MULTILINE)
    return bytes.fromhex(" ".join(lines))


def test_the_frames_that_it_shows_are_those_of_the_fixtures():
    blocks = [shown_bytes(block) for block in re.findall(r"```\n(.*?)```", TEXT, re.DOTALL)]
    answer = (ROOT / "tests/fixtures/5.5.0/max_offset.bin").read_bytes()
    assert answer.startswith(blocks[0]) and len(blocks[0]) > 12
    request = re.search(r"kVector =\s+((?:\"[^\"]*\"\s*)+);", (ROOT / "tests/unit/core/wire/command_test.cpp").read_text()).group(1)
    assert blocks[1] == bytes.fromhex(re.sub(r"[\"\s]", "", request))
    assert blocks[2] in (ROOT / "tests/fixtures/5.5.0/pull_tagged.bin").read_bytes() and len(blocks[2]) == 128


def test_files_that_it_names_exist():
    assert missing(TEXT, ROOT / "docs") == []


def test_names_of_ours_exist():
    ours = re.sub(r"\*Java:\*[^.;|]*(?:\.\w[^.;|]*)*", "", TEXT)
    found = list(names(ours))
    assert len(found) > 15
    assert unknown(found, sources_text("core")) == []
