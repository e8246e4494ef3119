#!/usr/bin/python3
"""Measures what an open live page costs the server: the CPU time of the thread that answers it, with nobody listening
to /events and with one, in alternating pairs; idle, and under load.

Only that thread is read: what requests cost differs from second to second by more than a page does.
"""

import argparse
import contextlib
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from machine import facts_of, first_line, print_doubts, print_limits, print_machine, two_cpus, write_result
from peers import Waitlab, end, start
from progress import end_progress, show_progress
from run import run

STRATEGIES = ("thread-per-request", "fixed-pool", "event-loop")
TARGET_PERCENT = 1.0
LIMITS = (
    "The server's side only: what the browser takes is its own, and more.",
    "What the page's counts cost each request is not in it; that is there",
    "whether anybody looks or not.",
)


@dataclass(frozen=True)
class Row:
    """CPU in use by the admin thread, in percent of one core, in each pair."""

    strategy: str
    rate: int  # requests a second
    alone: list[float]
    watched: list[float]


class Watchable(Waitlab):
    """A server whose admin thread's CPU time can be told."""

    def __init__(self, binaries: Path, folder: Path, cpu: int, strategy: str) -> None:
        super().__init__(binaries / "waitlab-server", folder, (f"strategy={strategy}", "admin.port=0"), cpu)
        self.admin_port = self.announced_admin_port()
        self.admin_thread = self.busiest_while_asked()

    def thread_times(self) -> dict[str, int]:
        """The CPU time of each thread in ns."""
        times = {}
        for thread in Path(f"/proc/{self.pid}/task").iterdir():
            with contextlib.suppress(OSError):  # it has ended
                times[thread.name] = int((thread / "schedstat").read_text().split()[0])
        return times

    def busiest_while_asked(self) -> str:
        before = self.thread_times()
        for _ in range(300):
            urllib.request.urlopen(f"http://127.0.0.1:{self.admin_port}/healthz", timeout=5).close()
        after = self.thread_times()
        return max(after, key=lambda thread: after[thread] - before.get(thread, after[thread]))

    def admin_cpu_percent(self, seconds: float) -> float:
        begun, before = time.monotonic_ns(), self.thread_times()[self.admin_thread]
        time.sleep(seconds)
        return (self.thread_times()[self.admin_thread] - before) / (time.monotonic_ns() - begun) * 100


@contextlib.contextmanager
def listener(server: Watchable) -> Iterator[None]:
    """Somebody who listens to /events; the kernel's buffer holds what comes in the time this takes."""
    with socket.create_connection(("127.0.0.1", server.admin_port), timeout=5) as connection:
        connection.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.recv(1)
        yield


@contextlib.contextmanager
def load(binaries: Path, server: Watchable, cpu: int, rate: int) -> Iterator[None]:
    if rate == 0:
        yield
        return
    command = [str(binaries / "waitlab-client"), "run", "--quiet", "-R", str(rate), "-d", "1h", server.url("/wait")]
    client = start(command, cpu, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        end(client)


def measure_row(options, server: Watchable, strategy: str, rate: int) -> Row:
    row = Row(strategy, rate, [], [])
    for number in range(options.pairs):
        show_progress(f"{strategy} at {rate}/s, pair {number + 1} of {options.pairs}")
        row.alone.append(server.admin_cpu_percent(options.seconds))
        with listener(server):
            row.watched.append(server.admin_cpu_percent(options.seconds))
    return row


def measure(options, folder: Path) -> list[Row]:
    server_cpu, client_cpu = two_cpus()
    rows = []
    for strategy in STRATEGIES:
        with Watchable(options.bin, folder, server_cpu, strategy) as server:
            for rate in (0, options.rate):
                with load(options.bin, server, client_cpu, rate):
                    rows.append(measure_row(options, server, strategy, rate))
    end_progress()
    return rows


def print_table(rows: list[Row]) -> None:
    print(f"\n{'% of one core':20}{'requests/s':>12}{'nobody':>9}{'one page':>10}  (least - greatest)")
    for row in rows:
        alone, watched = statistics.median(row.alone), statistics.median(row.watched)
        print(f"{row.strategy:20}{row.rate:>12,}{alone:>9.3f}{watched:>10.3f}"
              f"  ({min(row.watched):.3f} - {max(row.watched):.3f})")
    greatest = max(max(row.watched) for row in rows)
    print(f"\nTarget below {TARGET_PERCENT:g} %: {'met' if greatest < TARGET_PERCENT else 'MISSED'}")


def report(facts: dict, options, rows: list[Row]) -> None:
    print_table(rows)
    print_machine(facts)
    print(f"Method    {options.pairs} pairs, {options.seconds:g} s a side, alternating; medians; the CPU time of the\n"
          "          admin thread by the kernel's scheduler; /wait under load")
    print_doubts(facts)
    print_limits(LIMITS)
    result = {**facts, "rows": [asdict(row) for row in rows], "limits": LIMITS}
    print(f"\nWritten to {write_result('live-cost', result)}")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./lab bench live", description="What an open live page costs the server.")
    parser.add_argument("--pairs", type=int, default=5, help="measured pairs of each row (5)")
    parser.add_argument("--seconds", type=float, default=3, help="how long one side of a pair takes (3)")
    parser.add_argument("--rate", type=int, default=1000, help="requests a second under load (1000)")
    parser.add_argument("--bin", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.pairs < 1 or options.seconds <= 0 or options.rate < 1:
        parser.error("--pairs, --seconds and --rate must be above 0")
    options.bin = options.bin.resolve()
    return options


def main() -> int:
    options = parse_options()

    def measured(folder: Path) -> Callable[[], None]:
        facts = facts_of({"waitlab": first_line([str(options.bin / "waitlab-server"), "--version"])})
        rows = measure(options, folder)
        return lambda: report(facts, options, rows)

    return run(measured)


if __name__ == "__main__":
    sys.exit(main())
