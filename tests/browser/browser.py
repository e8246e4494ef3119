#!/usr/bin/python3
"""Debian's Chromium as the tests use it: without a window, its console overheard, its view and its colours at will.

Import `browser.main` for the tests of a page, and derive them from `PageTest`.
"""

import base64
import os
import shutil
import sys
import tempfile
import time
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

SKIPPED = 77
PATIENCE_S = 30
CHROMIUM = "/usr/bin/chromium"
CHROMEDRIVER = "/usr/bin/chromedriver"

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.remote.webelement import WebElement
except ImportError:
    print("skipped: Selenium is missing; apt-get install python3-selenium")
    sys.exit(SKIPPED)

__all__ = ["Browser", "BrowserTest", "Keys", "PageTest", "main", "skip_without_browser", "until"]


def skip_without_browser() -> None:
    for program, package in ((CHROMIUM, "chromium"), (CHROMEDRIVER, "chromium-driver")):
        if shutil.which(program) is None:
            print(f"skipped: {program} is missing; apt-get install {package}")
            sys.exit(SKIPPED)


def until(what: str, condition: Callable[[], Any]) -> Any:
    """What `condition` answers as soon as that is true; fails, saying `what` did not come, if it takes too long."""
    deadline = time.monotonic() + PATIENCE_S
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"after {PATIENCE_S} s still not: {what}")
    return answer


class Browser:
    """One Chromium with a profile of its own; `quit` it in the end."""

    def __init__(self, width: int = 1280, height: int = 900) -> None:
        self._profile = tempfile.TemporaryDirectory(prefix="waitlab-browser-")
        self.downloads = Path(self._profile.name) / "downloads"
        self.downloads.mkdir()
        service = Service(CHROMEDRIVER, log_path=os.devnull)
        self.driver = webdriver.Chrome(service=service, options=self._options())
        self.driver.set_page_load_timeout(PATIENCE_S)
        self.driver.set_script_timeout(PATIENCE_S)
        self._size = (width, height)
        self._prepare_tab()

    def _options(self) -> webdriver.ChromeOptions:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        switches = ["--headless=new", f"--user-data-dir={self._profile.name}/profile", "--no-first-run", "--lang=en",
                    "--disable-background-networking", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"]
        if os.geteuid() == 0:
            switches.append("--no-sandbox")  # as root Chromium refuses to start with one
        for switch in switches:
            options.add_argument(switch)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        return options

    def quit(self) -> None:
        self.driver.quit()
        self._profile.cleanup()

    def forget(self) -> None:
        """As if started anew, in a fraction of the time: one new tab, nothing downloaded, the console not listened to.
        The project's pages store nothing."""
        former = self.driver.window_handles
        self.driver.switch_to.new_window("tab")
        tab = self.driver.current_window_handle
        for other in former:
            self.driver.switch_to.window(other)
            self.driver.close()
        self.driver.switch_to.window(tab)
        self._prepare_tab()
        for file in self.downloads.iterdir():
            file.unlink()
        self.complaints()

    def _prepare_tab(self) -> None:
        self.devtools("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.downloads))
        self.resize(*self._size)

    def devtools(self, method: str, **parameters: Any) -> dict[str, Any]:
        """A command of the Chrome DevTools protocol."""
        return self.driver.execute_cdp_cmd(method, parameters)

    def open(self, page: Path | str) -> None:
        """A file, or a URL. Returns once it is loaded."""
        self.driver.get(page.resolve().as_uri() if isinstance(page, Path) else page)

    def resize(self, width: int, height: int) -> None:
        """The view in CSS pixels; a window could not be as narrow as a phone."""
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                      mobile=False)

    def prefer(self, scheme: str) -> None:
        """What the person's system asks for: "light" or "dark"."""
        self._emulate("", scheme)

    def as_printed(self) -> None:
        """Shows the page with its styles for print."""
        self._emulate("print", "light")

    def _emulate(self, media: str, scheme: str) -> None:
        features = [{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion",
                                                                        "value": "reduce"}]
        self.devtools("Emulation.setEmulatedMedia", media=media, features=features)
        # A page hears of it when it is rendered next, before what it asked to be called back for then.
        self.driver.execute_async_script("requestAnimationFrame(arguments[0]);")

    def run(self, script: str, *arguments: Any) -> Any:
        """What the script returns; its arguments are `arguments[0]` and so on."""
        return self.driver.execute_script(script, *arguments)

    def all(self, css: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css: str) -> WebElement:
        found = self.all(css)
        assert len(found) == 1, f"{len(found)} elements are {css}"
        return found[0]

    def texts(self, css: str) -> list[str]:
        return [element.text for element in self.all(css)]

    def press(self, *keys: str) -> None:
        """Keys for whatever has the focus."""
        self.driver.switch_to.active_element.send_keys(*keys)

    def focused(self) -> WebElement:
        return self.driver.switch_to.active_element

    def complaints(self) -> list[str]:
        """What the console said since it was asked last: errors, warnings, refusals by the page's security policy."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def screenshot(self, file: Path, *, whole: bool = False) -> None:
        """A PNG of the view, or of the whole page."""
        self._await_frames()
        shot = self.devtools("Page.captureScreenshot", format="png", captureBeyondViewport=whole, **self._clip(whole))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(shot["data"]))

    def _await_frames(self) -> None:
        """Until what was drawn last is on the screen."""
        self.driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]));")

    def _clip(self, whole: bool) -> dict[str, Any]:
        if not whole:
            return {}
        size = self.devtools("Page.getLayoutMetrics")["cssContentSize"]
        return {"clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}}

    def pdf(self) -> bytes:
        """The page as it would be printed."""
        return base64.b64decode(self.devtools("Page.printToPDF", printBackground=True)["data"])

    def downloaded(self) -> Path:
        """The file that is being downloaded, once it is whole: until then it is empty, or goes by another name."""
        def whole_file() -> Path | None:
            files = [file for file in self.downloads.iterdir() if not file.name.startswith(".")]
            return next((file for file in files if file.suffix != ".crdownload" and file.stat().st_size > 0), None)

        return until("a download", whole_file)


class BrowserTest(unittest.TestCase):
    """The tests of a class have a browser together, which has forgotten at the start of each what it saw before."""

    browser: Browser

    @classmethod
    def setUpClass(cls) -> None:
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.quit)

    def setUp(self) -> None:
        self.browser.forget()


class PageTest(BrowserTest):
    """A test that fails if the console complained of anything it did not take back itself, by
    `self.browser.complaints()`."""

    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory(prefix="waitlab-page-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def tearDown(self) -> None:
        self.assertEqual(self.browser.complaints(), [])

    def tab_to(self, css: str) -> None:
        """Presses Tab until that has the focus."""
        wanted = self.browser.one(css)
        for _ in range(200):
            if self.browser.focused() == wanted:
                return
            self.browser.press(Keys.TAB)
        self.fail(f"no Tab leads to {css}")


def main() -> None:
    """Runs the tests that the command line names, by class or as `Class.test`, or all; skips them for want of a browser.
    The first word is the folder of the programs."""
    skip_without_browser()
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
