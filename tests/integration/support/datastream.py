"""Compiles a DataStream program and runs it in a JVM of its own, on Flink's local cluster."""

import re
import subprocess

from .cluster import ROOT

_MODULES = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in ("java.lang", "java.util", "java.util.concurrent", "java.time")]
# Where the vendor's classes are in this project.
_CLASSES = {
    "OutputFormatSinkFunction": "io.rocketlink.flink.datastream.OutputFormatSinkFunction",
    "MessageExt": "io.rocketlink.client.MessageExt",
    "RocketMQOutputFormat": "io.rocketlink.flink.datastream.RocketMQOutputFormat",
    "RocketMQSource": "io.rocketlink.flink.datastream.RocketMQSource",
    "RocketMQRecordDeserializationSchema": "io.rocketlink.flink.datastream.RocketMQRecordDeserializationSchema",
    "MetaQOutputFormat": "io.rocketlink.flink.datastream.MetaQOutputFormat",
    "MetaQSource": "io.rocketlink.flink.datastream.MetaQSource",
    "MetaQRecordDeserializationSchema": "io.rocketlink.flink.datastream.MetaQRecordDeserializationSchema",
    "ExternConst": "io.rocketlink.flink.datastream.ExternConst",
}


def connector_jar(line):
    jar = next(iter((ROOT / "build").glob(f"rocketlink-flink-{line}-*.jar")), None)
    assert jar, f"there is no build/rocketlink-flink-{line}-*.jar: build it with scripts/build --flink"
    return jar


def flink_jars(line):
    fetched = subprocess.run([ROOT / "scripts" / "flink", "fetch", "--line", line], capture_output=True, text=True, timeout=600)
    assert fetched.returncode == 0, fetched.stderr
    return fetched.stdout.strip().removeprefix("LIB=")


def migrated(text, constants, jar):
    """The vendor's program with its imports and constants replaced, and its three slips mended; nothing else is touched."""
    lines = []
    for line in text.splitlines():
        imported = re.match(r"import (?:static )?com\.alibaba\.[\w.]+?\.(\w+)(\.\*)?;", line)
        if imported:
            name, members = imported.groups()
            line = f"import {'static ' if members else ''}{_CLASSES[name]}{members or ''};"
        lines.append(line)
    text = "\n".join(["import java.util.Collections;", *lines])
    for name, value in constants.items():
        text = re.sub(rf'(String {name} =) "[^"]*"', rf'\1 "{value}"', text)
    text = text.replace('"The absolute path of the uber JAR"', f'"{jar}"')
    # Constants too: the names of classes that both class loaders must share.
    text = re.sub(r'"com\.alibaba[\w.]+DeserializationSchema;com\.alibaba[\w.]+"', '"io.rocketlink."', text)
    name = re.search(r"public class (\w+)", text).group(1)
    text = text.replace(f"{name}2", name)
    while text.count("}") > text.count("{"):
        text = text.rstrip().removesuffix("}")
    return name, text


class Program:
    """A Java program from its source text."""

    def __init__(self, name, text, line, folder):
        self.name = name
        self._folder = folder
        self._path = f"{flink_jars(line)}/*:{connector_jar(line)}"
        (folder / f"{name}.java").write_text(text)
        done = subprocess.run(["javac", "-nowarn", "-cp", self._path, "-d", str(folder), str(folder / f"{name}.java")],
                              capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stderr

    def start(self, *arguments):
        self._log = open(self._folder / "log.txt", "w")
        (self._folder / "log4j2.properties").write_text(
            "rootLogger.level = INFO\nrootLogger.appenderRef.out.ref = out\nappender.out.type = CONSOLE\nappender.out.name = out\n"
            "appender.out.target = SYSTEM_ERR\nappender.out.layout.type = PatternLayout\n"
            "appender.out.layout.pattern = %d %p %c{1} %m%n\n")
        self._process = subprocess.Popen(
            ["java", "-Xmx768m", *_MODULES, f"-Dlog4j2.configurationFile={self._folder / 'log4j2.properties'}", "-cp",
             f"{self._folder}:{self._path}", self.name, *arguments], stdout=self._log, stderr=subprocess.STDOUT, cwd=self._folder)

    @property
    def log(self):
        return (self._folder / "log.txt").read_text()

    def check(self):
        assert self._process.poll() is None, f"it ended with {self._process.returncode}:\n{self.log[-8000:]}"

    def kill(self):
        self._process.kill()
        self._process.wait()
        self._log.close()
