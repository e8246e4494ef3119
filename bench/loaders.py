"""The load generators whose figures are held against known truths: how each is told what to do, and what it says."""

import json
import math
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from peers import end, start

PERCENTILES = ("p50", "p90", "p99")
UNITS_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Task:
    """What every tool is asked to do, as far as it can be."""

    rate: int  # requests a second; those that know no rate send as fast as their connections are answered
    connections: int
    requests: int  # at the rate; those that know no rate run for as long as these take
    timeout_s: int

    @property
    def seconds(self) -> int:
        return self.requests // self.rate

    @property
    def rate_each(self) -> str:
        return f"{self.rate / self.connections:g}"


@dataclass
class Said:
    """What a tool reported: milliseconds by name (p50, p90, p99, max), those it gave."""

    ms: dict[str, float] = field(default_factory=dict)
    at_least: list[str] = field(default_factory=list)  # of these it said that they are lower bounds
    remarks: list[str] = field(default_factory=list)
    refused: bool = False  # it says itself that its figures must not be trusted


@dataclass(frozen=True)
class Tool:
    name: str
    program: str
    kind: str  # of time: from when it counts
    told: Callable[[Task], str]
    command: Callable[[Task, str, Path], list[str]]
    read: Callable[[str, Path], Said]
    version: tuple[str, ...] = ()  # what asks for it

    def told_version(self, first_line: Callable[[list[str]], str]) -> str:
        return first_line(list(self.version)).partition(" Copyright")[0] if self.version else self.name

    def present(self) -> bool:
        return shutil.which(self.program) is not None

    def run(self, task: Task, url: str, folder: Path, cpu: int, meanwhile: Callable[[], None]) -> Said:
        """Runs it to its end; `meanwhile` is called as soon as it has started, and may take its time."""
        process = start(self.command(task, url, folder), cpu, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            meanwhile()
            printed, _ = process.communicate(timeout=task.seconds * 3 + task.timeout_s + 30)
        except subprocess.TimeoutExpired:
            return Said(remarks=["did not end"])
        finally:
            end(process)
        said = self.read(printed, folder)
        if not said.ms and not said.remarks:
            said.remarks.append(f"said: {(printed.strip().splitlines() or ['nothing'])[-1][:60]}")
        return said


def nearest_rank(ascending: list[float], share: float) -> float:
    return ascending[max(0, math.ceil(share * len(ascending) - 1e-9) - 1)]


def percentiles(values: list[float]) -> dict[str, float]:
    """By nearest rank."""
    ascending = sorted(values)
    return {"p50": nearest_rank(ascending, 0.5), "p90": nearest_rank(ascending, 0.9), "p99": nearest_rank(ascending, 0.99),
            "max": ascending[-1]}


def read_waitlab(_: str, folder: Path) -> Said:
    file = folder / "waitlab.json"
    if not file.exists():
        return Said()
    told = json.loads(file.read_text())
    times = told["response_time_us"]
    said = Said({name: times[name] / 1e3 for name in (*PERCENTILES, "max") if times[name] is not None},
                times.get("at_least", []))
    if told["requests"]["timed_out"]:
        said.remarks.append(f"{told['requests']['timed_out']} of {told['requests']['sent']} timed out")
    said.refused = not told["valid"]
    if said.refused:
        said.remarks.append(f"INVALID: {told['invalid_because'][0].split(':')[0]}")
    return said


def read_wrk(printed: str, _: Path) -> Said:
    said = Said()
    for share, figure, unit in re.findall(r"^\s+(50|90|99)%\s+([\d.]+)(us|ms|s|m)\s*$", printed, re.MULTILINE):
        said.ms[f"p{share}"] = float(figure) * UNITS_MS[unit]
    if most := re.search(r"Latency\s+\S+\s+\S+\s+([\d.]+)(us|ms|s|m)\s", printed):
        said.ms["max"] = float(most[1]) * UNITS_MS[most[2]]
    if errors := re.search(r"Socket errors: .*timeout (\d+)", printed):
        said.remarks.append(f"{errors[1]} timeouts beside the figures")
    return said


def read_hey(printed: str, _: Path) -> Said:
    said = Said()
    for share, figure in re.findall(r"^\s+(50|90|99)%+ in ([\d.]+) secs", printed, re.MULTILINE):
        said.ms[f"p{share}"] = float(figure) * 1e3
    if most := re.search(r"Slowest:\s+([\d.]+) secs", printed):
        said.ms["max"] = float(most[1]) * 1e3
    if errors := sum(int(count) for count in re.findall(r"^\s+\[(\d+)\]\s+(?:Get|Post) ", printed, re.MULTILINE)):
        said.remarks.append(f"{errors} errors beside the figures")
    return said


def read_ab(printed: str, _: Path) -> Said:
    said = Said()
    for share, figure in re.findall(r"^\s+(50|90|99|100)%\s+(\d+)", printed, re.MULTILINE):
        said.ms["max" if share == "100" else f"p{share}"] = float(figure)
    if "timeout specified has expired" in printed:
        said.remarks.append("gave up at the first time-out")
    return said


def read_h2load(_: str, folder: Path) -> Said:
    """It prints no percentiles, but writes what it measured of each request to a log."""
    log = folder / "h2load.log"
    rows = [line.split("\t") for line in log.read_text().splitlines()] if log.exists() else []
    good = [int(took) / 1e3 for _, status, took in rows if status.startswith("2")]
    said = Said(percentiles(good) if good else {})
    if failed := len(rows) - len(good):
        said.remarks.append(f"{failed} failed, left out of the figures")
    return said


def waitlab(binary: Path) -> Tool:
    def command(task: Task, url: str, folder: Path) -> list[str]:
        return [str(binary), "run", "-R", str(task.rate), "-n", str(task.requests), "--max-connections",
                str(task.connections), "--timeout", f"{task.timeout_s}s", "--quiet", "--json", str(folder / "waitlab.json"),
                url]

    return Tool("waitlab", str(binary), "response", lambda task: f"{task.rate}/s, cap {task.connections}", command,
                read_waitlab, (str(binary), "--version"))


PEERS = (
    Tool("wrk", "wrk", "service", lambda task: f"{task.connections} connections",
         lambda task, url, _: ["wrk", "--latency", "-t1", f"-c{task.connections}", f"-d{task.seconds}s", "--timeout",
                               f"{task.timeout_s}s", url], read_wrk, ("wrk", "-v")),
    Tool("hey", "hey", "service", lambda task: f"{task.connections} x {task.rate_each}/s",
         lambda task, url, _: ["hey", "-n", str(task.requests), "-c", str(task.connections), "-q", task.rate_each, "-t",
                               str(task.timeout_s), url], read_hey),
    Tool("ab", "ab", "service", lambda task: f"{task.connections} connections",
         lambda task, url, _: ["ab", "-q", "-k", "-l", "-c", str(task.connections), "-s", str(task.timeout_s), "-t",
                               str(task.seconds), "-n", "1000000", url], read_ab, ("ab", "-V")),
    Tool("h2load", "h2load", "service", lambda task: f"{task.connections} x {task.rate_each}/s",
         lambda task, url, folder: ["h2load", "--h1", "-t1", "-c", str(task.connections), "-n", str(task.requests), "--rps",
                                    task.rate_each, "-N", f"{task.timeout_s}s", f"--log-file={folder / 'h2load.log'}", url],
         read_h2load, ("h2load", "--version")),
)
