"""Looks all the while at how far the jobs have come."""

import collections
import threading
import time

from judge import Sample
from support.remoting import RemotingError

_PAUSE = 2  # seconds


class Progress:
    def __init__(self, standing):
        self.samples = collections.defaultdict(list)  # of each job
        self._standing, self._stopped = standing, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        self._stopped.set()
        self._thread.join()

    def _look(self):
        while not self._stopped.wait(_PAUSE):
            begin = time.time() * 1000
            try:
                standing = self._standing()
            except (OSError, LookupError, RemotingError):
                continue  # a server is away
            end = time.time() * 1000
            for job, queues in standing.items():
                committed, written = map(sum, zip(*queues.values()))
                self.samples[job].append(Sample(begin, end, committed, written))
