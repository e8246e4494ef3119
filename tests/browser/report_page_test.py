#!/usr/bin/python3
"""The report as a page: its colours, its widths, its print, who can use it, and that it is safe to open."""

import json
import re
from pathlib import Path

import browser
import pages
from accessibility import faults
from report_test import BINARIES, ReportTest

LARGEST_BYTES = 600_000
PHONE = (400, 800)
PAPER = (794, 1123)  # A4 at 96 pixels an inch
HOSTILE = '</script><script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">{{data}}'
SOURCES = Path(__file__).resolve().parents[2]
LINE_COLOURS = "return Chart.getChart('response-time-chart').data.datasets.map(({borderColor}) => borderColor);"
PAPER_COLOUR = "return getComputedStyle(document.body).backgroundColor;"


class Looks(ReportTest):
    def colours(self) -> tuple:
        return self.browser.run(PAPER_COLOUR), tuple(self.browser.run(LINE_COLOURS))

    def test_follows_the_system_into_the_dark_until_the_button_says_otherwise(self) -> None:
        self.show()
        light = self.colours()
        self.browser.prefer("dark")
        browser.until("charts in dark colours", lambda: self.colours()[1] != light[1])
        dark = self.colours()
        self.assertNotEqual(light[0], dark[0])
        self.browser.one("#theme").click()
        self.assertEqual(self.colours(), light)
        self.browser.prefer("light")
        self.browser.one("#theme").click()
        self.assertEqual(self.colours(), dark)

    def test_fits_a_phone(self) -> None:
        self.browser.resize(*PHONE)
        self.show()
        self.browser.run("for (const details of document.querySelectorAll('details')) details.open = true;")
        self.assertEqual(self.browser.run("return document.documentElement.scrollWidth"), PHONE[0])
        for canvas in self.browser.all("canvas"):
            self.assertLessEqual(canvas.size["width"], PHONE[0])

    def test_prints_light_without_controls_and_within_the_paper(self) -> None:
        self.browser.prefer("dark")
        self.browser.resize(*PAPER)
        self.show()
        dark = self.colours()
        self.browser.as_printed()
        browser.until("charts in the colours of print", lambda: self.colours()[1] != dark[1])
        self.assertEqual(self.colours()[0], "rgb(255, 255, 255)")
        for control in self.browser.all(".choices, #theme, .download"):
            self.assertFalse(control.is_displayed())
        self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"), PAPER[0])
        self.assertTrue(self.browser.pdf().startswith(b"%PDF"))

    def test_opens_for_print_what_is_worth_its_paper(self) -> None:
        self.show(pages.traced(pages.small_result()))
        (levels, *others) = self.browser.all("details")
        self.assertEqual(levels.find_element("css selector", "summary").text, "Details for each rate")
        self.assertEqual([details for details in (levels, *others) if details.get_attribute("open")], [])
        self.browser.as_printed()
        browser.until("the findings of the verdict", lambda: levels.get_attribute("open"))
        self.assertTrue(levels.find_element("css selector", "p").is_displayed())
        shown = self.browser.one("figure:has(#response-time-chart) details table")
        self.assertTrue(shown.is_displayed())
        for details in others:
            self.assertEqual(details.is_displayed(), details.get_attribute("open") is not None, "a summary of nothing")
        self.browser.prefer("light")
        browser.until("the page as it was", lambda: levels.get_attribute("open") is None)

    def test_opens_it_for_browsers_that_only_tell_of_printing(self) -> None:
        self.show()
        levels = self.browser.all("details")[0]
        for event, opened in (("beforeprint", "true"), ("afterprint", None)):
            self.browser.run("dispatchEvent(new Event(arguments[0]));", event)
            self.assertEqual(levels.get_attribute("open"), opened, event)

    def test_tells_how_to_do_it_again(self) -> None:
        result = pages.small_result()
        for quick, command in ((False, "waitlab-client experiment experiments/small.jsonc"),
                               (True, "waitlab-client experiment experiments/small.jsonc --quick")):
            result["experiment"]["quick"] = quick
            self.show(result)
            self.assertIn(command, self.browser.texts(".of-method dd"))

    def test_can_be_used_by_everybody(self) -> None:
        self.show(pages.traced(pages.small_result()))
        self.browser.run("for (const details of document.querySelectorAll('details')) details.open = true;")
        for scheme in ("light", "dark"):
            self.browser.prefer(scheme)
            self.assertEqual(faults(self.browser), [], scheme)
        self.browser.resize(*PHONE)
        self.assertEqual(faults(self.browser), [], "on a phone")

    def test_finds_what_a_page_makes_hard_to_use(self) -> None:
        page = self.folder / "bad.html"
        page.write_text("<!doctype html><h1>a</h1><h3 id=x>b</h3><button id=x></button><canvas></canvas>"
                        "<p style='color: #999'>c</p><table><tr><th>d</th></tr></table>")
        self.browser.open(page)
        found = "\n".join(faults(self.browser))
        for fault in ("has no language", "has no title", "0 main", "skips from level 1 to 3", "x is there twice",
                      "button#x \"\": has no name", "without role and name", "contrast of 2.85", "has no headings",
                      "has no scope"):
            self.assertIn(fault, found)


class Texts(ReportTest):
    def test_writes_times_as_the_client_does(self) -> None:
        """By the table that holds the client's own formatter, in tests/unit/client/stats/time_text_test.cpp."""
        table = json.loads((SOURCES / "tests/unit/client/stats/time_texts.json").read_text())
        script = (SOURCES / "client/report/page/text.js").read_text()
        self.show()
        texts = self.browser.run(f"{script} return arguments[0].map(([ns]) => timeText(ns / 1e6));", table)
        self.assertEqual(texts, [text for _, text in table])


class Safety(ReportTest):
    def test_is_small(self) -> None:
        page = pages.make_report(BINARIES, self.folder, pages.small_result()).read_text()
        data = re.search(r'<script type="application/json".*?</script>', page, re.DOTALL)[0]
        self.assertLess(len((page.replace(data, "")).encode()), LARGEST_BYTES)

    def test_lets_in_nothing_but_its_own_scripts(self) -> None:
        self.show()
        policy = self.browser.one("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)
        self.browser.run("const script = document.createElement('script'); script.text = 'window.hacked = 1';"
                         "document.body.append(script);")
        self.assertIsNone(self.browser.run("return window.hacked"))
        self.assertIn("Content Security Policy", "\n".join(self.browser.complaints()))

    def test_runs_nothing_that_comes_with_a_result(self) -> None:
        result = pages.with_target(pages.small_result(), "pool", HOSTILE)
        result.update(title=HOSTILE, question=HOSTILE, name=HOSTILE)
        result["experiment"].update(content=f"// {HOSTILE}", file=HOSTILE)
        result["runs"][0]["load"].update(valid=False, invalid_because=[HOSTILE])
        result["backend"]["settings"] = [HOSTILE]
        self.show(result)
        self.assertIsNone(self.browser.run("return window.hacked"))
        self.assertEqual(self.browser.all("img"), [])
        self.assertEqual(self.browser.one("h1").text, HOSTILE)
        self.assertIn(HOSTILE, self.browser.one(".sortable").text)
        self.assertEqual(len(self.browser.all("canvas")), len(self.browser.all("figure")))


def missing(run: pages.Result, reason: str) -> pages.Result:
    """What stands in a result in the place of that run."""
    return {**{key: run[key] for key in ("target", "level", "repeat")}, "reason": reason}


class Warnings(ReportTest):
    def test_says_first_what_is_invalid_or_missing_and_why(self) -> None:
        result = pages.small_result()
        for run in result["runs"]:
            if (run["target"], run["level"]) == ("pool", 160):
                run["load"].update(valid=False, invalid_because=["the client was late"])
        lost = [run for run in result["runs"] if (run["target"], run["level"]) == ("loop", 256)]
        result["runs"] = [run for run in result["runs"] if run not in lost]
        result["missing"] = [missing(run, "it <died>") for run in lost]
        self.show(result)
        self.assertEqual(self.browser.texts(".warning li"), ["pool at 160/s, INVALID: the client was late",
                                                             "loop at 256/s, missing: it <died>"])
        above = self.browser.run("return document.querySelector('.warning').compareDocumentPosition("
                                 "document.querySelector('canvas')) & Node.DOCUMENT_POSITION_FOLLOWING")
        self.assertTrue(above, "the warning stands before any figure")
        self.assertIn("pool (invalid)", self.browser.texts(".sortable tbody th"))
        self.assertEqual(faults(self.browser), [])

    def test_says_that_nothing_was_measured(self) -> None:
        result = pages.small_result()
        result["missing"] = [missing(run, "its port is taken") for run in result["runs"]]
        result["runs"] = []
        self.show(result)
        self.assertEqual(len(self.browser.texts(".warning li")), 6)
        self.assertEqual(self.browser.texts("#charts > .note"), ["No run was made: there is nothing to draw."])
        self.assertEqual(self.browser.texts("#charts h2"), ["How it was measured"])

    def test_says_nothing_where_all_is_well(self) -> None:
        self.show()
        self.assertEqual(self.browser.all(".warning"), [])


if __name__ == "__main__":
    browser.main()
