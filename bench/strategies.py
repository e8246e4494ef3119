#!/usr/bin/python3
"""Measures what a waiting request costs under each strategy: memory, CPU and context switches, and what the cheapest
request costs besides; all strategies in turn, in several rounds, each time in a fresh server.

A wait costs a timer here, not a call to a backend: what is measured is the worker that waits, not the call.
"""

import argparse
import contextlib
import json
import re
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from machine import facts_of, first_line, print_doubts, print_limits, print_machine, two_cpus, write_result
from peers import BenchError, Waitlab, end, process_tree, start
from progress import end_progress, show_progress
from run import run

WAIT_S = 2
MOST_PROCESSES = 100  # as many as are forked before the first of them is done, where a fork takes milliseconds
LIMITS = (
    "Memory is what the server's processes have in RAM (PSS: a page that",
    "several share counts once) and the kernel's stacks of their threads,",
    "with all requests waiting less with none, their connections included;",
    "not the kernel's sockets. CPU and switches are of whole requests:",
    "accepting is not in them, parsing and answering are. Creation of a",
    "thread, fiber or process is, where the strategy makes one each time.",
    f"Where that is a process, {MOST_PROCESSES} requests wait, not more.",
)


@dataclass
class Costs:
    """Of one strategy, a figure from each round."""

    memory_kib: list[float] = field(default_factory=list)  # of a waiting request
    cpu_us: list[float] = field(default_factory=list)  # of a request that waits
    switches: list[float] = field(default_factory=list)
    plain_cpu_us: list[float] = field(default_factory=list)  # of one that does not
    plain_rate: list[float] = field(default_factory=list)  # a second, closed loop


class Watched(Waitlab):
    """A server that can be asked what it has used."""

    def __init__(self, binaries: Path, folder: Path, cpu: int, strategy: str, settings: tuple[str, ...]) -> None:
        super().__init__(binaries / "waitlab-server", folder,
                         (f"strategy={strategy}", "admin.port=0", "backend.mode=timer", "strategies.fixed-pool.growth=grow-first",
                          "strategies.fixed-pool.core_threads=1", "strategies.fixed-pool.threads=5000",
                          "strategies.event-loop-per-core.loops=1", "strategies.fiber.loops=1", *settings), cpu)
        self.admin_port = self.announced_admin_port()

    def status(self) -> dict:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin_port}/status", timeout=10) as answer:
            return json.load(answer)

    def memory_kib(self) -> float:
        total = 0.0
        for process in (Path(f"/proc/{pid}") for pid in process_tree(self.pid)):
            with contextlib.suppress(OSError):
                total += int(re.search(r"^Pss: +(\d+)", (process / "smaps_rollup").read_text(), re.MULTILINE)[1])
                total += 16 * len(list((process / "task").iterdir()))  # THREAD_SIZE of 64-bit kernels
        return total


def used(before: dict, after: dict) -> tuple[float, float]:
    """CPU in us and context switches between two statuses, without the admin thread's."""
    def of(status: dict) -> tuple[float, int]:
        own = status["admin_thread"]
        switches = sum(status["context_switches"].values()) - sum(own["context_switches"].values())
        return (status["cpu_seconds"] - own["cpu_seconds"]) * 1e6, switches
    (cpu, switches), (cpu_after, switches_after) = of(before), of(after)
    return cpu_after - cpu, switches_after - switches


@contextlib.contextmanager
def load(binaries: Path, cpu: int, url: str, connections: int) -> Iterator[None]:
    client = start([str(binaries / "waitlab-client"), "run", "--quiet", "-d", "1h", "-c", str(connections), url], cpu,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        end(client)


def await_waiting(server: Watched, count: int) -> None:
    for _ in range(600):
        if server.status()["requests"]["waiting"] == count:
            return
        time.sleep(0.05)
    raise BenchError(f"{count} requests never waited at once")


def measure_waits(options, server: Watched, client_cpu: int, costs: Costs) -> None:
    before = server.memory_kib()
    waiting = options.waiting
    if server.status()["facts"]["worker"] == "process":
        waiting = min(waiting, MOST_PROCESSES)
    with load(options.bin, client_cpu, server.url(f"/wait?delay={WAIT_S}s"), waiting):
        await_waiting(server, waiting)
        costs.memory_kib.append((server.memory_kib() - before) / waiting)
        begun = server.status()
        time.sleep(options.seconds)
        ended = server.status()
    cpu, switches = used(begun, ended)
    requests = ended["requests"]["completed_total"] - begun["requests"]["completed_total"]
    costs.cpu_us.append(cpu / requests)
    costs.switches.append(switches / requests)


def measure_plain(options, server: Watched, client_cpu: int, costs: Costs) -> None:
    with load(options.bin, client_cpu, server.url("/plain"), 64):
        time.sleep(0.3)
        begun, since = server.status(), time.monotonic()
        time.sleep(options.seconds)
        ended, until = server.status(), time.monotonic()
    requests = ended["requests"]["completed_total"] - begun["requests"]["completed_total"]
    costs.plain_cpu_us.append(used(begun, ended)[0] / requests)
    costs.plain_rate.append(requests / (until - since))


def strategies(binaries: Path) -> list[str]:
    printed = subprocess.run([binaries / "waitlab-server", "--print-schema"], check=True, stdout=subprocess.PIPE)
    return json.loads(printed.stdout)["properties"]["strategy"]["enum"]


def measure(options, folder: Path) -> dict[str, Costs]:
    server_cpu, client_cpu = two_cpus()
    all_costs = {strategy: Costs() for strategy in strategies(options.bin)}
    for number in range(options.rounds):
        for strategy, costs in all_costs.items():
            show_progress(f"round {number + 1} of {options.rounds}: {strategy}")
            with Watched(options.bin, folder, server_cpu, strategy, tuple(options.set)) as server:
                measure_waits(options, server, client_cpu, costs)
                measure_plain(options, server, client_cpu, costs)
    end_progress()
    return all_costs


def print_table(all_costs: dict[str, Costs], waiting: int) -> None:
    print(f"\n{'':22}{'a waiting request':>29}{'/plain, 64 at once':>21}\n"
          f"{f'{waiting:,} waiting':22}{'KiB':>9}{'CPU us':>9}{'switches':>11}{'CPU us':>9}{'per s':>12}")
    for strategy, costs in all_costs.items():
        memory, cpu, switches, plain, rate = (statistics.median(figures) for figures in asdict(costs).values())
        print(f"{strategy:22}{memory:>9.1f}{cpu:>9.1f}{switches:>11.2f}{plain:>9.1f}{rate:>12,.0f}")


def report(facts: dict, options, all_costs: dict[str, Costs]) -> None:
    print_table(all_costs, options.waiting)
    told = facts["machine"]
    print_machine(facts)
    print(f"Method    {options.rounds} rounds, all strategies in turn, {options.seconds:g} s each; medians; server on CPU\n"
          f"          {told['server_cpu']}, client on CPU {told['client_cpu']}; waits of {WAIT_S} s, closed loop; one loop each")
    print_doubts(facts)
    print_limits(LIMITS)
    result = {**facts, "waiting": options.waiting, "costs": {name: asdict(costs) for name, costs in all_costs.items()},
              "limits": LIMITS}
    print(f"\nWritten to {write_result('strategies', result)}")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./lab bench strategies",
                                     description="What a waiting request costs under each strategy.")
    parser.add_argument("--rounds", type=int, default=3, help="how often each strategy is measured (3)")
    parser.add_argument("--seconds", type=float, default=4, help="how long each load is measured (4)")
    parser.add_argument("--waiting", type=int, default=1000, help="requests that wait at once (1000)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting of the server")
    parser.add_argument("--bin", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rounds < 1 or options.seconds < WAIT_S or not 1 <= options.waiting <= 4096:
        parser.error(f"--rounds must be above 0, --seconds at least {WAIT_S}, and --waiting from 1 to 4096")
    options.bin = options.bin.resolve()
    return options


def main() -> int:
    options = parse_options()

    def measured(folder: Path) -> Callable[[], None]:
        facts = facts_of({"waitlab": first_line([str(options.bin / "waitlab-server"), "--version"])})
        costs = measure(options, folder)
        return lambda: report(facts, options, costs)

    return run(measured)


if __name__ == "__main__":
    sys.exit(main())
