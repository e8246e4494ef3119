#!/usr/bin/python3
"""Measures what a second loop on a second CPU gains: event-loop-per-core with two loops beside the same with one, in
alternating pairs within one run.

/plain tells it where the client has CPUs of its own. On fewer than four CPUs it has to take CPU time from the loops, and
what is seen says more of that than of them. Two other figures then hold: /cpu, where the client has next to nothing to
do, and what a /plain costs the server, from which follows what two loops would serve if they had their CPUs to themselves.
"""

import argparse
import os
import statistics
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from comparison import run_pairs
from machine import facts_of, first_line, print_doubts, print_limits, print_machine, siblings, two_cpus, write_result
from peers import Sample, Waitlab, wrk
from run import run

LOOPS = 2
TARGET = 1.7
ENOUGH = 0.9  # of the CPUs that loops have to get for their figures to be theirs
COMPUTING, PLAIN = "/cpu?work=2ms", "/plain"
CONNECTIONS = 64
LIMITS = (
    "Both loops run at the same time where they are measured, so that what",
    "they cost each other is in all figures. /cpu burns CPU time, by the",
    "clock of its thread: it shows that loops run in parallel, and next to",
    "nothing of what they share. By CPU time alone: what loops would serve",
    "that always have something to do, on CPUs of their own. Where they do",
    "not have them, more has come by the time a loop gets its CPU, and what",
    "comes together is cheaper: the ratio then comes out too high.",
)
Pairs = list[tuple[Sample, Sample]]  # two loops, one


@dataclass(frozen=True)
class Places:
    """The CPUs of the loops, and those of the client: others, if there are enough."""

    loops: tuple[int, ...]
    spare: tuple[int, ...]

    @property
    def client_apart(self) -> bool:
        return len(self.spare) >= LOOPS

    def client(self, loops: int) -> tuple[int, ...]:
        """Beside one loop the client has the CPU that the second would have."""
        if self.client_apart:
            return self.spare[:LOOPS]
        return self.loops[1:] if loops == 1 else self.loops


def places() -> Places:
    loops = two_cpus()
    taken = set().union(*map(siblings, loops))
    return Places(loops, tuple(sorted(os.sched_getaffinity(0) - taken)))


@dataclass(frozen=True)
class Row:
    """How much more two loops serve than one does, in each pair. Without a verdict, the machine cannot tell."""

    title: str
    one: float
    two: float
    ratios: list[float]
    judged: bool

    @property
    def verdict(self) -> str:
        if not self.judged:
            return "not judged"
        return "target met" if statistics.median(self.ratios) >= TARGET else "target missed"


def row(title: str, pairs: Pairs, read: Callable[[Sample, int], float], judged: bool) -> Row:
    """`read` takes what so many loops serve from a sample of them."""
    figures = [(read(two, LOOPS), read(one, 1)) for two, one in pairs]
    return Row(title, statistics.median(one for _, one in figures), statistics.median(two for two, _ in figures),
               [two / one for two, one in figures], judged)


def share_of_cpus(pairs: Pairs) -> float:
    """How much of their CPUs loops got that could have used all of them; the rest was somebody else's."""
    def share(sample: Sample, loops: int) -> float:
        return sample.rate * sample.server_cpu_us / 1e6 / loops

    return statistics.median(min(share(two, LOOPS), share(one, 1)) for two, one in pairs)


def rows_of(samples: dict[str, Pairs], client_apart: bool) -> list[Row]:
    quiet = share_of_cpus(samples[COMPUTING]) >= ENOUGH
    return [
        row(f"{COMPUTING}, per second", samples[COMPUTING], lambda sample, _: sample.rate, quiet),
        row(f"{PLAIN}, per second", samples[PLAIN], lambda sample, _: sample.rate, quiet and client_apart),
        row(f"{PLAIN}, by CPU time alone", samples[PLAIN], lambda sample, loops: loops * 1e6 / sample.server_cpu_us,
            quiet and not client_apart),
    ]


def ceiling(one: Sample) -> float:
    """What the ratio of /plain can be at most where loops and client share as many CPUs as there are loops: all of them
    busy all the time, beside the slower of one loop and its client busy all the time.
    """
    needed = (one.server_cpu_us, one.client_cpu_us)
    return LOOPS * max(needed) / sum(needed)


def server(options, folder: Path, loops: int, cpus: tuple[int, ...]) -> Waitlab:
    """Where several loops accept from one socket, one of them may get nearly all connections: the kernel spreads them."""
    key, accept = "strategies.event-loop-per-core", "shared" if loops == 1 else "reuse-port"
    settings = ("strategy=event-loop-per-core", f"{key}.loops={loops}", f"{key}.pin=true", f"{key}.accept={accept}",
                "admin.port=0", "backend.mode=timer", *options.set)
    return Waitlab(options.bin / "waitlab-server", folder, settings, *cpus)


def measure(options, folder: Path, where: Places) -> dict[str, Pairs]:
    def load(waitlab: Waitlab, loops: int, path: str) -> Sample:
        return wrk(waitlab, CONNECTIONS, options.seconds, *where.client(loops), path=path)

    with server(options, folder, LOOPS, where.loops) as two, server(options, folder, 1, where.loops[:1]) as one:
        return {path: run_pairs(path, options.pairs, lambda: load(two, LOOPS, path), lambda: load(one, 1, path))
                for path in (COMPUTING, PLAIN)}


def print_table(rows: list[Row]) -> None:
    print(f"\n{'event-loop-per-core':32}{'1 loop':>10}{f'{LOOPS} loops':>10}  ratio (least - greatest)")
    for told in rows:
        ratios = f"{statistics.median(told.ratios):.2f} ({min(told.ratios):.2f} - {max(told.ratios):.2f})"
        print(f"  {told.title:30}{told.one:>10,.0f}{told.two:>10,.0f}  {ratios}  {told.verdict}")
    print(f"\nTarget {TARGET} or more.")


def print_why(pairs: Pairs) -> None:
    server_us, client_us, most = (statistics.median(map(read, (one for _, one in pairs))) for read in
                                  (lambda one: one.server_cpu_us, lambda one: one.client_cpu_us, ceiling))
    print(f"Why {PLAIN} itself is not judged: the client needs {client_us:.1f} us of CPU for a request that\n"
          f"costs one loop {server_us:.1f} us, and has no {LOOPS} CPUs but those of the loops to take them from.\n"
          f"With all of them busy all the time the ratio could be {most:.2f} at most.")


def told_cpus(cpus: tuple[int, ...]) -> str:
    return " and ".join(map(str, cpus))


def report(facts: dict, options, where: Places, samples: dict[str, Pairs]) -> None:
    rows, share = rows_of(samples, where.client_apart), share_of_cpus(samples[COMPUTING])
    print_table(rows)
    if share < ENOUGH:
        print(f"Nothing is judged: loops that computed all the time got {share:.0%} of their CPUs.\n"
              "Something else had the rest; close other programs and repeat this.")
    if not where.client_apart:
        print_why(samples[PLAIN])
    print_machine(facts)
    print(f"Method    {options.pairs} pairs, {options.seconds} s a side, in alternating order; medians; {CONNECTIONS} connections,\n"
          f"          of {LOOPS} loops spread by the kernel (reuse-port); loops on CPUs {told_cpus(where.loops)}; client\n"
          f"          beside one loop on {told_cpus(where.client(1))}, beside {LOOPS} on {told_cpus(where.client(LOOPS))}")
    print_doubts(facts)
    print_limits(LIMITS)
    result = {**facts, "loop_cpus": where.loops, "client_apart": where.client_apart,
              "share_of_cpus": share,
              "rows": [{**asdict(told), "verdict": told.verdict} for told in rows],
              "pairs": {path: [{"two": asdict(two), "one": asdict(one)} for two, one in pairs] for path, pairs in samples.items()},
              "limits": LIMITS}
    print(f"\nWritten to {write_result('cores', result)}")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./lab bench cores", description="What a second loop on a second CPU gains.")
    parser.add_argument("--pairs", type=int, default=5, help="measured pairs of each comparison (5)")
    parser.add_argument("--seconds", type=int, default=3, help="how long one side of a pair is loaded (3)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting of both servers")
    parser.add_argument("--bin", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if min(options.pairs, options.seconds) < 1:
        parser.error("--pairs and --seconds must be at least 1")
    options.bin = options.bin.resolve()
    return options


def main() -> int:
    options = parse_options()

    def measured(folder: Path) -> Callable[[], None]:
        facts = facts_of({"waitlab": first_line([str(options.bin / "waitlab-server"), "--version"]),
                          "wrk": first_line(["wrk", "-v"]).partition(" Copyright")[0]})
        where = places()
        samples = measure(options, folder, where)
        return lambda: report(facts, options, where, samples)

    return run(measured)


if __name__ == "__main__":
    sys.exit(main())
