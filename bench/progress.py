"""What is being measured, in a line that the next replaces. Nothing where stderr is no terminal."""

import sys

ERASE_LINE = "\r\x1b[K"


def show_progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"{ERASE_LINE}{text}", end="", file=sys.stderr, flush=True)


def end_progress() -> None:
    show_progress("")
