"""What scripts/rocketmq and scripts/flink share: server processes on loopback, in a folder of their own, with a log each."""
import contextlib
import fcntl
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
PATIENCE = 40  # seconds for a process to end


class Failure(Exception):
    """One clear line for the user."""


class PortTaken(Failure):
    """A port that was free when it was chosen is no longer."""


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return False
    return True


def holders(port):
    """Who has a socket on this local port, and in which of the kernel's states (0A: it listens), as a text."""
    sockets = {}
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
                _, local, remote, state, *rest = line.split()
                if int(local.rpartition(":")[2], 16) == port:
                    sockets[f"socket:[{rest[5]}]"] = f"{state} to port {int(remote.rpartition(':')[2], 16)}"
    found = []
    for entry in Path("/proc").glob("[0-9]*/fd/*") if sockets else ():
        with contextlib.suppress(OSError):
            if (name := os.readlink(entry)) in sockets:
                command = (entry.parent.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                found.append(f"{sockets[name]}, process {entry.parts[2]}: {command[:100]}")
    return "; ".join(found or sockets.values()) or "what has none any more"


def state_of(pid):
    """As the kernel has it: Z is one that is dead."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def is_dying(pid):
    """Killed, but holds its ports yet: the first of its threads is dead, which is all that `state_of` sees, and others are not."""
    try:
        return state_of(pid) == "Z" and len(os.listdir(f"/proc/{pid}/task")) > 1
    except OSError:
        return False


def fetched(folder, fetch):
    """The folder, which `fetch` makes the first time; whoever wants it or its like meanwhile waits."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with open(folder.parent / ".fetching", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.is_dir():
                fetch(folder)
    return folder


def candidates():
    """Ports that no outgoing connection of this machine is given: a server that is started again must find its ports free."""
    low, high = map(int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    below, above = range(10010, min(low, 32000)), range(max(high + 1, 10010), 65536)
    return max(below, above, key=len) if max(len(below), len(above)) >= 1000 else range(10010, 65536)


class Ports:
    """Free ports, which belong to whatever runs in a folder as long as that folder exists, also while it is stopped."""

    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        self.register = Path(tempfile.gettempdir()) / f"rocketlink-ports-{os.getuid()}.json"

    def choose(self, *offsets):
        """A port that is free together with those at these distances (default: alone)."""
        with open(self.register, "a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            owners = {}
            with contextlib.suppress(ValueError):  # whoever wrote it last may have been ended within it, or the disk was full
                owners = {int(port): owner for port, owner in json.loads(file.read()).items() if os.path.isdir(owner)}
            port, wanted = self.draw(offsets or (0,), owners)
            owners.update(dict.fromkeys(wanted, str(self.folder)))
            file.truncate(0)
            file.write(json.dumps(owners))
        return port

    def draw(self, offsets, owners):
        range_of_ports = candidates()
        for _ in range(1000):
            port = random.SystemRandom().choice(range_of_ports)
            wanted = [port + offset for offset in offsets]
            if all(one in range_of_ports and one not in owners and is_free(one) for one in wanted):
                return port, wanted
        raise Failure(f"no free ports between {range_of_ports[0]} and {range_of_ports[-1]}")


class Servers:
    """What runs in one folder. Its settings are kept there in cluster.json; `pids` in them says which process is which.

    A subclass says what a process's command line holds (`main_class`), and when it serves (`serves`).
    """

    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        self.file = self.folder / "cluster.json"
        self.settings = json.loads(self.file.read_text()) if self.file.exists() else None
        self.children = {}  # launched and not yet waited for

    def save(self):
        scratch = self.file.with_suffix(".new")
        scratch.write_text(json.dumps(self.settings, indent=1))
        os.replace(scratch, self.file)

    def pid(self, process):
        """The pid of a process of this cluster that runs, else None; a pid that the system gave to another does not count."""
        pid = self.settings["pids"].get(process)
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            state = state_of(pid)
        except OSError:
            return None
        ours = str(self.folder).encode() in command and self.main_class(process).encode() in command
        return pid if ours and state != "Z" else None

    def log(self, process):
        return self.folder / "logs" / f"{process}.log"

    def launch(self, process, command, ports, environment):
        """Starts a process; `wait` waits until it serves."""
        # Threads of its last life may still end.
        end = time.monotonic() + (PATIENCE if process in self.settings["pids"] else 0)
        while taken := [port for port in ports if not is_free(port)]:
            if time.monotonic() >= end:
                raise PortTaken(f"port {taken[0]} of the {process} in {self.folder} is taken by {holders(taken[0])}")
            time.sleep(0.05)
        with open(self.log(process), "ab") as log:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                                     start_new_session=True, env={**os.environ, **environment})
        self.children[process] = child
        self.settings["pids"][process] = child.pid
        self.save()

    def wait(self, process, timeout):
        """Waits until a process that was launched serves; no longer than `timeout` seconds."""
        child = self.children.pop(process, None)
        end = time.monotonic() + timeout
        while child and not self.serves(process):
            if child.poll() is not None:
                self.fail(process, f"ended with code {child.returncode} while starting")
            if time.monotonic() > end:
                self.fail(process, f"does not serve after {timeout} s")
            time.sleep(0.1)

    def fail(self, process, what):
        end = []
        with contextlib.suppress(OSError):
            end = self.log(process).read_text(errors="replace").splitlines()[-60:]
        print("\n".join(end[-25:]), file=sys.stderr)
        kind = PortTaken if any("Address already in use" in line for line in end) else Failure
        raise kind(f"the {process} of {self.name()} in {self.folder} {what}; its log's end is above, all of it in "
                      f"{self.log(process)}")

    def end(self, processes, number):
        """Signals processes and waits for their end (20 s are usual on SIGTERM); what takes too long is killed."""
        running = {process: pid for process in reversed(processes) if (pid := self.pid(process))}
        for pid in running.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        end = time.monotonic() + PATIENCE
        while left := [pid for process, pid in running.items() if self.pid(process) == pid or is_dying(pid)]:
            if time.monotonic() > end:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(left[0], signal.SIGKILL)
            time.sleep(0.05)
