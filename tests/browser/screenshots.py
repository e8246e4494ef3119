#!/usr/bin/python3
"""Pictures of the pages, for people to look at: each light, dark, as narrow as a phone, and as it is printed.

usage: screenshots.py FOLDER_OF_PROGRAMS FOLDER_FOR_PICTURES
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import browser
import pages
from browser import Browser

DESK = (1280, 900)
PHONE = (400, 800)
PAPER = (794, 1123)  # A4 at 96 pixels an inch

LOOKS: dict[str, Callable[[Browser], None]] = {
    "light": lambda shown: (shown.resize(*DESK), shown.prefer("light")),
    "dark": lambda shown: (shown.resize(*DESK), shown.prefer("dark")),
    "narrow": lambda shown: (shown.resize(*PHONE), shown.prefer("light")),
    "print": lambda shown: (shown.resize(*PAPER), shown.as_printed()),
}


def reports() -> dict[str, list[pages.Result]]:
    """The results that each report is made of."""
    result = pages.small_result()
    return {"report": [result], "report-overlay": [result, result], "report-sweep": [pages.swept(result)]}


def picture(page: Path, name: str, folder: Path) -> None:
    """A browser of its own for each look, so that none is left over from the last."""
    for look, put_on in LOOKS.items():
        shown = Browser(*DESK)
        try:
            put_on(shown)
            shown.open(page)
            shown.screenshot(folder / f"{name}-{look}.png", whole=True)
        finally:
            shown.quit()


def main(binaries: Path, folder: Path) -> None:
    browser.skip_without_browser()
    for name, results in reports().items():
        with tempfile.TemporaryDirectory() as scratch:
            picture(pages.make_report(binaries, Path(scratch), *results), name, folder)
        print(f"{folder}/{name}-*.png", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
