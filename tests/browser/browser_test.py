#!/usr/bin/python3
"""What the tests of pages stand on: that the browser hears, shows and prints what it is said to."""

from pathlib import Path

import browser
from browser import BrowserTest, Keys


class Chromium(BrowserTest):
    def show(self, html: str) -> None:
        page = self.browser.downloads / "page.html"
        page.write_text(f"<!doctype html><title>page</title>{html}")
        self.browser.open(page)

    def test_overhears_the_console_once(self) -> None:
        self.show("<script>console.error('something broke')</script>")
        self.assertIn("something broke", "\n".join(self.browser.complaints()))
        self.assertEqual(self.browser.complaints(), [])

    def test_overhears_an_exception_that_nobody_caught(self) -> None:
        self.show("<script>nothing.at.all()</script>")
        self.assertIn("nothing is not defined", "\n".join(self.browser.complaints()))

    def test_overhears_what_the_security_policy_refused(self) -> None:
        self.show("<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\"><script>1</script>")
        self.assertIn("Content Security Policy", "\n".join(self.browser.complaints()))

    def test_forgets_what_it_was_told_and_what_it_heard(self) -> None:
        self.browser.resize(400, 800)
        self.browser.prefer("dark")
        self.browser.devtools("Page.addScriptToEvaluateOnNewDocument", source="window.left = true;")
        self.show("<script>console.error('something broke')</script>")
        self.browser.forget()
        self.assertEqual(list(self.browser.downloads.iterdir()), [])
        self.assertEqual(self.browser.complaints(), [])
        self.show("")
        told = "return [innerWidth, innerHeight, matchMedia('(prefers-color-scheme: dark)').matches, window.left ?? null]"
        self.assertEqual(self.browser.run(told), [1280, 900, False, None])

    def test_is_as_narrow_as_a_phone(self) -> None:
        self.browser.resize(400, 800)
        self.show("")
        self.assertEqual(self.browser.run("return [innerWidth, innerHeight]"), [400, 800])

    def test_prefers_dark_and_prints(self) -> None:
        self.show("")
        matches = "return matchMedia(arguments[0]).matches"
        self.browser.prefer("dark")
        self.assertTrue(self.browser.run(matches, "(prefers-color-scheme: dark)"))
        self.browser.as_printed()
        self.assertTrue(self.browser.run(matches, "print"))
        self.assertTrue(self.browser.pdf().startswith(b"%PDF"))

    def test_takes_pictures_of_the_view_and_of_the_whole(self) -> None:
        self.show("<div style='height: 3000px'></div>")
        for whole, height in ((False, 900), (True, 3016)):
            picture = Path(self.browser.downloads / "picture.png")
            self.browser.screenshot(picture, whole=whole)
            self.assertEqual(int.from_bytes(picture.read_bytes()[20:24], "big"), height)

    def test_types_and_downloads(self) -> None:
        self.show("<a href='data:text/plain,hello' download=hello.txt>get</a>")
        self.browser.press(Keys.TAB)
        self.assertEqual(self.browser.focused().text, "get")
        (self.browser.downloads / "page.html").unlink()
        self.browser.press(Keys.ENTER)
        self.assertEqual(self.browser.downloaded().read_text(), "hello")


if __name__ == "__main__":
    browser.main()
