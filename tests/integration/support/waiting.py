"""Waiting for what a test cannot hurry."""

import time


def wait_until(condition, timeout=30):
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end, f"it did not happen within {timeout} s"
        time.sleep(0.1)
