"""Nothing here may hang: a script that takes too long ends with an error and its sandboxes with it."""

import signal
from contextlib import contextmanager


@contextmanager
def within(seconds):
    def expired(*_):
        raise TimeoutError(f"not done after {seconds} s")

    signal.signal(signal.SIGALRM, expired)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
