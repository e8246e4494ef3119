#!/usr/bin/python3
"""The report in a real browser: what its charts and tables show, and what its controls do."""

import json
import sys
from pathlib import Path
from typing import Any

import browser
import pages
from browser import Keys, PageTest

BINARIES = Path(sys.argv[1])
SECTIONS = ["Verdict", "Response time by offered rate", "Tail latency", "Goodput and resource use",
            "Where the time went", "One run over time", "All figures", "How it was measured"]
# What a canvas shows: whether any two of its pixels differ.
IS_DRAWN = """const {width, height} = arguments[0];
const pixels = new Uint32Array(arguments[0].getContext('2d').getImageData(0, 0, width, height).data.buffer);
return pixels.some((pixel) => pixel !== pixels[0]);"""
DATASETS = """const {datasets} = Chart.getChart(arguments[0]).data;
return datasets.map(({label, data, borderColor, pointStyle, isTheory}) =>
    ({label, data, borderColor, pointStyle, isTheory: isTheory === true}));"""


class ReportTest(PageTest):
    def show(self, *results: pages.Result) -> None:
        self.browser.open(pages.make_report(BINARIES, self.folder, *(results or [pages.small_result()])))

    def datasets(self, chart: str) -> list[dict[str, Any]]:
        return self.browser.run(DATASETS, chart)

    def measured(self, chart: str) -> dict[str, list[dict[str, Any]]]:
        """The points of each line, without those of theory."""
        return {line["label"]: line["data"] for line in self.datasets(chart) if not line["isTheory"]}

    def option(self, chart: str, path: str) -> Any:
        return self.browser.run(f"return Chart.getChart(arguments[0]).config.options.{path};", chart)

    def button(self, section: str, label: str) -> Any:
        """The one with that label in the section with that id."""
        buttons = self.browser.all(f"section[aria-labelledby={section}] button")
        (found,) = [button for button in buttons if button.text == label]
        return found

    def pressed(self, section: str) -> list[str]:
        return self.browser.texts(f"section[aria-labelledby={section}] [aria-pressed=true]")

    def column(self, number: int) -> list[str]:
        """The first lines of a column of the table of all figures."""
        return [cell.text.split("\n")[0] for cell in self.browser.all(f".sortable tbody tr > :nth-child({number})")]

    def choose_run(self, target: str, rate: int, repeat: int) -> None:
        for name, choice in (("Target", target), ("Offered rate", str(rate)), ("Repeat", str(repeat))):
            (label,) = [label for label in self.browser.all("#timeline ~ div label") if label.text.startswith(name)]
            label.find_element("css selector", "select").send_keys(choice)


class Charts(ReportTest):
    def test_draws_every_chart_from_a_file(self) -> None:
        self.show()
        self.assertTrue(self.browser.driver.current_url.startswith("file://"))
        self.assertEqual(self.browser.texts("h2"), [text.upper() if text == SECTIONS[0] else text for text in SECTIONS])
        canvases = self.browser.all("canvas")
        self.assertGreater(len(canvases), 10)
        for canvas in canvases:
            self.assertTrue(self.browser.run(IS_DRAWN, canvas), canvas.get_attribute("id"))

    def test_shows_the_medians_and_spread_of_each_target(self) -> None:
        result = pages.small_result()
        self.show(result)
        lines = self.measured("response-time-chart")
        self.assertEqual(list(lines), ["pool", "loop"])
        for name, points in lines.items():
            cells = [cell for cell in result["comparison"] if cell["target"] == name]
            self.assertEqual([point["x"] for point in points], [160, 256, 400])
            self.assertEqual([point["y"] for point in points], [cell["p99_ms"]["median"] for cell in cells])
            self.assertEqual([point["spread"]["max"] for point in points], [cell["p99_ms"]["max"] for cell in cells])
        self.assertEqual(self.option("response-time-chart", "scales.y.type"), "logarithmic")

    def test_tells_lines_apart_by_more_than_colour(self) -> None:
        self.show()
        lines = [line for line in self.datasets("response-time-chart") if not line["isTheory"]]
        for look in ("borderColor", "pointStyle"):
            self.assertEqual(len({str(line[look]) for line in lines}), len(lines), look)

    def test_draws_what_theory_expects_and_the_limit(self) -> None:
        self.show()
        theory = {line["label"]: line["data"] for line in self.datasets("response-time-chart") if line["isTheory"]}
        self.assertEqual(list(theory), ["theory: 16 servers (Erlang-C)", "theory: no queueing (M/G/inf)"])
        self.assertAlmostEqual(theory["theory: no queueing (M/G/inf)"][0]["y"], 230.3, delta=0.1)
        self.assertLess(theory["theory: 16 servers (Erlang-C)"][-1]["x"], 320)
        self.assertEqual(self.option("response-time-chart", "plugins.landmarks.places"),
                         [{"x": 320, "label": "capacity: 16 ÷ 50 ms = 320/s"}])

    def test_tells_apart_what_theory_expects_of_different_queues_and_calls(self) -> None:
        def labels(result: pages.Result) -> list[str]:
            self.show(result)
            return [line["label"] for line in self.datasets("response-time-chart") if line["isTheory"]]

        loops = pages.small_result()
        for target, calls in zip(loops["targets"], (1, 20)):
            target.update(strategy="event-loop", threads=None, settings=[], path=f"/fanout?calls={calls}")
        self.assertEqual(labels(loops), ["theory: no queueing (M/G/inf)",
                                         "theory: no queueing, 20 parallel calls (M/G/inf)"])
        pools = pages.small_result()
        for target, places in zip(pools["targets"], (10, 20)):
            target.update(strategy="fixed-pool", threads=16,
                          settings=[f"strategies.fixed-pool.queue_capacity={places}"])
        self.assertEqual(labels(pools), ["theory: 16 servers, queue of 10 (M/M/c/K)",
                                         "theory: 16 servers, queue of 20 (M/M/c/K)"])

    def test_ends_each_percentile_line_where_its_samples_end(self) -> None:
        result = pages.small_result()
        self.show(result)
        lines = self.measured("percentile-chart")
        for cell in result["comparison"]:
            if cell["level"] == 400:
                percent, microseconds = cell["curve"][-1]
                last = lines[cell["target"]][-1]
                self.assertAlmostEqual(last["x"], 100 / (100 - percent), places=3)
                self.assertEqual(last["y"], microseconds / 1000)
        ticks = self.browser.run("return Chart.getChart('percentile-chart').scales.x.ticks.map(({label}) => label)")
        self.assertEqual(ticks[:4], ["50 %", "90 %", "99 %", "99.9 %"])

    def test_has_the_same_numbers_in_the_table_of_each_chart(self) -> None:
        self.show()
        for chart in self.browser.all("figure"):
            chart.find_element("css selector", "summary").click()
            self.assertTrue(chart.find_elements("css selector", "tbody td"), chart.text)
        cells = self.browser.texts("figure:has(#response-time-chart) tbody td")
        y = self.measured("response-time-chart")["loop"][2]["y"]
        self.assertTrue(cells[5].startswith(f"{round(y)} ms"), f"{cells[5]} is not {y}")

    def test_splits_the_mean_response_time(self) -> None:
        result = pages.small_result()
        self.show(result)
        (cell,) = [cell for cell in result["comparison"] if cell["target"] == "pool" and cell["level"] == 400]
        queued = {line["label"]: line["data"] for line in self.datasets("split-chart")}["queued in the server"]
        self.assertEqual(queued[0], cell["split_ms"]["server_queue"])
        self.assertGreater(queued[0], 10 * queued[1], "the loop has no queue")

    def test_says_what_is_zero_and_what_is_not_known(self) -> None:
        self.show(pages.watched_from_afar(pages.small_result()))
        costs = self.browser.texts("section[aria-labelledby=costs] .note")
        self.assertEqual(costs[0], "Always zero: errors.")
        self.assertIn("threads, memory", costs[1])
        headings = self.browser.texts("section[aria-labelledby=costs] h3")
        self.assertEqual(headings[-2:], ["Responses", "Utilisation"], "what is not known has no chart")

    def test_takes_a_swept_number_as_its_axis(self) -> None:
        self.show(pages.swept(pages.small_result()))
        lines = self.measured("response-time-chart")
        self.assertEqual(list(lines), ["pool", "loop"])
        self.assertEqual([point["x"] for point in lines["pool"]], [16, 32, 64])
        self.assertEqual([point["x"] for point in lines["loop"]], [16, 32, 64], "a target of no sweep is a reference")
        self.assertEqual(self.option("response-time-chart", "scales.x.title.text"), "threads")
        places = [place["label"] for place in self.option("response-time-chart", "plugins.landmarks.places")]
        self.assertEqual(places, ["busy on average at 400/s: 20", "CPU saturated at about 40 (Goetz)"])

    def test_takes_connections_as_the_axis_of_a_closed_loop(self) -> None:
        self.show(pages.closed(pages.small_result()))
        self.assertEqual(self.option("response-time-chart", "scales.x.title.text"), "connections")
        self.assertTrue(all(not line["isTheory"] for line in self.datasets("response-time-chart")))
        self.assertIn("closed loop", self.browser.one("section[aria-labelledby=method]").text)


class Lanes(ReportTest):
    def spans(self, figure: Any, activity: str) -> int:
        return len(figure.find_elements("css selector", f":scope > svg .is-{activity}"))

    def test_draws_what_threads_and_requests_did(self) -> None:
        self.show(pages.traced(pages.small_result()))
        pool, loop = self.browser.all(".lanes")
        self.assertEqual(pool.find_element("css selector", "h3").text, "pool at 400/s")
        self.assertEqual(self.spans(pool, "idle"), 4, "two threads and two requests")
        self.assertEqual(self.spans(pool, "waiting"), 4, "both wait, thread and request")
        self.assertEqual(self.spans(loop, "idle"), 3, "one thread for two requests")
        self.assertEqual(self.spans(loop, "waiting"), 2, "the thread does not")
        loop.find_element("css selector", "summary").click()
        self.assertEqual([row.text for row in loop.find_elements("css selector", "tbody tr")],
                         ["thread 1 400 µs 0 0 0 0", "all 2 requests 400 µs 100 ms 0 0 0"])

    def test_ends_where_requests_come_that_are_not_drawn(self) -> None:
        self.show(pages.crowded(pages.small_result(), 90))
        lanes = self.browser.all(".lanes")[0]
        self.assertEqual(lanes.find_element("css selector", ".unit").text, "60 ms", "of 139 ms")
        self.assertEqual(lanes.find_element("css selector", ".note").text,
                         "Drawn: the first 60 of 90 requests, which arrived in the first 59 ms.")
        ends = self.browser.run("return [...arguments[0].querySelectorAll('rect')].map("
                                "({x, width}) => x.baseVal.value + width.baseVal.value);",
                                lanes.find_element("css selector", "svg"))
        self.assertLess(max(ends), 1001)

    def test_shows_a_third_of_the_time_where_many_requests_were_there_from_the_beginning(self) -> None:
        self.show(pages.crowded(pages.small_result(), 90, apart_us=0))
        lanes = self.browser.all(".lanes")[0]
        self.assertEqual(lanes.find_element("css selector", ".unit").text, "16.7 ms", "of 50.2 ms")
        self.assertEqual(lanes.find_element("css selector", ".note").text,
                         "Drawn: the first 60 of 90 requests, which arrived before the picture begins.")

    def test_says_that_a_lane_is_no_thread_where_each_request_has_one(self) -> None:
        result = pages.traced(pages.small_result())
        self.show(result)
        self.assertNotIn("thread-per-request", self.browser.one(".of-lanes").text)
        result["targets"][0]["strategy"] = "thread-per-request"
        self.show(result)
        self.assertIn("a slot that one thread after another takes", self.browser.one(".of-lanes").text)

    def test_has_no_picture_where_nothing_was_traced(self) -> None:
        self.show()
        self.assertEqual(self.browser.all(".lanes"), [])


class Controls(ReportTest):
    def test_switches_the_percentile_by_mouse_and_by_keyboard(self) -> None:
        result = pages.small_result()
        self.show(result)
        self.assertEqual(self.pressed("response-time"), ["p99"])
        self.button("response-time", "p50").click()
        self.assertEqual(self.pressed("response-time"), ["p50"])
        first = self.measured("response-time-chart")["pool"][0]
        self.assertEqual(first["y"], result["comparison"][0]["p50_ms"]["median"])
        self.browser.press(Keys.TAB, Keys.TAB, Keys.TAB)
        self.browser.press(Keys.SPACE)
        self.assertEqual(self.pressed("response-time"), ["p99.9"])
        self.assertEqual([point["x"] for point in self.measured("response-time-chart")["loop"]], [400],
                         "only there are enough requests")
        self.assertIn("p99.9", self.browser.one("figure:has(#response-time-chart) h3").text)

    def test_offers_no_percentile_that_the_runs_were_too_short_for_and_says_so(self) -> None:
        self.show(pages.below(400, pages.small_result()))
        self.assertEqual(self.pressed("response-time"), ["p99"])
        self.assertFalse(self.button("response-time", "p99.9").is_enabled())
        self.assertIn("p99.9 is not known: no run had enough successful responses for it.",
                      self.browser.texts(".of-response-time .note"))

    def test_reaches_and_shows_the_focus_by_keyboard_alone(self) -> None:
        self.show()
        self.tab_to("#theme")
        outline = self.browser.run("return getComputedStyle(document.activeElement).outlineStyle")
        self.assertNotEqual(outline, "none")
        self.tab_to(".download")

    def test_switches_the_level_of_the_percentiles_and_of_the_split(self) -> None:
        self.show()
        for section, chart in (("percentiles", "percentile-chart"), ("split", "split-chart")):
            before = self.datasets(chart)
            self.button(section, "160/s").click()
            self.assertNotEqual(self.datasets(chart), before, chart)
            self.assertIn("at 160/s", self.browser.one(f"figure:has(#{chart}) h3").text)

    def test_shows_any_run_from_begin_to_end(self) -> None:
        result = pages.small_result()
        self.show(result)
        self.choose_run("loop", 160, 2)
        self.assertEqual(self.browser.one("figure:has(#timeline-chart) h3").text,
                         "Response times of loop at 160/s, repeat 2")
        (run,) = [run for run in result["runs"] if (run["target"], run["level"], run["repeat"]) == ("loop", 160, 2)]
        shown = [point["y"] for point in self.measured("timeline-chart")["slowest"]]
        self.assertEqual(shown, [us / 1000 for us in run["load"]["timeline"]["max_us"] if us is not None])
        self.assertEqual(len(self.measured("timeline-threads-chart")["Threads"]), len(run["server"]["samples"]))

    def test_sorts_the_table_by_mouse_and_by_keyboard(self) -> None:
        self.show()
        p99 = [text.split("\n")[0] for text in self.browser.texts(".sortable thead th")].index("p99") + 1
        heading = self.browser.all(".sortable thead th")[p99 - 1]

        def as_numbers() -> list[float]:
            return [float(text.removesuffix(" ms")) for text in self.column(p99)]

        heading.find_element("css selector", "button").click()
        self.assertEqual(heading.get_attribute("aria-sort"), "ascending")
        self.assertEqual(as_numbers(), sorted(as_numbers()))
        self.browser.press(Keys.ENTER)
        self.assertEqual(heading.get_attribute("aria-sort"), "descending")
        self.assertEqual(as_numbers(), sorted(as_numbers(), reverse=True))
        self.browser.all(".sortable thead button")[0].click()
        self.assertIsNone(heading.get_attribute("aria-sort"))
        self.assertEqual(self.column(1), sorted(self.column(1)))

    def test_sorts_what_is_not_known_to_the_end(self) -> None:
        self.show()
        p999 = [text.split("\n")[0] for text in self.browser.texts(".sortable thead th")].index("p99.9") + 1
        button = self.browser.all(".sortable thead button")[p999 - 1]
        for _ in range(2):
            button.click()
            self.assertEqual(self.column(p999)[2:], ["–"] * 4)

    def test_gives_the_raw_result_as_a_file(self) -> None:
        result = pages.small_result()
        self.show(result)
        self.browser.one(".download").click()
        file = self.browser.downloaded()
        self.assertEqual(file.name, "small.json")
        downloaded = json.loads(file.read_text())
        embedded = self.browser.run("return document.querySelector('script[type=\"application/json\"]').textContent")
        self.assertEqual(downloaded, json.loads(embedded))
        measured = [[(run["target"], run["level"], run["load"]["histograms"]["response_time"]) for run in made["runs"]]
                    for made in (downloaded, result)]
        self.assertEqual(measured[0], measured[1], "what follows from the runs is by the client of today")


class Overlays(ReportTest):
    def test_draws_results_over_one_another(self) -> None:
        before, after = pages.small_result(), pages.small_result()
        after["title"] = "The same, later"
        self.show(before, after)
        self.assertEqual(list(self.measured("response-time-chart")), ["pool (A)", "loop (A)", "pool (B)", "loop (B)"])
        lines = [line for line in self.datasets("response-time-chart") if not line["isTheory"]]
        self.assertEqual(lines[0]["borderColor"], lines[2]["borderColor"], "a target keeps its colour")
        self.assertEqual(self.browser.one("h1").text, "A pool or a loop? · The same, later")
        headlines = self.browser.texts(".headline")
        self.assertTrue(headlines[0].startswith("A (") and headlines[1].startswith("B ("), headlines)
        self.assertEqual(len(self.column(1)), 12)
        self.assertEqual(len(self.browser.all(".download")), 2)

    def test_says_what_the_results_differ_in(self) -> None:
        other = pages.small_result()
        other["machine"]["cpu_model"] = "another"
        self.show(pages.small_result(), other)
        self.assertEqual(self.browser.texts(".warning li"), ["The results differ in their machine."])


if __name__ == "__main__":
    browser.main()
