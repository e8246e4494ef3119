#!/usr/bin/python3
"""What the report shows of figures that must not be taken at their face value: invalid ones, those of targets that
answered few requests well, and those that time-outs hide."""

from typing import Any

import browser
import pages
from report_test import BINARIES, ReportTest

# What the tooltip of a chart says of a point.
TOOLTIP = """const chart = Chart.getChart(arguments[0]);
const [datasetIndex, index] = [arguments[1], arguments[2]];
chart.tooltip.setActiveElements([{datasetIndex, index}], {x: 0, y: 0});
return chart.tooltip.body[0].lines[0];"""
# Whether a chart joins the points of a line before and after each of its gaps.
JOINED = """return Chart.getChart(arguments[0]).getDatasetMeta(arguments[1]).dataset.segments.map(
    ({style}) => style === undefined || style.borderColor !== 'transparent');"""


def cell_of(result: pages.Result, target: str, level: int) -> dict[str, Any]:
    (cell,) = [cell for cell in result["comparison"] if (cell["target"], cell["level"]) == (target, level)]
    return cell


def with_errors(percent: float, target: str, level: int) -> pages.Change:
    """As if of the requests of a cell some had been rejected."""
    def change(result: pages.Result) -> None:
        cell = cell_of(result, target, level)
        cell["errors_percent"] = alike(percent)
        if percent == 100:
            cell.update(p50_ms=None, p90_ms=None, p99_ms=None, p999_ms=None, curve=[], split_ms=None)

    return change


def alike(value: float, at_least: bool = False) -> dict[str, Any]:
    """The spread of two repeats that have the same value."""
    return {"runs": 2, "median": value, "min": value, "max": value, "at_least": at_least}


class CautionTest(ReportTest):
    def tell(self, *changes: pages.Change) -> None:
        """Shows the small result with what was computed from its runs changed."""
        page = pages.make_report(BINARIES, self.folder, pages.small_result())
        self.browser.open(pages.retold(page, *changes))

    def tooltip(self, chart: str, line: int, point: int) -> str:
        return self.browser.run(TOOLTIP, chart, line, point).replace("\u00a0", " ")

    def looks(self, chart: str, look: str) -> list[Any]:
        """How the points of the first line look."""
        return self.browser.run("return Chart.getChart(arguments[0]).data.datasets[0][arguments[1]];", chart, look)

    def key(self, section: str) -> list[str]:
        return self.browser.texts(f".of-{section} .key li")

    def numbers(self, chart: str) -> list[str]:
        """The cells of the table beneath a chart."""
        figure = self.browser.one(f"figure:has(#{chart})")
        figure.find_element("css selector", "summary").click()
        return [cell.text.replace("\n", ", ") for cell in figure.find_elements("css selector", "tbody td")]


class Invalid(CautionTest):
    def show_invalid(self, *levels: int) -> None:
        result = pages.small_result()
        for run in result["runs"]:
            if run["target"] == "pool" and run["level"] in levels:
                run["load"].update(valid=False, invalid_because=["the client was late"])
        self.show(result)

    def test_crosses_an_invalid_point_out_and_joins_it_to_nothing(self) -> None:
        self.show_invalid(256)
        for chart in ("response-time-chart", "cpu-us-per-request-chart"):
            self.assertEqual(self.looks(chart, "pointStyle"), ["circle", "crossRot", "circle"], chart)
            self.assertFalse(any(self.browser.run(JOINED, chart, 0)), chart)
            self.assertTrue(all(self.browser.run(JOINED, chart, 1)), "the loop is valid")
            self.assertIn("pool (invalid), 256/s: ", self.tooltip(chart, 0, 1))
            self.assertIn("pool, 160/s: ", self.tooltip(chart, 0, 0))
        self.assertEqual(self.key("response-time")[:3], ["pool", "loop", "invalid"])
        self.assertIn("invalid", self.key("costs"))
        invalid = ["invalid" in text for text in self.numbers("response-time-chart")]
        self.assertEqual(invalid, [False, False, True, False, False, False])

    def test_calls_a_line_invalid_of_which_nothing_is_valid(self) -> None:
        self.show_invalid(160, 256, 400)
        self.assertIn("pool (invalid)", self.key("response-time"))
        self.assertIn("pool (invalid)", self.key("costs"))

    def test_names_what_is_invalid_at_the_level_that_is_shown(self) -> None:
        self.show_invalid(400)
        self.assertEqual(self.key("percentiles"), ["pool (invalid)", "loop"])
        self.assertEqual(self.looks("percentile-chart", "showLine"), False)
        self.assertIn("crosses: no valid repeat", self.browser.one("figure:has(#percentile-chart) .unit").text)
        bars = self.browser.run("return Chart.getChart('split-chart').data.labels")
        self.assertEqual(bars, [["pool (invalid)"], ["loop"]])
        self.assertEqual(self.option("split-chart", "plugins.hatching.rows"), [True, False])
        run = lambda: self.browser.one("figure:has(#timeline-chart) h3").text
        self.assertNotIn("invalid", run(), "the page opens on a valid run")
        self.choose_run("pool", 400, 1)
        self.assertEqual(run(), "Response times of pool at 400/s, repeat 1 (invalid)")

    def test_says_nothing_of_it_where_all_is_valid(self) -> None:
        self.show()
        self.assertNotIn("invalid", self.browser.one("main").text)
        self.assertEqual(self.looks("response-time-chart", "pointStyle"), ["circle"] * 3)


class Errors(CautionTest):
    def test_marks_a_point_that_shows_only_the_lucky_requests(self) -> None:
        self.tell(with_errors(24, "pool", 400), with_errors(0.9, "pool", 160))
        filled = [colour == self.looks("response-time-chart", "borderColor")
                  for colour in self.looks("response-time-chart", "pointBackgroundColor")]
        self.assertEqual(filled, [True, True, False])
        self.assertIn("24 % rejected or failed", self.tooltip("response-time-chart", 0, 2))
        self.assertNotIn("rejected", self.tooltip("response-time-chart", 0, 0))
        self.assertIn("1 % or more rejected or failed", self.key("response-time"))
        self.assertIn("24 % rejected or failed", self.numbers("response-time-chart")[4])

    def test_says_beneath_the_chart_who_had_errors_and_how_many(self) -> None:
        self.tell(with_errors(24, "pool", 400), with_errors(3, "pool", 256))
        notes = " ".join(self.browser.texts(".of-response-time .note"))
        self.assertIn("Highest share rejected or failed: pool 24 % at 400/s.", notes)
        self.assertIn("but only among targets with the same goodput", self.browser.one(".of-response-time").text)

    def test_says_that_there_were_no_good_answers(self) -> None:
        self.tell(with_errors(100, "pool", 400))
        self.assertEqual([point["x"] for point in self.measured("response-time-chart")["pool"]], [160, 256])
        self.assertEqual(self.numbers("response-time-chart")[4], "none successful")
        self.assertEqual(self.browser.texts(".of-percentiles .note"),
                         ["pool has no line: no successful responses."])
        self.assertEqual(self.browser.run("return Chart.getChart('split-chart').data.labels"), [["loop"]])

    def test_shows_how_many_requests_were_answered_well(self) -> None:
        def change(result: pages.Result) -> None:
            cell_of(result, "pool", 400)["good_per_s"] = alike(123)

        self.tell(change)
        self.assertEqual(self.browser.texts(".of-costs h3")[:2], ["Answered well", "Responses"])
        self.assertEqual(self.measured("good-per-s-chart")["pool"][-1]["y"], 123)
        headings = [text.split("\n")[0] for text in self.browser.texts(".sortable thead th")]
        self.assertIn("Responses", headings)
        self.assertLess(headings.index("Answered well"), headings.index("Responses"))

    def test_can_do_without_that_figure(self) -> None:
        def change(result: pages.Result) -> None:
            for cell in result["comparison"]:
                cell.pop("good_per_s", None)

        self.tell(change)
        self.assertEqual(self.browser.texts(".of-costs h3")[0], "Responses")
        self.assertIn("Not measured: answered well", " ".join(self.browser.texts(".of-costs .note")))


class TimeOuts(CautionTest):
    def test_points_upwards_where_only_the_least_is_known(self) -> None:
        def change(result: pages.Result) -> None:
            cell_of(result, "pool", 400).update(p50_ms=alike(1000, True), p99_ms=alike(1000, True), curve=[])

        self.tell(change)
        self.assertIn("≥ 1.00 s, the rest timed out", self.tooltip("response-time-chart", 0, 2))
        self.assertIn("lower bound: the rest timed out", self.key("response-time"))
        self.assertEqual(self.browser.texts(".of-percentiles .note"), ["pool has no line: most requests timed out."])

    def test_labels_the_time_out_in_the_course_of_a_run(self) -> None:
        result = pages.small_result()
        self.show(result)
        self.assertEqual(self.option("timeline-chart", "plugins.landmarks.heights"), [])
        seconds = result["load"]["timeout_seconds"]
        for run in result["runs"]:
            run["load"]["timeline"]["max_us"][-1] = seconds * 1_000_000
        self.show(result)
        self.assertEqual(self.option("timeline-chart", "plugins.landmarks.heights"),
                         [{"y": seconds * 1000, "label": f"time-out {seconds:.2f} s"}])


class Split(CautionTest):
    HELD = "held by the backend"
    UNREAD = "in the backend’s queue, or answered by it but the server had not got to it"
    WHOLE = "waiting for the backend"

    def parts(self) -> dict[str, list[Any]]:
        return {line["label"]: line["data"] for line in self.datasets("split-chart")}

    def test_tells_what_the_backend_held_from_what_the_server_left_unread(self) -> None:
        def change(result: pages.Result) -> None:
            for target, hold in (("pool", 50), ("loop", 20)):
                cell_of(result, target, 400)["split_ms"].update(backend=50, backend_hold=hold)

        self.tell(change)
        parts = self.parts()
        self.assertEqual((parts[self.HELD], parts[self.UNREAD]), ([50, 20], [0, 30]))
        self.assertNotIn(self.WHOLE, parts)
        self.assertEqual(self.key("split"), list(parts))

    def test_shows_the_wait_for_the_backend_as_one_where_its_hold_is_not_known(self) -> None:
        def change(result: pages.Result) -> None:
            for target in ("pool", "loop"):
                cell_of(result, target, 400)["split_ms"].update(backend=50, backend_hold=None)

        self.tell(change)
        self.assertEqual(self.parts()[self.WHOLE], [50, 50])
        self.assertNotIn(self.HELD, self.parts())
        self.assertNotIn(self.UNREAD, self.parts())

    def test_says_how_many_requests_a_bar_stands_for(self) -> None:
        self.tell(with_errors(24, "pool", 400))
        self.assertEqual(self.browser.run("return Chart.getChart('split-chart').data.labels"),
                         [["pool", "76\u00a0% of its requests"], ["loop"]])


if __name__ == "__main__":
    browser.main()
