"""tests/tidy.py: what is found in one source is found among others, and what was clean is looked at again once anything of it changes."""
import importlib.util
import json
import subprocess
from pathlib import Path

import pytest

spec = importlib.util.spec_from_file_location("tidy_of_sources", Path(__file__).resolve().parents[1] / "tidy.py")
tidy = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tidy)

CLEAN = '#include "one.h"\nint* one() {\n  return nullptr;\n}\n'
USING = "namespace a {\nstruct B {};\n}  // namespace a\nusing a::B;\n"  # misc-unused-using-decls, which looks at one file alone
ZERO = "int* zero() {\n  return 0;\n}\n"  # modernize-use-nullptr


@pytest.fixture
def tree(tmp_path, monkeypatch):
    (tmp_path / ".clang-tidy").write_bytes((tidy.ROOT / ".clang-tidy").read_bytes())
    folder = tmp_path / "core" / "src"
    folder.mkdir(parents=True)
    (folder / "one.h").write_text("int* one();\n")
    monkeypatch.setattr(tidy, "ROOT", tmp_path)
    monkeypatch.setattr(tidy, "WORK", tmp_path / "tidy")
    monkeypatch.setattr(tidy, "COMMANDS", tmp_path / "compile_commands.json")
    return folder


def look(tree, sources):
    """Looks at what is not known; gives the sources that were found to be bad, and how many commands it took."""
    for name, text in sources.items():
        (tree / name).write_text(text)
    tidy.COMMANDS.write_text(json.dumps([{"file": str(tree / name), "directory": str(tree), "command": f"ccache g++ -std=c++20 -o x.o -c {name}"}
                                         for name in sources]))
    found, commands = [], []

    def run(command, file):
        commands.append(command)
        ok = subprocess.run(command, capture_output=True, cwd=tree).returncode == 0
        if file and not ok:
            found.append(file.name)
        return ok

    known = tidy.Tidy()
    for files in known.unknown():
        known.look(files, run)
    return found, len(commands)


def test_what_was_clean_is_looked_at_again_only_once_it_changes(tree):
    sources = {"a.cpp": CLEAN, "b.cpp": "int b = 1;\n"}
    assert look(tree, sources) == ([], 1)
    assert look(tree, sources) == ([], 0)
    assert look(tree, {**sources, "b.cpp": "int b = 2;\n"}) == ([], 1)
    (tree / "one.h").write_text("int* one();  // of its own\n")
    assert look(tree, sources) == ([], 1)
    (tree.parents[1] / ".clang-tidy").write_text("Checks: '-*,bugprone-*'\n")
    assert look(tree, sources) == ([], 1)


@pytest.mark.parametrize("bad", [USING, ZERO])
def test_a_finding_among_others_is_of_its_source_and_is_not_forgotten(tree, bad):
    sources = {"a.cpp": CLEAN, "bad.cpp": bad, "c.cpp": "int c = 1;\n"}
    assert look(tree, sources) == (["bad.cpp"], 4)
    assert look(tree, sources) == (["bad.cpp"], 1)


def test_sources_that_share_a_name_are_looked_at_alone(tree):
    private = "namespace {\nint one = 1;\n}  // namespace\nint {}() {{\n  return one;\n}}\n"
    sources = {name: private.replace("{}()", f"{name[0]}()").replace("{{", "{").replace("}}", "}") for name in ("a.cpp", "b.cpp")}
    assert look(tree, sources) == ([], 3)


def test_a_header_is_seen_by_the_sources_that_include_it(tree):
    look(tree, {"a.cpp": CLEAN, "b.cpp": "int b = 1;\n"})
    assert tidy.Tidy().seeing([tree / "one.h"]) == {tree / "a.cpp"}
