#!/usr/bin/python3
"""Measures waitlab-server beside nginx and waitlab-client beside wrk, in alternating pairs within one run.

Two runs an hour apart differ by more than the things compared, so only the ratio within a pair is believed: each pair
loads ours, then the peer, and the ratios' median is told with their least and greatest.
"""

import argparse
import statistics
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Callable

from lag import LagRow, lag_result, measure_lag, print_lag
from machine import facts_of, first_line, print_doubts, print_limits, print_machine, two_cpus, write_result
from peers import Nginx, Sample, Server, every_output, waitlab_client, waitlab_server, wrk
from progress import end_progress, show_progress
from run import run

GOAL = 1.0
SERVER_TARGET, CLIENT_TARGET = 1.5, 1.1
LIMITS = (
    "/plain, a tiny body over loopback: the cost of a request, no more.",
    "waitlab's response has Server-Timing and X-Request-Id, nginx's not.",
    "CPU is user + system time of the one process, by the kernel's clock;",
    "interrupts may be booked elsewhere. Where the client is the slower",
    "side, requests/s says more of it than of the server; CPU per request",
    "still holds. Other work on the machine, its clock speed and its host",
    "move both sides; the ratio's spread shows how much.",
)


@dataclass(frozen=True)
class Figure:
    """One quantity of a comparison. A ratio above 1 means that ours is worse."""

    name: str
    read: Callable[[Sample], float]
    more_is_better: bool

    def ratio(self, ours: Sample, peer: Sample) -> float:
        worse = self.read(peer) / self.read(ours)
        return worse if self.more_is_better else 1 / worse


RATE = Figure("requests/s", lambda sample: sample.rate, True)
SERVER_CPU = Figure("server CPU us/request", lambda sample: sample.server_cpu_us, False)
CLIENT_CPU = Figure("client CPU us/request", lambda sample: sample.client_cpu_us, False)


@dataclass(frozen=True)
class Comparison:
    title: str
    peer: str
    figures: tuple[Figure, ...]
    target: float  # the worst ratio that is good enough
    pairs: list[tuple[Sample, Sample]]  # ours, peer

    def rows(self) -> list[dict]:
        return [self.row(figure) for figure in self.figures]

    def row(self, figure: Figure) -> dict:
        ratios = [figure.ratio(ours, peer) for ours, peer in self.pairs]
        ratio = statistics.median(ratios)
        return {
            "comparison": self.title,
            "figure": figure.name,
            "waitlab": statistics.median(figure.read(ours) for ours, _ in self.pairs),
            "peer": statistics.median(figure.read(peer) for _, peer in self.pairs),
            "peer_name": self.peer,
            "ratio": {"median": ratio, "min": min(ratios), "max": max(ratios)},
            "verdict": "goal met" if ratio <= GOAL else "target met" if ratio <= self.target else "target missed",
        }


def run_pairs(title: str, count: int, ours: Callable[[], Sample], peer: Callable[[], Sample]):
    """One unmeasured pair to warm up, then the measured ones."""
    pairs = []
    for number in range(count + 1):
        show_progress(f"{title}: {f'pair {number} of {count}' if number else 'warming up'}")
        pairs.append((ours(), peer()))
    end_progress()
    return pairs[1:]


def compare_servers(options, nginx: Server, waitlab: Server, client_cpu: int) -> list[Comparison]:
    comparisons = []
    for connections in (64, 1):
        title = f"server, {connections} connection{'s' * (connections > 1)}"
        pairs = run_pairs(title, options.pairs, lambda: wrk(waitlab, connections, options.seconds, client_cpu),
                          lambda: wrk(nginx, connections, options.seconds, client_cpu))
        comparisons.append(Comparison(title, "nginx", (RATE, SERVER_CPU), SERVER_TARGET, pairs))
    return comparisons


def compare_clients(options, server_name: str, server: Server, client_cpu: int, folder: Path) -> list[Comparison]:
    binary = options.bin / "waitlab-client"
    comparisons = []
    for told, outputs in (("", []), (", writing every file", every_output(folder))):
        title = f"client, 64 connections on {server_name}{told}"
        pairs = run_pairs(title, options.pairs,
                          lambda: waitlab_client(binary, server, 64, options.seconds, client_cpu, folder, outputs),
                          lambda: wrk(server, 64, options.seconds, client_cpu))
        comparisons.append(Comparison(title, "wrk", (RATE, CLIENT_CPU), CLIENT_TARGET, pairs))
    return comparisons


def measure(options, folder: Path) -> tuple[list[Comparison], list[LagRow]]:
    server_cpu, client_cpu = two_cpus()
    comparisons, lags = [], []
    with waitlab_server(options.bin, folder, server_cpu) as waitlab:
        with Nginx(folder, waitlab.body(), server_cpu) as nginx:
            if options.only in (None, "server"):
                comparisons += compare_servers(options, nginx, waitlab, client_cpu)
            if options.only in (None, "client"):
                comparisons += compare_clients(options, "nginx", nginx, client_cpu, folder)
                comparisons += compare_clients(options, "waitlab", waitlab, client_cpu, folder)
        if options.only in (None, "lag"):
            lags = measure_lag(options.bin, waitlab, client_cpu, folder, options.pairs, options.seconds)
    return comparisons, lags


def versions(binaries: Path) -> dict:
    return {
        "waitlab": first_line([str(binaries / "waitlab-server"), "--version"]),
        "nginx": first_line(["/usr/sbin/nginx", "-v"]),
        "wrk": first_line(["wrk", "-v"]).partition(" Copyright")[0],
    }


def print_table(comparisons: list[Comparison]) -> None:
    for comparison in comparisons:
        print(f"\n{comparison.title}\n{'':24}{'waitlab':>10}{comparison.peer:>10}  ratio (least - greatest)")
        for row in comparison.rows():
            ratio = row["ratio"]
            digits = 0 if row["waitlab"] >= 1000 else 2
            print(f"  {row['figure']:22}{row['waitlab']:>10,.{digits}f}{row['peer']:>10,.{digits}f}"
                  f"  {ratio['median']:.2f} ({ratio['min']:.2f} - {ratio['max']:.2f})  {row['verdict']}")
    print(f"\nA ratio above 1 means that waitlab is the worse. Goal {GOAL} or less; target\n"
          f"{SERVER_TARGET} or less for the server, {CLIENT_TARGET} for the client.")


def print_method(facts: dict, options) -> None:
    told = facts["machine"]
    print_machine(facts)
    print(f"Method    {options.pairs} pairs, {options.seconds} s a side, alternating; medians; one thread each;\n"
          f"          server on CPU {told['server_cpu']}, client on CPU {told['client_cpu']}")
    print_doubts(facts)
    print_limits(LIMITS)


def result_of(facts: dict, comparisons: list[Comparison], lags: list[LagRow]) -> dict:
    pairs = {comparison.title: [{"waitlab": asdict(ours), comparison.peer: asdict(peer)} for ours, peer in comparison.pairs]
             for comparison in comparisons}
    rows = [row for comparison in comparisons for row in comparison.rows()]
    return {**facts, "summary": rows, "pairs": pairs, "lag": lag_result(lags), "limits": LIMITS}


def report(facts: dict, options, comparisons: list[Comparison], lags: list[LagRow]) -> None:
    if comparisons:
        print_table(comparisons)
    if lags:
        print_lag(lags)
    print_method(facts, options)
    print(f"\nWritten to {write_result('bench', result_of(facts, comparisons, lags))}")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./lab bench", description="waitlab-server beside nginx, waitlab-client beside wrk and beside the "
                                     "machine's own timers.")
    parser.add_argument("--pairs", type=int, default=5, help="measured pairs of each comparison (5)")
    parser.add_argument("--seconds", type=int, default=3, help="how long one side of a pair is loaded (3)")
    parser.add_argument("--only", choices=("server", "client", "lag"), help="measure one of these only")
    parser.add_argument("--bin", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.pairs < 1 or options.seconds < 1:
        parser.error("--pairs and --seconds must be at least 1")
    options.bin = options.bin.resolve()
    return options


def main() -> int:
    options = parse_options()

    def measured(folder: Path) -> Callable[[], None]:
        facts = facts_of(versions(options.bin))
        comparisons, lags = measure(options, folder)
        return lambda: report(facts, options, comparisons, lags)

    return run(measured)


if __name__ == "__main__":
    sys.exit(main())
