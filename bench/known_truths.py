#!/usr/bin/python3
"""Holds what load generators report against what is known: each loads the same slow backend, which logs its own holds.

Every tool has the backend to itself, freshly started, in every situation, and is held against the log of its own
requests, or against arithmetic where the backend could not look.
"""

import argparse
import csv
import math
import os
import signal
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Callable

from loaders import PEERS, PERCENTILES, Said, Task, Tool, percentiles, waitlab
from machine import facts_of, first_line, print_doubts, print_limits, print_machine, two_cpus, write_result
from peers import BenchError, Waitlab
from progress import end_progress, show_progress
from run import run

PROMISE_MS = 1.0
HISTOGRAM_STEP = 0.001  # a figure of a histogram with 3 significant digits
FREEZE_AFTER_S, FREEZE_S = 4.0, 2.0
LIMITS = (
    "Truth is what a user feels who comes when the rate says so: from then to the answer.",
    "waitlab reports that, the response time. The others report service times: from when they sent.",
    "wrk and ab know no rate: they send when the last answer is there. hey and h2load give each",
    "connection its share of the rate, and skip what falls due while it waits. None was told more.",
    "h2load prints no percentiles; these are computed from the log it writes of each request.",
    "Right: every percentile given is within 1 ms and 0.1 % of the truth's own two ranks on each side,",
    "for tools differ in what they call a percentile; and of a bound that the truth is beyond it.",
    "INVALID: the tool itself says so of its figures, so they are not held against anything.",
    "Truth is the log of each tool's own requests, so it differs from one to the next by chance.",
    "Loopback and one backend; a tool's cost and its precision at high rates are not compared here.",
)


@dataclass(frozen=True)
class Hold:
    """A request as the backend logged it. Times in ms."""

    arrival: float
    held: float  # queued and held; what was drawn for it if its caller did not wait


@dataclass(frozen=True)
class Situation:
    name: str
    title: str
    truth_by: str
    settings: tuple[str, ...]
    task: Task
    truth: Callable[["Situation", list[Hold], float], list[float]]
    freezes: bool = False


def by_hold(_: Situation, holds: list[Hold], __: float) -> list[float]:
    return [hold.held for hold in holds]


def by_schedule(situation: Situation, holds: list[Hold], _: float) -> list[float]:
    """The k-th request is due k / rate after the first: from then to the end of its hold."""
    ordered = sorted(holds, key=lambda hold: hold.arrival)[:situation.task.requests]
    gap = 1e3 / situation.task.rate
    return [hold.arrival + hold.held - (ordered[0].arrival + k * gap) for k, hold in enumerate(ordered)]


def by_arithmetic(situation: Situation, holds: list[Hold], frozen_s: float) -> list[float]:
    """Arrivals are evenly spaced: those in the freeze wait for its end, the others for their hold alone."""
    base = sorted(hold.held for hold in holds)[len(holds) // 2]
    gap, frozen = 1e3 / situation.task.rate, frozen_s * 1e3
    late = int(frozen / gap)
    return [base + frozen - (k + 0.5) * gap for k in range(late)] + [base] * (situation.task.requests - late)


FIXED = ("profile.delay.distribution=fixed", "profile.delay.value=100ms")
QUICK = ("profile.delay.distribution=fixed", "profile.delay.value=10ms")
EXPONENTIAL = ("profile.delay.distribution=exponential", "profile.delay.mean=100ms")
HEAVY = ("profile.delay.distribution=lognormal", "profile.delay.median=100ms", "profile.delay.p99=3s")

SITUATIONS = (
    Situation("enough", "200/s, each held 100 ms: 20 connections needed, 50 given", "hold log", FIXED,
              Task(200, 50, 2000, 30), by_hold),
    Situation("short", "200/s, each held 100 ms: 20 connections needed, 10 given", "hold log and schedule", FIXED,
              Task(200, 10, 1000, 30), by_schedule),
    Situation("exponential", "200/s, holds exponential with mean 100 ms, 50 connections", "hold log", EXPONENTIAL,
              Task(200, 50, 2000, 30), by_hold),
    Situation("time-out", "100/s, holds lognormal with median 100 ms and p99 3 s, time-out 2 s", "draws in the hold log",
              HEAVY, Task(100, 100, 1500, 2), by_hold),
    Situation("freeze", "100/s, held 10 ms; the backend stands still for 2 s of 10; 10 connections", "arithmetic", QUICK,
              Task(100, 10, 1000, 30), by_arithmetic, freezes=True),
    Situation("freeze-spare", "100/s, held 10 ms; the backend stands still for 2 s of 10; 250 connections", "arithmetic",
              QUICK, Task(100, 250, 1000, 30), by_arithmetic, freezes=True),
)


@dataclass
class Outcome:
    tool: Tool
    said: Said
    truth: dict[str, float]
    verdict: str


def read_holds(log: Path) -> list[Hold]:
    holds = []
    with log.open(newline="") as file:
        for row in csv.DictReader(file):
            held = row["held_ns"] if row["outcome"] == "served" else row["drawn_ns"]
            holds.append(Hold(int(row["arrival_ns"]) / 1e6, (int(row["queued_ns"]) + int(held)) / 1e6))
    return holds


class Freezer:
    """Stops a process for a while, and tells for how long it did."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.frozen_s = 0.0

    def freeze(self) -> None:
        time.sleep(FREEZE_AFTER_S)
        os.kill(self.pid, signal.SIGSTOP)
        begun = time.monotonic()
        try:
            time.sleep(FREEZE_S)
        finally:
            os.kill(self.pid, signal.SIGCONT)
            self.frozen_s = time.monotonic() - begun


def right(name: str, said: Said, values: list[float]) -> bool:
    ascending = sorted(values)
    rank = math.ceil(float(f"0.{name[1:]}") * len(ascending))
    least, most = ascending[max(0, rank - 3)], ascending[min(len(ascending) - 1, rank + 1)]
    figure = said.ms[name]
    slack = PROMISE_MS + figure * HISTOGRAM_STEP
    return least - slack <= figure <= most + slack or (name in said.at_least and figure <= most + slack)


def judge(said: Said, truth: dict[str, float], values: list[float]) -> str:
    given = [name for name in PERCENTILES if name in said.ms]
    if not given:
        return "no figure"
    if said.refused:
        return "INVALID"
    wrong = {name: said.ms[name] / truth[name] - 1 for name in given if not right(name, said, values)}
    if not wrong:
        return "right"
    worst = max(wrong, key=lambda name: abs(wrong[name]))
    return f"{worst} {wrong[worst]:+.0%}"


def measure_one(situation: Situation, tool: Tool, binaries: Path, folder: Path) -> Outcome:
    server_cpu, client_cpu = two_cpus()
    folder.mkdir(parents=True)
    log = folder / "holds.csv"
    with Waitlab(binaries / "waitlab-backend", folder, (*situation.settings, f"profile.hold_log={log}"), server_cpu) as backend:
        freezer = Freezer(backend.pid)
        said = tool.run(situation.task, backend.url("/hold?route=/truth"), folder, client_cpu,
                        freezer.freeze if situation.freezes else lambda: None)
    if not (holds := read_holds(log)):
        raise BenchError(f"{tool.name} sent nothing: {'; '.join(said.remarks)}")
    values = situation.truth(situation, holds, freezer.frozen_s)
    truth = percentiles(values)
    return Outcome(tool, said, truth, judge(said, truth, values))


def short(ms: float) -> str:
    return f"{ms / 1e3:.2f} s" if ms >= 1e3 else f"{ms:.1f} ms"


def print_situation(situation: Situation, outcomes: list[Outcome]) -> None:
    print(f"\n{situation.title}\n{'':27}{'p50':>10}{'p90':>10}{'p99':>10}{'max':>10}")
    for outcome in outcomes:
        said = outcome.said
        cells = [("> " if name in said.at_least else "") + short(said.ms[name]) if name in said.ms else "-"
                 for name in (*PERCENTILES, "max")]
        print(f"{outcome.tool.name:8}{outcome.tool.told(situation.task):19}{''.join(f'{cell:>10}' for cell in cells)}"
              f"  {outcome.verdict}")
        truth = "".join(f"{short(outcome.truth[name]):>10}" for name in (*PERCENTILES, "max"))
        print(f"{'':8}{'truth':19}{truth}" + "".join(f"\n{'':8}{remark}" for remark in said.remarks))


def result_of(facts: dict, missing: list[str], measured: list[tuple[Situation, list[Outcome]]]) -> dict:
    situations = [{
        "name": situation.name, "title": situation.title, "truth_by": situation.truth_by, "settings": situation.settings,
        "task": asdict(situation.task),
        "tools": [{"tool": outcome.tool.name, "kind_of_time": outcome.tool.kind, "told": outcome.tool.told(situation.task),
                   "said_ms": outcome.said.ms, "at_least": outcome.said.at_least, "remarks": outcome.said.remarks,
                   "truth_ms": outcome.truth, "verdict": outcome.verdict} for outcome in outcomes]
    } for situation, outcomes in measured]
    return {**facts, "missing": missing, "situations": situations, "limits": LIMITS}


def parse_options() -> argparse.Namespace:
    names = [situation.name for situation in SITUATIONS]
    parser = argparse.ArgumentParser(prog="./lab bench truths",
                                     description="What load generators report, held against what is known.")
    parser.add_argument("--only", choices=names, action="append", help="one situation; may be repeated")
    parser.add_argument("--bin", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.bin = options.bin.resolve()
    options.situations = [situation for situation in SITUATIONS if not options.only or situation.name in options.only]
    return options


def measure(options, tools: list[Tool], folder: Path) -> list[tuple[Situation, list[Outcome]]]:
    measured = []
    for situation in options.situations:
        outcomes = []
        for tool in tools:
            show_progress(f"{situation.name}: {tool.name}")
            outcomes.append(measure_one(situation, tool, options.bin, folder / situation.name / tool.name))
        end_progress()
        print_situation(situation, outcomes)
        measured.append((situation, outcomes))
    return measured


def main() -> int:
    options = parse_options()
    tools = [waitlab(options.bin / "waitlab-client"), *(tool for tool in PEERS if tool.present())]

    def measured(folder: Path) -> Callable[[], None]:
        facts = facts_of({tool.name: tool.told_version(first_line) for tool in tools})
        outcomes = measure(options, tools, folder)
        return lambda: report(facts, outcomes)

    return run(measured)


def report(facts: dict, measured) -> None:
    missing = [tool.name for tool in PEERS if not tool.present()]
    print_machine(facts)
    print(f"Method    each tool alone with a fresh backend; backend on CPU {facts['machine']['server_cpu']}, tool on CPU "
          f"{facts['machine']['client_cpu']}")
    if missing:
        print(f"          not installed, so not measured: {', '.join(missing)}")
    print_doubts(facts)
    print_limits(LIMITS)
    print(f"\nWritten to {write_result('truths', result_of(facts, missing, measured))}")


if __name__ == "__main__":
    sys.exit(main())
