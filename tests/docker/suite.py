"""How each file of tests runs: skipped without an engine, and with nothing left behind, however it ends."""

import signal
import sys
import unittest
from collections.abc import Iterator
from contextlib import contextmanager

import leftovers
from engine import skip_without_engine

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def clean_engine() -> Iterator[None]:
    """An engine with nothing of the tests on it but images, before and after. One run at a time in one checkout: it
    takes what another has there for a former run's."""
    skip_without_engine()
    for number in ENDING:
        signal.signal(number, signal.default_int_handler)
    leftovers.remove()
    try:
        yield
    finally:
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)
        leftovers.remove()


def main() -> None:
    """Runs the tests that the command line names by their methods, or all."""
    chosen = [argument for name in sys.argv[1:] for argument in ("-k", name)]
    with clean_engine():
        unittest.main(argv=[sys.argv[0], *chosen])
