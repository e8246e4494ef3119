#!/usr/bin/python3
"""Measures what Docker itself costs: the same server and the same load, with and without Docker's networks between.

The ways to the server take turns within each round, so that whatever drifts on the machine meets all of them; each is
told as a ratio to no Docker at all within its round.
"""

import argparse
import json
import statistics
import subprocess
import sys
import uuid
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Callable

from machine import facts_of, first_line, print_doubts, print_limits, print_machine, two_cpus, write_result
from peers import BenchError, Waitlab, cpu_ns, end, start, waitlab_server
from progress import end_progress, show_progress
from run import run

PORT = 8080
SETTINGS = ("--set", "backend.mode=timer", "--set", "strategy=event-loop", "--set", "admin.port=0")
CLOSED_LOOP = ("-c", "64", "--warmup", "1s")
OPEN_LOOP = ("-R", "2000", "--arrivals", "poisson", "--warmup", "0s")
LIMITS = (
    "/plain, a tiny body: all of its time is network and server, none is",
    "waiting. What Docker adds to a request is the same for one that waits",
    "50 ms, and is then lost in it.",
    "CPU is that of the server's process, the client's threads and, for the",
    "published port, Docker's proxy, by the kernel's clocks of them; what the",
    "kernel does for none of them is not seen.",
    "One machine: no network card, no other host. Docker's own settings are",
    "as they are here; without its userland proxy, or from another host, a",
    "published port goes through the kernel's NAT instead.",
)


@dataclass(frozen=True)
class Sample:
    """What one way to the server showed in one round."""

    rate: float  # requests a second, 64 connections, as fast as they go
    p50_us: float  # response time at 2,000/s
    p99_us: float
    server_cpu_us: float  # a request at 2,000/s
    client_cpu_us: float
    proxy_cpu_us: float

    @property
    def cpu_us(self) -> float:
        return self.server_cpu_us + self.client_cpu_us + self.proxy_cpu_us


FIGURES = (("requests/s", "rate", 0), ("p50 us", "p50_us", 0), ("p99 us", "p99_us", 0), ("CPU us/rq", "cpu_us", 1))


@dataclass(frozen=True)
class Way:
    """How a client reaches the server."""

    title: str
    client: list[str]  # the command up to the client's own words
    url: str
    server: int  # process ids
    proxy: int | None = None


def docker(*words: str) -> str:
    done = subprocess.run(["docker", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise BenchError(f"docker {words[0]}: {(done.stderr or done.stdout).strip()}")
    return done.stdout.strip()


class Containers:
    """The server in two containers, one with a network of its own and one with the host's. Gone when the block ends."""

    def __init__(self, image: str, server_cpu: int, host_port: int) -> None:
        self.name = f"waitlab-bench-{uuid.uuid4().hex[:8]}"
        self.own, self.on_host = f"{self.name}-own", f"{self.name}-host"
        self.image, self.server_cpu, self.host_port = image, server_cpu, host_port
        self.stack = ExitStack()

    def __enter__(self) -> "Containers":
        try:
            docker("network", "create", self.name)
            self.stack.callback(docker, "network", "rm", self.name)
            self.run(self.own, "--network", self.name, "--publish", f"127.0.0.1::{PORT}")
            self.run(self.on_host, "--network", "host", words=("--set", f"listen.port={self.host_port}"))
            self.published = int(docker("port", self.own, str(PORT)).rpartition(":")[2])
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *_) -> None:
        self.stack.close()

    def run(self, name: str, *flags: str, words: tuple[str, ...] = ()) -> None:
        docker("run", "--detach", "--name", name, "--cpuset-cpus", str(self.server_cpu), *flags, self.image, *SETTINGS, *words)
        self.stack.callback(docker, "rm", "--force", name)

    @staticmethod
    def pid(name: str) -> int:
        return int(docker("inspect", "--format", "{{.State.Pid}}", name))

    def proxy(self) -> int | None:
        """The process that Docker forwards the published port with; none if it leaves that to the kernel."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_text().split("\0")
            except OSError:
                continue
            if words[0].endswith("docker-proxy") and str(self.published) in words:
                return int(folder.name)
        return None

    def client(self, network: str, cpu: int) -> list[str]:
        return ["docker", "run", "--rm", "--network", network, "--cpuset-cpus", str(cpu), "--entrypoint", "waitlab-client",
                self.image]


def ways(options, server: Waitlab, containers: Containers, client_cpu: int) -> list[Way]:
    bare, own = [str(options.bin / "waitlab-client")], containers.pid(containers.own)
    return [
        Way("no Docker", bare, server.url(), server.pid),
        Way("host network", containers.client("host", client_cpu), f"http://127.0.0.1:{containers.host_port}/plain",
            containers.pid(containers.on_host)),
        Way("same container's network", containers.client(f"container:{containers.own}", client_cpu),
            f"http://127.0.0.1:{PORT}/plain", own),
        Way("bridge", containers.client(containers.name, client_cpu), f"http://{containers.own}:{PORT}/plain", own),
        Way("published port", bare, f"http://127.0.0.1:{containers.published}/plain", own, containers.proxy()),
    ]


def load(way: Way, words: tuple[str, ...], seconds: int, cpu: int) -> dict:
    command = [*way.client, "run", *words, "-t", "1", "-d", f"{seconds}s", "--quiet", "--json", "-", way.url]
    process = start(command, cpu, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        printed, said = process.communicate(timeout=seconds + 60)
    except subprocess.TimeoutExpired as error:
        raise BenchError(f"{way.title}: the client did not end") from error
    finally:
        end(process)
    if process.returncode not in (0, 3):  # 3: it doubts latencies, as it should with its CPU busy to the brim
        raise BenchError(f"{way.title}: the client failed with exit code {process.returncode}: {said.strip()[-500:]}")
    told = json.loads(printed)
    requests = told["requests"]
    if requests["completed"] == 0 or requests["failed"] or requests["timed_out"]:
        raise BenchError(f"{way.title}: the client saw failures: {json.dumps(requests)}")
    return told


def measure_once(way: Way, seconds: int, cpu: int) -> Sample:
    rate = load(way, CLOSED_LOOP, seconds, cpu)["rate"]["achieved"]
    pids = (way.server, way.proxy)
    before = [cpu_ns(pid) if pid else 0 for pid in pids]
    told = load(way, OPEN_LOOP, seconds, cpu)
    server, proxy = ((cpu_ns(pid) - then) / 1e3 if pid else 0.0 for pid, then in zip(pids, before))
    client = sum(thread["cpu_share"] * thread["span_s"] for thread in told["client"]["threads"]) * 1e6
    requests, times = told["requests"]["completed"], told["response_time_us"]
    return Sample(rate, times["p50"], times["p99"], server / requests, client / requests, proxy / requests)


def measure(options, folder: Path) -> dict[str, list[Sample]]:
    server_cpu, client_cpu = two_cpus()
    samples: dict[str, list[Sample]] = {}
    with waitlab_server(options.bin, folder, server_cpu) as server:
        with Containers(options.image, server_cpu, options.host_port) as containers:
            for number in range(options.rounds + 1):  # the first one warms up
                for way in ways(options, server, containers, client_cpu):
                    told = f"round {number} of {options.rounds}" if number else "warming up"
                    show_progress(f"{told}: {way.title}")
                    sample = measure_once(way, options.seconds, client_cpu)
                    samples.setdefault(way.title, []).extend([sample] if number else [])
    end_progress()
    return samples


def ratio(samples: list[Sample], bare: list[Sample], read: Callable[[Sample], float]) -> float:
    return statistics.median(read(one) / read(other) for one, other in zip(samples, bare))


def summary(samples: dict[str, list[Sample]]) -> list[dict]:
    bare = next(iter(samples.values()))
    rows = []
    for title, taken in samples.items():
        row: dict = {"way": title}
        for _, field, _ in FIGURES:
            def read(sample: Sample, field=field) -> float:
                return getattr(sample, field)
            row[field] = {"median": statistics.median(map(read, taken)), "ratio": ratio(taken, bare, read)}
        rows.append(row)
    return rows


def print_table(rows: list[dict]) -> None:
    print(f"\n{'':24}" + "".join(f"{name:>10}{'':>4}" for name, _, _ in FIGURES).rstrip())
    for row in rows:
        cells = "".join(f"{row[field]['median']:>8,.{digits}f}{row[field]['ratio']:>5.2f}x" for _, field, digits in FIGURES)
        print(f"{row['way']:24}{cells}")


def print_method(facts: dict, options) -> None:
    told = facts["machine"]
    print_machine(facts)
    print(f"Method    {options.rounds} rounds, {options.seconds} s for each load; medians; x: the median of each\n"
          "          round's ratio to no Docker;\n"
          f"          server on CPU {told['server_cpu']}, client on CPU {told['client_cpu']}, Docker's proxy on any;\n"
          "          requests/s: 64 connections as fast as they go; the rest: Poisson\n"
          "          arrivals at 2,000/s")
    print_doubts(facts)
    print_limits(LIMITS)


def report(facts: dict, options, samples: dict[str, list[Sample]]) -> None:
    rows = summary(samples)
    print_table(rows)
    print_method(facts, options)
    rounds = {title: [asdict(sample) for sample in taken] for title, taken in samples.items()}
    print(f"\nWritten to {write_result('docker-cost', {**facts, 'summary': rows, 'rounds': rounds, 'limits': LIMITS})}")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./lab bench docker", description="What Docker's networks cost, held against no "
                                     "Docker at all.")
    parser.add_argument("--rounds", type=int, default=5, help="measured rounds (5)")
    parser.add_argument("--seconds", type=int, default=3, help="how long each load lasts (3)")
    parser.add_argument("--host-port", type=int, default=18080, help="free port for the container on the host's network (18080)")
    parser.add_argument("--image", default="waitlab", help="the image to run (waitlab)")
    parser.add_argument("--bin", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rounds < 1 or options.seconds < 1:
        parser.error("--rounds and --seconds must be at least 1")
    options.bin = options.bin.resolve()
    return options


def main() -> int:
    options = parse_options()

    def measured(folder: Path) -> Callable[[], None]:
        facts = facts_of({"waitlab": first_line([str(options.bin / "waitlab-server"), "--version"]),
                          "docker": "Docker " + docker("version", "--format", "{{.Server.Version}}")})
        samples = measure(options, folder)
        return lambda: report(facts, options, samples)

    return run(measured)


if __name__ == "__main__":
    sys.exit(main())
