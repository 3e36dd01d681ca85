"""Waiting for what a test cannot hurry."""

import time

PATIENCE = 120  # seconds for what takes one, on a machine that is slow or stands still for some; only failures take them


def wait_until(condition, timeout=PATIENCE):
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end, f"it did not happen within {timeout} s"
        time.sleep(0.1)
