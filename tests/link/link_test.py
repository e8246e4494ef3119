#!/usr/bin/python3
"""Collector and workers over a link with 20 ms ± 5 ms each way that loses packets: what the collector finds of a far
clock that is known to be 1000 s ahead, who starts when, and what comes of a link that breaks.

usage: link_test.py BINARIES [TESTS…]
"""

import csv
import json
import os
import signal
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from link import NEAR, Link, Speaker, has_time_namespaces, inhabitants, skip_without_rights
from programs import Server, await_true

BINARIES = Path(sys.argv.pop(1))
CLIENT = str(BINARIES / "waitlab-client")
SHIFT_S = 1000 if has_time_namespaces() else 0  # without them, both ends have one clock, which is to be found too
SERVER_PORT, COLLECTOR_PORT = 8080, 7411  # in namespaces of their own, where nobody has them
URL = f"http://{NEAR}:{SERVER_PORT}/wait"
ENVIRONMENT = os.environ | {"WAITLAB_TOKEN": "of these tests"}
MOST_WRONG_US = 2000


def rows(file: Path) -> list[dict[str, str]]:
    with file.open() as lines:
        return list(csv.DictReader(lines))


def worker_of(row: dict[str, str]) -> int:
    """Which of two sent that request, by its place: they take turns."""
    return int(row["request_id"].rpartition("-")[2]) % 2


def worker_command(name: str) -> list[str]:
    return [CLIENT, "worker", "--collector", f"{NEAR}:{COLLECTOR_PORT}", "--name", name]


class LinkTest(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def connect(self, **options: Any) -> None:
        self.link = Link(**options)
        self.addCleanup(self.assert_left, self.link.networks)
        self.enterContext(self.link)

    def assert_left(self, networks: set[int]) -> None:
        self.assertEqual(inhabitants(networks), set())

    def serve(self) -> Server:
        """A context: a server at the near end."""
        settings = {"listen": {"address": NEAR, "port": SERVER_PORT}, "admin": {"port": 0},
                    "telemetry": {"request_log": str(self.folder / "requests.csv")},
                    "backend": {"mode": "timer", "profile": {"delay": {"distribution": "fixed", "value": "10ms"}}}}
        return Server(BINARIES, self.folder / "server.json", settings, "event-loop", self.link.near)

    def start(self, place: tuple[str, ...], command: list[str]) -> Speaker:
        return self.enterContext(Speaker([*place, *command], env=ENVIRONMENT))

    def collect(self, workers: int, *arguments: str) -> Speaker:
        files = ("--json", str(self.folder / "whole.json"), "--csv", str(self.folder / "whole.csv"))
        return self.start(self.link.near, [CLIENT, "collector", "--workers", str(workers), "--listen",
                                           f"{NEAR}:{COLLECTOR_PORT}", "--no-tui", *files, *arguments, URL])

    def work(self, place: tuple[str, ...], name: str) -> Speaker:
        return self.start(place, worker_command(name))

    def result(self) -> dict[str, Any]:
        return json.loads((self.folder / "whole.json").read_text())

    def parts(self) -> dict[str, dict[str, Any]]:
        return {part["name"]: part for part in self.result()["workers"]}


class Start(LinkTest):
    def test_is_agreed_upon_where_one_packet_in_a_thousand_is_lost(self) -> None:
        self.check_start(loss=0.001)

    def test_is_agreed_upon_where_one_packet_in_a_hundred_is_lost(self) -> None:
        self.check_start(loss=0.01)
        self.assertGreater(sum(way["lost"] for way in self.passed), 0)
        self.assertGreater(self.retransmitted, 0)

    def check_start(self, loss: float) -> None:
        self.connect(loss=loss, shift_s=SHIFT_S)
        with self.serve():
            programs = [self.collect(2, "-c", "4", "-n", "100"), self.work(self.link.near, "w1"),
                        self.work(self.link.far, "w2")]
            said = [(program.end(), program.said) for program in programs]
            self.passed, self.retransmitted = self.link.told(), self.link.retransmitted()
        self.assertEqual([code for code, _ in said], [0, 0, 0], said)
        self.check_clocks()
        self.check_requests()

    def check_clocks(self) -> None:
        clocks = {name: part["clock"] for name, part in self.parts().items()}
        for name, true_us in (("w1", 0), ("w2", SHIFT_S * 1_000_000)):
            wrong_us = abs(clocks[name]["offset_us"] - true_us)
            self.assertLess(wrong_us, MOST_WRONG_US, clocks)
            self.assertLessEqual(wrong_us, clocks[name]["uncertainty_us"], clocks)
        # Half of the smallest round trip: of two ways that take 15 ms at least.
        self.assertGreaterEqual(clocks["w2"]["uncertainty_us"], 15_000)
        spread_us = self.result()["gathering"]["start_spread_us"]
        self.assertAlmostEqual(spread_us, sum(clock["uncertainty_us"] for clock in clocks.values()), delta=1)
        self.assertLessEqual(abs(self.apart_us()), spread_us, clocks)

    def check_requests(self) -> None:
        requests = self.result()["requests"]
        self.assertEqual(requests["sent"], 100)
        ends = ("completed", "failed", "timed_out", "unfinished")
        self.assertEqual(requests["sent"], sum(requests[end] for end in ends))
        for count in requests:
            self.assertEqual(requests[count], sum(part["result"]["requests"][count] for part in self.parts().values()))

    def apart_us(self) -> float:
        """By how much the far worker began after the near one, as the server saw it: their first moments, each by the
        request that took least from there, and what the way takes at least."""
        came_ns = {row["request_id"]: int(row["enqueued_ns"]) for row in rows(self.folder / "requests.csv")}
        began_ns: list[list[int]] = [[], []]
        for row in rows(self.folder / "whole.csv"):
            if came := came_ns.get(row["request_id"]):
                began_ns[worker_of(row)].append(came - int(row["sent_ns"]))
        near, far = (min(began_ns[place]) for place in map([*self.parts()].index, ("w1", "w2")))
        return (far - near) / 1e3 - self.passed[1]["delay_ms"]["min"] * 1e3


class Schedule(LinkTest):
    def test_is_that_of_one_client_request_for_request(self) -> None:
        load = ("-R", "100", "-n", "100", "--arrivals", "poisson", "--seed", "7")
        self.connect(loss=0.001, shift_s=SHIFT_S)
        with self.serve():
            programs = [self.collect(2, *load), self.work(self.link.far, "w1"), self.work(self.link.far, "w2")]
            said = [(program.end(), program.said) for program in programs]
            alone = self.start(self.link.near, [CLIENT, "run", "--csv", str(self.folder / "alone.csv"), *load, URL])
            said.append((alone.end(), alone.said))
        self.assertLessEqual({code for code, _ in said}, {0, 3}, said)  # they may be late: the machine is busy
        of_two, of_one = (self.schedule(name) for name in ("whole.csv", "alone.csv"))
        self.assertEqual(of_two, of_one)
        self.assertEqual(len(of_one), 100)

    def schedule(self, file: str) -> list[tuple[str, str, str]]:
        return sorted((row["request_id"], row["target"], row["intended_ns"]) for row in rows(self.folder / file))


class CutOff(LinkTest):
    def test_makes_the_result_invalid_by_name_and_each_side_ends_by_itself(self) -> None:
        self.connect(loss=0, shift_s=SHIFT_S)
        with self.serve():
            collector = self.collect(2, "-c", "4", "-d", "1m")
            near, far = self.work(self.link.near, "w1"), self.work(self.link.far, "w2")
            collector.await_line("measuring")
            self.link.cut()
            self.assertEqual([program.end() for program in (collector, near, far)], [3, 3, 1],
                             collector.said + near.said + far.said)
        result = self.result()
        self.assertFalse(result["valid"])
        self.assertRegex(result["invalid_because"][0],
                         r"^worker w2 was lost: nothing was heard of it for 10\.00 s\. It had sent [1-9]\d* requests")
        self.assertIn("the collector was lost: nothing was heard of it for 10.00 s", far.said)
        self.assertIsNone(self.parts()["w2"]["result"])
        self.assertGreater(result["requests"]["sent"], 0)
        self.assertEqual(result["requests"], self.parts()["w1"]["result"]["requests"])


class End(LinkTest):
    def test_of_whoever_made_a_link_leaves_nobody_in_it(self) -> None:
        """Not even if it is killed, and can't clean up."""
        told, tell = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                link = Link(loss=0)
                worker = Speaker([*link.far, *worker_command("w1")], env=ENVIRONMENT)
                await_true(lambda: worker.process.pid in inhabitants(link.networks), "the worker in its namespace")
                os.write(tell, json.dumps([*link.networks]).encode())
            finally:
                os.kill(os.getpid(), signal.SIGKILL)
        os.close(tell)
        networks = set(json.loads(os.read(told, 4096)))
        os.close(told)
        os.waitpid(child, 0)
        await_true(lambda: not inhabitants(networks), "the end of all that it started")


def main() -> None:
    skip_without_rights()
    # So that folders go as well: what would end the process at once leaves them.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    unittest.main()


if __name__ == "__main__":
    main()
