#!/usr/bin/python3
"""The live page of a real server in a real browser, while requests wait: what it shows under each strategy, that it
moves and follows a switch, and who can use it."""

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import browser
from accessibility import faults
from browser import Keys, PageTest, until
from live_page import moments
from programs import Load, Server

BINARIES = Path(sys.argv[1])
PHONE = (400, 800)
THREADS = 4
CONNECTIONS = 12
SETTINGS = {"listen": {"port": 0}, "admin": {"port": 0}, "strategies": {"fixed-pool": {"threads": THREADS}}}
PAPER_COLOUR = "return getComputedStyle(document.body).backgroundColor;"
# Returns once another listener in the page has heard that number of frames.
HEAR_FRAMES = """const [most, done] = arguments;
const source = new EventSource('/events');
let heard = 0;
source.addEventListener('message', () => {
  if (++heard < most) return;
  source.close();
  done();
});"""

# Takes the place of the stream from the server: the page is shown what `feed` is called with.
FED_BY_HAND = """window.EventSource = class extends EventTarget {
  constructor() {
    super();
    window.feed = (frame) => this.dispatchEvent(new MessageEvent('message', {data: JSON.stringify(frame)}));
  }
  close() {}
};"""
NOTHING_YET = {"answered_per_second": None, "rejected_per_second": None, "p50_ms": None, "p99_ms": None,
               "loop_lag_ms": None, "cpus": None}
IDLE_POOL = {"strategy": "fixed-pool", "description": "a pool", "facts": {"holds_worker": True}, "threads": "iiii",
             "processes": [], "loops": [],
             "requests": {"in_flight": 0, "queued": 0, "running": 0, "waiting": 0}, "connections": 0, "leaving": [],
             "last_second": NOTHING_YET, "accounts": {"deadlocks_total": 0, "last_deadlock": None}, "rss_bytes": 2**20}


class LiveTest(PageTest):
    def serve(self, strategy: str, **settings: Any) -> None:
        """Starts a server and opens its page."""
        self.server = Server(BINARIES, self.folder / "server.jsonc", SETTINGS | settings, strategy)
        self.enterContext(self.server)
        self.browser.open(f"http://{self.server.admin}/")

    def load(self, delay: str = "500ms") -> None:
        """As many requests as there are connections wait from now on; each is followed by another."""
        self.enterContext(Load(BINARIES, f"{self.server.url}/wait?delay={delay}", CONNECTIONS))

    def marks(self) -> dict[str, int]:
        """How many requests are drawn in the queue, held and other threads, and requests in the waiting room."""
        return self.browser.run("""const count = (css) => document.querySelectorAll(css).length;
            return {queue: count('#queue .dot'), held: count('#threads .cell.w'),
                    free: count('#threads .cell.i, #threads .cell.r'), waiting: count('#waiting .dot')};""")

    def await_marks(self, **marks: int) -> None:
        until(f"{marks}", lambda: marks.items() <= self.marks().items())

    def await_text(self, css: str, text: str) -> None:
        until(f"{css} is '{text}'", lambda: self.browser.one(css).text == text)


class Strategies(LiveTest):
    def test_shows_that_a_pool_is_held_and_the_rest_queue(self) -> None:
        self.serve("fixed-pool")
        self.load()
        self.await_marks(queue=CONNECTIONS - THREADS, held=THREADS, free=0, waiting=0)
        self.await_text("#story", "4 threads: all blocked by waiting requests. "
                                  "8 requests are queued for a free thread.")
        self.await_text("#threads-note", "4 blocked, 0 running, 0 idle")
        self.assertEqual(self.browser.one("h1").text, "fixed-pool")
        self.assertIn("Always empty", self.browser.one("#waiting-note").text)

    def test_shows_requests_that_wait_without_a_thread_on_an_event_loop(self) -> None:
        self.serve("event-loop")
        self.load()
        self.await_marks(queue=0, held=0, free=1, waiting=CONNECTIONS)
        self.await_text("#story", "1 thread. 12 requests wait without blocking a thread.")
        self.assertIn("no thread is blocked", self.browser.one("#waiting-note").text)

    def test_shows_a_thread_for_each_request(self) -> None:
        self.serve("thread-per-request")
        self.assertEqual(self.marks(), {"queue": 0, "held": 0, "free": 0, "waiting": 0})
        self.load()
        self.await_marks(queue=0, held=CONNECTIONS, waiting=0)
        self.await_text("#story", "12 threads: all blocked by waiting requests.")

    def test_shows_the_threads_that_idle_connections_keep(self) -> None:
        self.serve("thread-per-connection")
        self.load()
        self.await_marks(queue=0, held=CONNECTIONS, waiting=0)
        self.await_text("#story", "12 threads: all blocked by waiting requests.")
        self.assertIn("A connection keeps its thread", self.browser.one("#moral").text)

    def test_shows_a_process_for_each_request_with_its_id(self) -> None:
        self.serve("process-per-request")
        self.load("4s")  # as a sanitizer takes most of a second to fork them
        self.await_marks(queue=0, held=CONNECTIONS, waiting=0)
        self.await_text("#story", "12 processes: all blocked by waiting requests.")
        self.await_text("#threads-name", "Processes")
        self.assertEqual(self.browser.one("#memory-of").text, "without processes")
        self.assertRegex(self.browser.one("#threads-note").text, r"12 blocked, .* \(ids (\d+, ){5}\d+ …\)$")
        self.assertIn("no other sees", self.browser.one("#moral").text)
        self.assertNotIn("thread", self.browser.one(".key").text)

    def test_shows_requests_that_wait_on_each_of_several_loops(self) -> None:
        for strategy in ("event-loop-per-core", "fiber"):
            self.serve(strategy, strategies={strategy: {"loops": 2}})
            self.load()
            until("all wait", lambda: len(self.browser.all("#loops .dot")) == CONNECTIONS)
            self.await_text("#story", "2 loops, a thread each. 12 requests wait without blocking a thread.")

    def test_shows_figures_of_the_last_second(self) -> None:
        self.serve("event-loop")
        self.load()
        until("a time", lambda: self.browser.one("#p99").text not in ("", "–"))
        self.assertGreaterEqual(float(self.browser.one("#p50").text), 450)
        until("a rate", lambda: float(self.browser.one("#rate").text) > 0)
        self.assertGreater(float(self.browser.one("#memory").text), 1)


class Frames(LiveTest):
    """What no server can be made to show at will."""

    def setUp(self) -> None:
        super().setUp()
        self.browser.devtools("Page.addScriptToEvaluateOnNewDocument", source=FED_BY_HAND)
        self.serve("fixed-pool")

    def show(self, **changes: Any) -> None:
        self.browser.run("window.feed(arguments[0]);", IDLE_POOL | changes)

    def cells(self) -> list[str]:
        return self.browser.run("return Array.from(document.querySelectorAll('#threads .cell'), (c) => c.className);")

    def test_draws_each_thing_that_a_thread_may_do(self) -> None:
        self.show(threads="wrlti-")
        self.assertEqual(self.cells(), ["cell w", "cell r", "cell l", "cell t", "cell i", "cell gone"])
        self.assertEqual(self.browser.one("#threads-note").text,
                         "1 blocked, 1 running, 1 waiting for a lock, 1 tied to idle connections, 1 idle")
        self.assertEqual(self.browser.one("#story").text,
                         "5 threads: 1 is blocked by a waiting request, 1 is running, 1 is waiting for a lock, "
                         "1 is tied to an idle connection, 1 is idle.")
        self.assertEqual(faults(self.browser), [])

    def test_lets_a_mark_stand_for_several_where_there_are_too_many(self) -> None:
        self.show(threads="w" * 900 + "i" * 100, requests=IDLE_POOL["requests"] | {"queued": 2000})
        self.assertEqual(self.cells(), ["cell w"] * 300 + ["cell i"] * 34)
        self.assertEqual(self.browser.one("#threads-scale").text, "each mark stands for 3 threads")
        self.assertEqual(len(self.browser.all("#queue .dot")), 400)
        self.assertEqual(self.browser.one("#queue-scale").text, "each mark stands for 5 requests")

    def test_tells_nothing_where_nothing_is_known(self) -> None:
        self.show()
        self.assertEqual(self.browser.texts("#rate, #p50, #p99, #cpu"), ["–"] * 4)

    def test_says_how_late_a_loop_is_that_computes(self) -> None:
        self.show()
        self.assertFalse(self.browser.one("#lag-figure").is_displayed(), "threads have no lag")
        busy = {"in_flight": 1, "queued": 0, "running": 1, "waiting": 0}
        loop = [{"thread": 0, "connections": 1, "waiting": 0}]
        self.show(facts={"holds_worker": False}, threads="r", loops=loop, requests=busy,
                  last_second=NOTHING_YET | {"loop_lag_ms": 3120.4})
        self.assertEqual(self.browser.one("#lag").text, "3,120")
        self.assertIn("busy for about 3.1 s: every other request waits for it", self.browser.one("#story").text)
        self.show(facts={"holds_worker": False}, threads="r", loops=loop, requests=busy,
                  last_second=NOTHING_YET | {"loop_lag_ms": 0.2})
        self.assertEqual(self.browser.one("#story").text, "1 thread. No request waits for the backend.")

    def test_draws_a_waiting_room_for_each_of_several_loops(self) -> None:
        loops = [{"thread": index, "connections": 4 * waiting, "waiting": waiting} for index, waiting in enumerate((3, 1))]
        self.show(facts={"holds_worker": False}, threads="ir", loops=loops,
                  requests={"in_flight": 4, "queued": 0, "running": 0, "waiting": 4})
        self.assertEqual(self.browser.texts("#loops h3"),
                         ["Loop 1 3 waiting, 12 connections", "Loop 2 1 waiting, 4 connections"])
        self.assertEqual([len(self.browser.all(f"#loops li:nth-child({loop}) .dot")) for loop in (1, 2)], [3, 1])
        self.assertEqual(self.browser.one("#story").text,
                         "2 loops, a thread each. 4 requests wait without blocking a thread.")
        self.show()
        self.assertFalse(self.browser.one("#loops").is_displayed())
        self.assertEqual(faults(self.browser), [])

    def test_tells_a_loop_from_the_threads_of_its_pool(self) -> None:
        loop = {"thread": 0, "connections": 9, "waiting": 2}
        self.show(facts={"holds_worker": False, "pool": 3}, threads="irri", loops=[loop],
                  requests={"in_flight": 6, "queued": 2, "running": 2, "waiting": 2})
        self.assertEqual(self.browser.one("#story").text,
                         "1 loop, and a pool of 3 threads: 2 are running, 1 is idle. 2 requests wait without blocking a "
                         "thread. 2 requests are queued for a free thread.")

    def test_draws_what_is_left_in_the_strategy_before(self) -> None:
        leaving = "return document.getElementById('area-leaving').getBoundingClientRect().height;"
        self.show()
        self.show()
        self.assertEqual(self.browser.run(leaving), 0)
        self.assertFalse(self.browser.one("#of-leaving").is_displayed())
        self.show(leaving=[{"strategy": "event-loop", "in_flight": 3}])
        self.assertGreater(self.browser.run(leaving), 0)
        self.assertTrue(self.browser.one("#of-leaving").is_displayed())

    def test_names_a_strategy_that_still_serves_its_last_requests(self) -> None:
        self.show(leaving=[{"strategy": "event-loop", "in_flight": 3}])
        self.assertIn("event-loop", self.browser.one("#leaving").text)
        self.assertIn("3", self.browser.one("#leaving").text)
        self.show()
        self.assertFalse(self.browser.one("#leaving").is_displayed())


    def test_tells_of_deadlocks_where_there_were_any(self) -> None:
        self.show()
        self.assertFalse(self.browser.one("#deadlocks").is_displayed())
        last = {"cycle": "a→b→a", "victim": "some-request", "ago_seconds": 2.6}
        self.show(accounts={"deadlocks_total": 2, "last_deadlock": last})
        self.assertEqual(self.browser.one("#deadlocks").text,
                         "Deadlock 3 s ago: a→b→a. The youngest transfer in it gave way. 2 deadlocks so far.")
        self.assertEqual(faults(self.browser), [])
        self.show(accounts={"deadlocks_total": 1, "last_deadlock": last | {"ago_seconds": 180}})
        self.assertIn("Deadlock 3 min ago", self.browser.one("#deadlocks").text)
        self.assertIn("1 deadlock so far", self.browser.one("#deadlocks").text)


class Movement(LiveTest):
    def test_moves_until_it_is_paused(self) -> None:
        self.serve("event-loop")
        for wanted in (3, 6):
            until(f"{wanted} moments", lambda: moments(self.browser) >= wanted)
        self.tab_to("#pause")
        self.browser.press(Keys.SPACE)
        self.assertEqual(self.browser.one("#pause").text, "Resume")
        paused = moments(self.browser)
        self.server.switch_to("fixed-pool")
        self.browser.driver.execute_async_script(HEAR_FRAMES, 4)
        self.assertEqual((self.browser.one("h1").text, moments(self.browser)), ("event-loop", paused))
        self.browser.press(Keys.SPACE)
        self.await_text("h1", "fixed-pool")
        self.assertGreater(moments(self.browser), paused + 1, "what came meanwhile is drawn")

    def test_follows_a_switch(self) -> None:
        self.serve("fixed-pool")
        self.load()
        self.await_marks(held=THREADS, waiting=0)
        self.server.switch_to("event-loop")
        self.await_text("h1", "event-loop")
        self.await_marks(queue=0, held=0, waiting=CONNECTIONS)
        self.assertEqual(self.browser.texts("#switch-names span"), ["to event-loop"])
        self.assertTrue(self.browser.driver.title.startswith("event-loop"))
        self.assertIn("event-loop", self.browser.run("return document.getElementById('announcer').textContent"))

    def test_says_that_the_server_has_gone_and_goes_on_when_it_is_back(self) -> None:
        self.serve("event-loop")
        self.await_text("#link", "live")
        address, port = self.server.admin.split(":")
        self.server.__exit__()
        self.await_text("#link", "disconnected; retrying")
        settings = SETTINGS | {"admin": {"address": address, "port": int(port)}}
        self.enterContext(Server(BINARIES, self.folder / "server.jsonc", settings, "fixed-pool"))
        self.await_text("h1", "fixed-pool")
        self.await_text("#link", "live")
        for complaint in self.browser.complaints():
            self.assertIn("/events", complaint, "only of the stream that broke off")

    def test_records_a_trace(self) -> None:
        self.serve("fixed-pool")
        self.load()
        self.await_marks(held=THREADS)
        self.tab_to("footer a[download]")
        self.browser.press(Keys.ENTER)
        trace = json.loads(self.browser.downloaded().read_text())
        waits = [event for event in trace["traceEvents"] if event["ph"] == "X" and event["name"] == "waiting"]
        self.assertEqual({event["tid"] for event in waits}, set(range(1, THREADS + 1)))


class Looks(LiveTest):
    def test_follows_the_system_into_the_dark(self) -> None:
        self.browser.prefer("light")
        self.serve("event-loop")
        light = self.browser.run(PAPER_COLOUR)
        self.browser.prefer("dark")
        self.assertNotEqual(self.browser.run(PAPER_COLOUR), light)

    def test_fits_a_phone_and_can_be_used_by_everybody(self) -> None:
        self.serve("fixed-pool")
        self.load("1s")
        for strategy, busy in (("fixed-pool", {"held": THREADS}), ("thread-per-request", {"held": CONNECTIONS}),
                               ("event-loop", {"waiting": CONNECTIONS}), ("thread-per-connection", {"held": CONNECTIONS}),
                               ("event-loop-per-core", {"held": 0}), ("event-loop-with-pool", {"waiting": CONNECTIONS}),
                               ("fiber", {"held": 0}), ("process-per-request", {"held": CONNECTIONS})):
            self.server.switch_to(strategy)
            self.await_marks(**busy)
            for scheme, size in (("light", (1280, 900)), ("dark", (1280, 900)), ("light", PHONE)):
                self.browser.prefer(scheme)
                self.browser.resize(*size)
                self.assertEqual(faults(self.browser), [], f"{strategy}, {scheme}, {size}")
                self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"), size[0])

    def test_shows_the_focus(self) -> None:
        self.serve("event-loop")
        self.tab_to("#pause")
        self.assertNotEqual(self.browser.run("return getComputedStyle(document.activeElement).outlineStyle"), "none")

    def test_runs_no_script_but_its_own(self) -> None:
        self.serve("event-loop")
        self.browser.run("""const script = document.createElement('script');
            script.textContent = 'window.isForeign = true';
            document.body.append(script);""")
        self.assertIsNone(self.browser.run("return window.isForeign"))
        self.assertIn("Content Security Policy", "\n".join(self.browser.complaints()))


if __name__ == "__main__":
    browser.main()
