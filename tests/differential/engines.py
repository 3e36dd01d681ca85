"""Asks the two engines. Each is a process that reads lines of fields, divided by tabs, and answers each question with one:

  zone NAME                  the session's
  column NAME TYPE           of the table `t`
  row VALUE ...              one value for each column
  start                      after these
  script STATEMENTS          in hexadecimal, each ended by `;` and a line's end; nothing of it stays
  ask EXPRESSION TYPE [ROW]  the expression in hexadecimal; the native engine is told Flink's type, and writes to a column of it; it may be
                             asked about one row alone

  values TYPE VALUE ...      its type, and for each row its value, `!` and why there is none, or `-` when a filter leaves the row out
  warned WHY TYPE VALUE ...  the same, when the plan came with a warning
  refused WHY                when it is planned
  taken                      a script

What begins with SELECT is a query of its own over `t`, of one column. A value is empty for NULL, else `=` and: 0 or 1; an integer; a DECIMAL without its point; a FLOAT's or DOUBLE's bits, a text's UTF-8 or bytes in
hexadecimal; days since 1970; nanoseconds of the day, or since 1970.
"""
import collections
import hashlib
import json
import os
import queue
import subprocess
import threading
from pathlib import Path

import values

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "build/differential"
LINES = ("2.2", "1.20")
OPENED = ("java.lang", "java.util", "java.net", "java.io", "java.nio", "java.lang.reflect", "java.text", "java.time", "java.util.concurrent",
          "java.util.concurrent.atomic", "java.util.concurrent.locks")
PATIENCE = 300  # seconds for one answer
AHEAD = 200  # questions that wait in the pipe

Answer = collections.namedtuple("Answer", "type values why")  # values: None when refused
Answer.refused = property(lambda answer: answer.values is None)


def native_command():
    return [os.environ.get("ROCKETLINK_ANSWER_NATIVE", str(ROOT / "build/release/tests/differential/answer_native"))]


def flink_command(line):
    """Compiled first where that is to be done."""
    built = KEPT / f"flink-{line}"
    compiled = [path.stat().st_mtime for path in (built / "classes").rglob("*.class")]
    sources = [path.stat().st_mtime for path in (ROOT / "tests/differential/flink").rglob("*.java")]
    if not compiled or max(sources) > min(compiled):
        subprocess.run(["mvn", "-q", "-B", "-f", str(ROOT / "tests/differential/flink/pom.xml"), f"-Pflink-{line}", "compile"], check=True)
    return ["java", *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1g",
            "-cp", f"{built}/classes:{(built / 'classpath').read_text()}", "io.rocketlink.differential.AnswerFlink"]


class Engine:
    """One of them, over these rows (encoded). One that dies or is silent is begun anew, and its answer is a refusal that says so. What is in the
    folder `kept` is not asked again: for Flink, whose answers stay."""

    def __init__(self, command, rows, kept=None):
        self.head = [f"zone\t{values.ZONE}"]
        if rows:
            self.head += [f"column\t{name}\t{column.type}" for name, column in values.COLUMNS.items()]
        self.head += ["\t".join(["row", *row]) for row in rows] + ["start"]
        self.command = command
        self.known = {}
        self.process = None
        self.kept = None
        if kept:
            kept.mkdir(parents=True, exist_ok=True)
            self.kept = kept / (hashlib.sha256("\n".join(self.head).encode()).hexdigest()[:16] + ".answers")
            if self.kept.exists():
                for line in self.kept.read_text().splitlines():
                    question, type_, answers, why = json.loads(line)
                    self.known[tuple(question)] = Answer(type_, answers, why)

    def ask(self, questions):
        """Answers to scripts, each alone in its question, or to an expression and a type, which may be empty, and for some a row's number;
        in their order."""
        new = list(dict.fromkeys(question for question in questions if question not in self.known))
        while new:
            self.begin()
            done = self.put(new)
            new = new[done:]
            if new:
                self.known[new.pop(0)] = Answer("", None, "DIED")
                self.end()
        return [self.known[question] for question in questions]

    def put(self, questions):
        """How many of them were answered before it died."""
        room = threading.Semaphore(AHEAD)

        def write():
            try:
                for text, *more in questions:
                    room.acquire()
                    kind = ["ask"] if more else ["script"]
                    self.process.stdin.write("\t".join([*kind, text.encode().hex(), *map(str, more)]) + "\n")
                    self.process.stdin.flush()
            except (OSError, ValueError):
                pass  # it has died, which the reader sees

        threading.Thread(target=write, daemon=True).start()
        for i, question in enumerate(questions):
            try:
                line = self.lines.get(timeout=PATIENCE)
            except queue.Empty:
                line = None
            room.release()
            if line is None:
                return i
            kind, *fields = line.rstrip("\n").split("\t")
            if kind == "values":
                answer = Answer(fields[0], fields[1:], "")
            elif kind == "taken":
                answer = Answer("", [], "")
            elif kind == "warned":
                answer = Answer(fields[1], fields[2:], fields[0])
            else:
                answer = Answer(fields[1] if len(fields) > 1 else "", None, fields[0])
            self.known[question] = answer
            if self.kept:
                with self.kept.open("a") as file:
                    file.write(json.dumps([question, *answer]) + "\n")
        return len(questions)

    def begin(self):
        if self.process:
            return
        KEPT.mkdir(parents=True, exist_ok=True)
        with (KEPT / f"{Path(self.command[0]).name}.log").open("a") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8", errors="replace")
        self.lines = queue.Queue()

        def read(out, lines):
            for line in out:
                lines.put(line)
            lines.put(None)

        threading.Thread(target=read, args=(self.process.stdout, self.lines), daemon=True).start()
        self.process.stdin.write("\n".join(self.head) + "\n")
        self.process.stdin.flush()

    def end(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


def encoded_rows():
    types = [column.type for column in values.COLUMNS.values()]
    return [[values.encode(value, sql_type) for value, sql_type in zip(row, types)] for row in values.rows()]


def sink_type(flink_type):
    """The column that takes an expression of that type."""
    plain = flink_type.replace(" NOT NULL", "")
    return {"CHAR(0)": "STRING", "VARCHAR(0)": "STRING", "BINARY(0)": "BYTES", "VARBINARY(0)": "BYTES"}.get(plain, plain)


class Pair:
    """Flink and the native engine over the same rows."""

    def __init__(self, line, rows):
        self.rows = rows
        self.flink = Engine(flink_command(line), rows, KEPT / f"flink-{line}")
        self.native = Engine(native_command(), rows)

    def ask(self, expressions):
        flink = self.flink.ask([(expression, "") for expression in expressions])
        native = self.native.ask([(e, "" if answer.refused else sink_type(answer.type)) for e, answer in zip(expressions, flink)])
        return list(zip(flink, native))

    def end(self):
        self.flink.end()
        self.native.end()
