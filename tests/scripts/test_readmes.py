"""Rooms have a README of a page; the files that it names exist, and links of all documents lead somewhere."""
import re

import pytest
from doc_text import FILE, ROOT, anchor, code, headings, missing, names, sources_text, unknown, without_blocks

ROOMS = ["core/src/source", "core/src/sink", "core/src/wire", "cli/src/planner", "cli/src/engine", "jni", "flink", "tests"]
CODE = ("core", "cli", "jni/src", "flink", "tests")
WITH_LAYOUTS = {"jni"}  # of what crosses, with an example in bytes
DOCUMENTS = sorted(path for pattern in ("*.md", "docs/*.md", "bench/*.md", *(f"{room}/README.md" for room in ROOMS)) for path in ROOT.glob(pattern))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_a_readme(room):
    text = (ROOT / room / "README.md").read_text()
    assert 20 <= len(text.splitlines()) and (len(text.splitlines()) <= 40 or room in WITH_LAYOUTS)
    assert re.search(r"[Tt]hread", text) and re.search(r"\btests?\b", text, re.IGNORECASE)
    assert len([token for token in code(text) if FILE.match(token)]) >= 4


@pytest.mark.parametrize("room", ROOMS)
def test_files_that_it_names_exist(room):
    assert missing((ROOT / room / "README.md").read_text(), ROOT / room) == []


@pytest.mark.parametrize("room", ROOMS)
def test_classes_and_functions_that_it_names_exist(room):
    assert unknown(names((ROOT / room / "README.md").read_text()), sources_text(*CODE)) == []


@pytest.mark.parametrize("text, gone", [
    ("`core/src/wire/command.h`", []), ("`command.h`", []), ("`reader.cpp` and `nobody.cpp`", ["reader.cpp", "nobody.cpp"]),
    ("`core/src/`, `core/src/nothing/`", ["core/src/nothing/"]), ("`Reader::poll`, `a << b`", []), ("```\n`nobody.cpp`\n```", []),
    ("`NativeReader.java` `command_test.cpp`", [])])
def test_what_is_not_there_is_found(text, gone):
    assert missing(text, ROOT / "core/src/wire") == gone


@pytest.mark.parametrize("text, gone", [
    ("`Reader::poll(timeout)` `kMost` `QueueSplit`", []), ("`Reader::pull` `kLeast` `QueueSplits`", ["QueueSplits", "kLeast", "pull"]), ("`FIFO`, `the reader`, `Java`", [])])
def test_a_name_that_is_not_there_is_found(text, gone):
    assert unknown(names(text), "Reader.poll kMost QueueSplit") == gone


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", without_blocks(path.read_text())):
        if re.match(r"\w+:", target):
            continue
        file, _, heading = target.partition("#")
        to = (path.parent / file).resolve() if file else path
        if not to.exists() or heading and heading not in {anchor(line) for line in headings(to.read_text())}:
            broken.append(target)
    assert broken == []
