"""Runs a driver of bench/ in a short form."""

import signal
import subprocess

from .cluster import ROOT

_TO_END = 120  # seconds for stopping its servers, once it is told to


def run_bench(name, *arguments, timeout):
    """What it said; it has to end well. Told to end rather than killed, as it has servers."""
    running = subprocess.Popen([ROOT / "bench" / name, *arguments], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        said = running.communicate(timeout=timeout)[0]
    finally:
        if running.poll() is None:
            running.send_signal(signal.SIGINT)
            try:
                running.communicate(timeout=_TO_END)
            except subprocess.TimeoutExpired:
                running.kill()
                raise
    print(said)
    assert running.returncode == 0, said
