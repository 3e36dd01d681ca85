"""docs/recipes.md: files and names that it tells to touch exist, so that a recipe is mended with the code that it is about."""
import re

import pytest
from doc_text import ROOT, code, headings, missing, unknown, without_blocks

TEXT = (ROOT / "docs" / "recipes.md").read_text()
PLACEHOLDER = re.compile(r"NAME|…")
NAME = re.compile(r"^[A-Za-z_]\w*(?:(?:::|\.)\w+)*(?:\(.*\))?$")
SOURCES = [path for room in ("core", "cli", "jni", "flink", "tests", "scripts") for path in (ROOT / room).rglob("*")
           if path.suffix in (".h", ".cpp", ".java", ".py", ".xml") or path.name in ("flink", "check")]


def touched(text):
    """What stands in backticks and is a name of code: its last part, without arguments."""
    for token in code(text):
        if NAME.match(token) and not PLACEHOLDER.search(token) and not re.search(r"\.(?:h|cpp|java|py|md|xml)$", token):
            yield re.split(r"::|\.", token.split("(")[0])[-1]


def test_files_exist():
    assert [path for path in missing(TEXT, ROOT / "docs") if not PLACEHOLDER.search(path)] == []


def test_names_exist():
    found = list(touched(TEXT))
    assert len(found) > 60
    assert unknown(found, "\n".join(path.read_text(errors="replace") for path in SOURCES if path.is_file() and path.name != "test_recipes_doc.py")) == []


@pytest.mark.parametrize("text, gone", [
    ("`Reader::poll` and `kSpecs`", []), ("`Reader::pull`", ["pull"]), ("`Call::fail(text)`", []), ("`fuzz_NAME`", [])])
def test_what_is_not_there_is_found(text, gone):
    assert unknown(touched(text), "class Reader { poll; kSpecs; fail }") == gone


def test_a_recipe_is_a_numbered_list_that_names_a_test():
    parts = re.split(r"^## ", without_blocks(TEXT), flags=re.MULTILINE)[1:]
    assert len(parts) == len(headings(TEXT)) - 1 >= 10
    for part in parts:
        assert re.search(r"^1\. ", part, re.MULTILINE) and re.search(r"^2\. ", part, re.MULTILINE), part.splitlines()[0]
        assert "tests/" in part, part.splitlines()[0]
