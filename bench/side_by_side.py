#!/usr/bin/python3
"""Measures waitlab-server beside nginx and waitlab-client beside wrk, in alternating pairs within one run."""

import argparse
import sys
from pathlib import Path
from typing import Callable

from comparison import CLIENT_CPU, GOAL, RATE, SERVER_CPU, Comparison, comparisons_result, print_comparisons, run_pairs
from lag import LagRow, lag_result, measure_lag, print_lag
from machine import facts_of, first_line, print_doubts, print_limits, print_machine, two_cpus, write_result
from peers import Nginx, Server, every_output, waitlab_client, waitlab_server, wrk
from run import run

SERVER_TARGET, CLIENT_TARGET = 1.5, 1.1
LIMITS = (
    "/plain, a tiny body over loopback: the cost of a request, no more.",
    "waitlab's response has Server-Timing and X-Request-Id, nginx's not.",
    "CPU is user + system time of all processes, by the kernel's clocks;",
    "interrupts may be booked elsewhere. Where the client is the slower",
    "side, requests/s says more of it than of the server; CPU per request",
    "still holds. Other work on the machine, its clock speed and its host",
    "move both sides; the ratio's spread shows how much.",
)


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
        flags = ["-c", "64", *outputs]
        title = f"client, 64 connections on {server_name}{told}"
        pairs = run_pairs(title, options.pairs,
                          lambda: waitlab_client(binary, server, flags, options.seconds, client_cpu, folder),
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


def print_method(facts: dict, options) -> None:
    told = facts["machine"]
    print_machine(facts)
    print(f"Method    {options.pairs} pairs, {options.seconds} s a side, in alternating order; medians; one\n"
          f"          thread each; server on CPU {told['server_cpu']}, client on CPU {told['client_cpu']}")
    print_doubts(facts)
    print_limits(LIMITS)


def result_of(facts: dict, comparisons: list[Comparison], lags: list[LagRow]) -> dict:
    return {**facts, **comparisons_result(comparisons), "lag": lag_result(lags), "limits": LIMITS}


def report(facts: dict, options, comparisons: list[Comparison], lags: list[LagRow]) -> None:
    if comparisons:
        print_comparisons(comparisons)
        print(f"\nA ratio above 1 means that waitlab is the worse. Goal {GOAL} or less; target\n"
              f"{SERVER_TARGET} or less for the server, {CLIENT_TARGET} for the client.")
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
