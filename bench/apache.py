#!/usr/bin/python3
"""Measures waitlab-server beside Apache httpd, both in front of the same slow backend: a thread for each connection beside
the MPMs worker and event, a process for each request beside prefork; in alternating pairs within one run.
"""

import argparse
import contextlib
import json
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from comparison import RATE, SERVER_CPU, Comparison, comparisons_result, print_comparisons, run_pairs
from machine import facts_of, first_line, print_doubts, print_limits, print_machine, two_cpus, write_result
from peers import BenchError, Sample, Server, Waitlab, end, free_port, start, waitlab_client, wrk
from run import run

TARGET = 1.0
PATH = "/wait"
PROGRAM = "/usr/sbin/apache2"
# Nothing that a proxy can do without. Apache does not serve as root, so that root must name a user; for others the name
# has no effect.
CONFIG = """
ServerName 127.0.0.1
ServerRoot /usr/lib/apache2
DefaultRuntimeDir {folder}
PidFile {folder}/apache.pid
ErrorLog {log}
User www-data
Group www-data
Listen 127.0.0.1:{port}
LoadModule mpm_{mpm}_module modules/mod_mpm_{mpm}.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule proxy_module modules/mod_proxy.so
LoadModule proxy_http_module modules/mod_proxy_http.so
{size}
KeepAlive On
KeepAliveTimeout 60
MaxKeepAliveRequests 0
ProxyAddHeaders Off
ProxyPass {path} http://127.0.0.1:{backend_port}/hold
"""
ONE_PROCESS = """
ServerLimit 1
StartServers 1
ThreadLimit {workers}
ThreadsPerChild {workers}
MaxRequestWorkers {workers}
MinSpareThreads 1
MaxSpareThreads {workers}
"""
PROCESSES = """
ServerLimit {workers}
StartServers {workers}
MaxRequestWorkers {workers}
MinSpareServers 1
MaxSpareServers {workers}
"""
LIMITS = (
    "Apache passes on what the backend says (mod_proxy_http), waitlab calls",
    "it and answers in its own words: the same request reaches the backend,",
    "and both keep connections to it and to the client open; but under",
    "process-per-request each process calls anew and serves one request,",
    "where one of prefork's has served many. waitlab counts and times each",
    "request; Apache is given no log and no module that a proxy can do",
    "without. CPU is user + system time of all processes of the server,",
    "those that have ended included. Client and backend share a CPU: where",
    "they are the slower side, requests/s says more of them.",
)


@dataclass(frozen=True)
class Match:
    """A strategy and the MPM that it is held against. `size_key` bounds what the strategy serves at once."""

    mpm: str
    size: str
    strategy: str
    size_key: str


MATCHES = (
    Match("worker", ONE_PROCESS, "thread-per-connection", "max_threads"),
    Match("event", ONE_PROCESS, "thread-per-connection", "max_threads"),
    Match("prefork", PROCESSES, "process-per-request", "max_processes"),
)


def workers(connections: int) -> int:
    """Of both sides: an eighth more than connections. Where all of its workers are busy, the event MPM closes connections
    that are idle at that moment, and wrk counts that as failures.
    """
    return connections + connections // 8 + 1


class Apache(Server):
    def __init__(self, options, folder: Path, match: Match, backend: Server, cpu: int) -> None:
        self.port = free_port()
        self.log = folder / "apache.log"
        config = folder / "apache.conf"
        size = match.size.format(workers=workers(options.connections))
        config.write_text(CONFIG.format(folder=folder, log=self.log, port=self.port, mpm=match.mpm, path=PATH, size=size,
                                        backend_port=backend.port))
        self.process = start([PROGRAM, "-D", "FOREGROUND", "-f", str(config)], cpu)
        try:
            self.wait_until_ready()
        except BaseException:
            end(self.process)
            raise

    def wait_until_ready(self) -> None:
        for _ in range(500):
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                if self.get(PATH).startswith(b"HTTP/1.1 200 "):
                    return
            time.sleep(0.01)
        said = self.log.read_text().strip() if self.log.exists() else ""
        raise BenchError(f"Apache did not begin to answer: {said[-500:] or 'it said nothing'}")


def waitlab(options, folder: Path, match: Match, backend: Server, cpu: int) -> Waitlab:
    size = f"strategies.{match.strategy}.{match.size_key}={workers(options.connections)}"
    settings = (f"strategy={match.strategy}", size, "admin.port=0", "backend.mode=remote",
                f"backend.address=127.0.0.1:{backend.port}")
    return Waitlab(options.bin / "waitlab-server", folder, settings, cpu)


def at_rate(options, server: Server, cpu: int, folder: Path) -> Sample:
    """An open loop: both sides have the same requests at the same times to answer."""
    flags = ["-R", str(options.rate), "--max-connections", str(options.connections)]
    return waitlab_client(options.bin / "waitlab-client", server, flags, options.seconds, cpu, folder, PATH)


def come_to_rest(admin_port: int) -> None:
    """Waits until the server has none of the requests left that its last client went away from: a process that is still to
    be forked for one would be missing for the next.
    """
    for _ in range(200):
        with urllib.request.urlopen(f"http://127.0.0.1:{admin_port}/status", timeout=10) as status:
            if json.load(status)["requests"]["in_flight"] == 0:
                return
        time.sleep(0.05)
    raise BenchError("the server still had requests 10 s after its client had gone")


def compare(options, match: Match, ours: Waitlab, peer: Server, client_cpu: int, folder: Path) -> list[Comparison]:
    admin_port = ours.announced_admin_port()

    def pairs_of(title: str, sample: Callable[[Server], Sample]) -> list[tuple[Sample, Sample]]:
        def our_sample() -> Sample:
            come_to_rest(admin_port)
            return sample(ours)

        return run_pairs(title, options.pairs, our_sample, lambda: sample(peer))

    sides = f"{match.strategy} beside Apache's {match.mpm}"
    full, steady = f"{sides}, {options.connections} connections", f"{sides}, {options.rate}/s"
    at_full = pairs_of(full, lambda server: wrk(server, options.connections, options.seconds, client_cpu, path=PATH))
    steadily = pairs_of(steady, lambda server: at_rate(options, server, client_cpu, folder))
    return [Comparison(full, "Apache", (RATE,), TARGET, at_full), Comparison(steady, "Apache", (SERVER_CPU,), TARGET, steadily)]


def measure(options, folder: Path) -> list[Comparison]:
    server_cpu, client_cpu = two_cpus()
    hold = ("profile.delay.distribution=fixed", f"profile.delay.value={options.hold}")
    comparisons = []
    with Waitlab(options.bin / "waitlab-backend", folder, hold, client_cpu) as backend:
        for match in MATCHES:
            if options.only in (None, match.mpm):
                with (waitlab(options, folder, match, backend, server_cpu) as ours,
                      Apache(options, folder, match, backend, server_cpu) as peer):
                    comparisons += compare(options, match, ours, peer, client_cpu, folder)
    return comparisons


def report(facts: dict, options, comparisons: list[Comparison]) -> None:
    print_comparisons(comparisons)
    print(f"\nA ratio above 1 means that waitlab is the worse. Target {TARGET} or less.")
    told = facts["machine"]
    print_machine(facts)
    print(f"Method    {options.pairs} pairs, {options.seconds} s a side, in alternating order; medians; /wait, held for\n"
          f"          {options.hold} by the backend; at most {workers(options.connections)} workers on either side; server on CPU\n"
          f"          {told['server_cpu']}, client and backend on CPU {told['client_cpu']}")
    print_doubts(facts)
    print_limits(LIMITS)
    result = {**facts, "hold": options.hold, "connections": options.connections, "rate": options.rate,
              **comparisons_result(comparisons), "limits": LIMITS}
    print(f"\nWritten to {write_result('apache', result)}")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./lab bench apache", description="waitlab-server beside Apache httpd.")
    parser.add_argument("--pairs", type=int, default=5, help="measured pairs of each comparison (5)")
    parser.add_argument("--seconds", type=int, default=3, help="how long one side of a pair is loaded (3)")
    parser.add_argument("--connections", type=int, default=256, help="of the closed loop; workers for as many and an eighth more (256)")
    parser.add_argument("--rate", type=int, default=500, help="requests a second at which CPU is compared (500)")
    parser.add_argument("--hold", default="10ms", help="how long the backend holds each request (10ms)")
    parser.add_argument("--only", choices=[match.mpm for match in MATCHES], help="beside this MPM only")
    parser.add_argument("--bin", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if min(options.pairs, options.seconds, options.rate) < 1 or not 1 <= options.connections <= 1000:
        parser.error("--pairs, --seconds and --rate must be at least 1, --connections from 1 to 1000")
    options.bin = options.bin.resolve()
    return options


def main() -> int:
    options = parse_options()

    def measured(folder: Path) -> Callable[[], None]:
        facts = facts_of({"waitlab": first_line([str(options.bin / "waitlab-server"), "--version"]),
                          "apache": first_line([PROGRAM, "-v"]).removeprefix("Server version: "),
                          "wrk": first_line(["wrk", "-v"]).partition(" Copyright")[0]})
        comparisons = measure(options, folder)
        return lambda: report(facts, options, comparisons)

    return run(measured)


if __name__ == "__main__":
    sys.exit(main())
