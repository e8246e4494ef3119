#!/usr/bin/python3
"""Pictures of the pages, for people to look at: each light, dark, as narrow as a phone, and as it is printed. The live
page is that of a server under load, for each strategy.

usage: screenshots.py FOLDER_OF_PROGRAMS FOLDER_FOR_PICTURES
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import browser
import pages
from browser import Browser, until
from live_page import moments
from programs import Load, Server, strategies

DESK = (1280, 900)
PHONE = (400, 800)
PAPER = (794, 1123)  # A4 at 96 pixels an inch

SERVED = {"listen": {"port": 0}, "admin": {"port": 0}, "strategies": {"fixed-pool": {"threads": 16}}}
CONNECTIONS = 48

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


def picture(page: Path | str, name: str, folder: Path, await_ready: Callable[[Browser], Any] = lambda _: None) -> None:
    """A browser of its own for each look, so that none is left over from the last."""
    for look, put_on in LOOKS.items():
        shown = Browser(*DESK)
        try:
            put_on(shown)
            shown.open(page)
            await_ready(shown)
            shown.screenshot(folder / f"{name}-{look}.png", whole=True)
        finally:
            shown.quit()
    print(f"{folder}/{name}-*.png", flush=True)


def await_course(shown: Browser) -> None:
    """Until the page has followed the server for some seconds."""
    until("some seconds of the course", lambda: moments(shown) >= 25)


def live_picture(binaries: Path, strategy: str, folder: Path) -> None:
    with (tempfile.TemporaryDirectory() as scratch,
          Server(binaries, Path(scratch) / "server.jsonc", SERVED, strategy) as server,
          Load(binaries, server.url + "/wait", CONNECTIONS)):
        picture(f"http://{server.admin}/", f"live-{strategy}", folder, await_course)


def main(binaries: Path, folder: Path) -> None:
    browser.skip_without_browser()
    for name, results in reports().items():
        with tempfile.TemporaryDirectory() as scratch:
            picture(pages.make_report(binaries, Path(scratch), *results), name, folder)
    for strategy in strategies(binaries):
        live_picture(binaries, strategy, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
