"""docs/reliability.md: every failure has its row, and every test that a row names exists."""
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
JAVA = ROOT / "flink" / "common" / "src" / "test" / "java" / "io" / "rocketlink"
TEXT = (ROOT / "docs" / "reliability.md").read_text()
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in TEXT.splitlines() if re.match(r"\| [A-Z]\d", line)]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()  # its bounds of memory
NAMED = [(path, name) for path, names in re.findall(r"`([\w/]+\.\w+): ([^`]+)`", TEXT + ARCHITECTURE) for name in names.split(", ")]


def defines(text, name):
    """Whether a C++, Python or Java test file has a test of that name."""
    return re.search(rf"\bTEST\w*\(\s*\w+,\s*{name}\)|\bdef {name}\(|\bint {name}\(|\bvoid {name}\(", text) is not None


def file_of(path):
    return (JAVA if path.endswith(".java") else ROOT / "tests") / path


def test_every_failure_has_one_row():
    numbers = [(row[0][0], int(row[0][1:])) for row in ROWS]
    order = {letter: place for place, letter in enumerate("SKB")}
    assert numbers == sorted(set(numbers), key=lambda number: (order[number[0]], number[1]))
    for letter, count in (("S", 20), ("K", 11), ("B", 9)):  # later ones have rows once they have tests
        assert {(letter, i) for i in range(1, count + 1)} <= set(numbers)


def test_a_row_names_tests_or_says_what_is_open():
    for number, happens, provoked_by, still_open in ROWS:
        assert happens and (provoked_by or still_open), number
        assert not provoked_by or re.search(r"`[\w/]+\.\w+: ", provoked_by), number


def test_named_tests_exist():
    assert [f"{path}: {name}" for path, name in NAMED if not defines(file_of(path).read_text(), name)] == []


@pytest.mark.parametrize("text, there", [
    ("TEST_F(ATest, Reads) {", True), ("TEST_P(ATest,\n       Reads) {", True), ("def Reads(", True),
    ("// TEST_F(ATest, ReadsAll)", False), ("Reads", False)])
def test_only_definitions_count(text, there):
    assert defines(text, "Reads") is there
