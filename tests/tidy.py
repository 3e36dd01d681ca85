"""clang-tidy of sources, with those it found nothing in remembered by their content.

Most of its time goes into what headers bring, so sources of a folder are looked at together. Where that finds anything each is
looked at alone, which decides: names that two sources of a folder share cost time and are no finding.
"""
import collections
import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("core", "cli")
COMMANDS = ROOT / "build" / "debug" / "compile_commands.json"  # of a preset that compiles each source by itself
WORK = ROOT / "build" / "tidy"
PROGRAM = "clang-tidy-16"
TOGETHER = 16  # sources
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def sources():
    return sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.cpp"))


class Tidy:
    """The sources, how each is compiled, and which are known to be clean."""

    def __init__(self):
        (WORK / "clean").mkdir(parents=True, exist_ok=True)
        self.flags = {}
        for entry in json.loads(COMMANDS.read_text()):
            file = Path(entry["file"])
            if file.is_relative_to(ROOT) and file.relative_to(ROOT).parts[0] in FOLDERS:
                words = shlex.split(entry["command"])
                first = next(at for at, word in enumerate(words) if word.startswith("-"))  # behind ccache and compiler
                self.flags[file] = [*words[first:words.index("-MD" if "-MD" in words else "-o")], "-Wno-unknown-warning-option"]  # GCC's
        version = subprocess.run([PROGRAM, "--version"], capture_output=True, check=True).stdout
        self.rules = version + (ROOT / ".clang-tidy").read_bytes()
        self.contents = {}  # of a file: its digest, and what it includes of ours

    def content(self, file):
        if file not in self.contents:
            text = file.read_text(errors="replace")
            self.contents[file] = hashlib.sha256(text.encode()).digest(), INCLUDE.findall(text)
        return self.contents[file]

    def read(self, file):
        """A source and the headers of ours that it includes, whether it needs them or not."""
        places = [Path(flag[2:]) for flag in self.flags[file] if flag.startswith("-I")]
        seen, ahead = {}, [file]
        while ahead:
            each = ahead.pop()
            if each in seen:
                continue
            seen[each], names = self.content(each)
            paths = (Path(os.path.normpath(place / name)) for name in names for place in (each.parent, *places))
            ahead += [path for path in paths if path.is_file()]
        return seen

    def mark(self, file):
        """The file that is there once a source was clean: named by its content, our headers', its flags and the rules."""
        digest = hashlib.sha256(self.rules + shlex.join(self.flags[file]).encode())
        for content in self.read(file).values():
            digest.update(content)
        return WORK / "clean" / digest.hexdigest()

    def seeing(self, changed):
        """The sources that are among these files or include one of them."""
        return {file for file in self.flags if not self.read(file).keys().isdisjoint(changed)}

    def unknown(self):
        """Groups of sources that are not known to be clean, each of one folder and compiled alike."""
        groups = collections.defaultdict(list)
        for file in sorted(self.flags):
            if not self.mark(file).exists():
                groups[file.parent, shlex.join(self.flags[file])].append(file)
        return [each[at:at + TOGETHER] for each in groups.values() for at in range(0, len(each), TOGETHER)]

    def command(self, source, file):
        return [PROGRAM, "--quiet", str(source), "--", *self.flags[file]]

    def look(self, files, run):
        """Looks at a group; `run` runs a command, says whether all was well, and is told which one source it is about, if it is
        about one."""
        done = False
        if len(files) > 1:
            together = WORK / f"{hashlib.sha256(str(files).encode()).hexdigest()}.cpp"
            together.write_text("\n".join(file.read_text() for file in files))  # not by #include: some checks see one file alone
            done = run([*self.command(together, files[0]), "-iquote", str(files[0].parent)], None)
            together.unlink()
        for file in files:
            if done or run(self.command(file, file), file):
                self.mark(file).touch()


def ahead():
    """Looks at all that can be looked at before anybody asks; what is found is said when somebody does."""
    tidy = Tidy()

    def run(command, file):
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda files: tidy.look(files, run), tidy.unknown()))


if __name__ == "__main__":
    sys.exit(ahead())
