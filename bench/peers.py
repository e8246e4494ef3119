"""The programs that are measured and those they are measured against: starting, loading and ending them."""

import contextlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

NGINX_CONFIG = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    default_type text/plain;
    location / {{ return 200 "{body}"; }}
  }}
}}
"""


class BenchError(Exception):
    """Why nothing could be measured: one line."""


def start(command: list[str], *cpus: int, **options) -> subprocess.Popen:
    """Starts a program on these CPUs. In a session of its own, so that Ctrl-C reaches this script alone, which ends it."""
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True,
                            preexec_fn=lambda: os.sched_setaffinity(0, cpus), **options)


def end(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def cpu_ns(pid: int) -> int:
    """CPU time a process has used, ended threads included, from the kernel's own clock of it (man clock_getcpuclockid)."""
    return time.clock_gettime_ns((~pid << 3) | 2)


def ended_children_cpu_ns(pid: int) -> int:
    """CPU time of the children that a process has had and waited for, in steps of the clock's tick (10 ms)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) * 1_000_000_000 // os.sysconf("SC_CLK_TCK")


def process_tree(root: int) -> list[int]:
    """A process and all that it started, directly or not, and that still run."""
    found = [root]
    for pid in found:
        with contextlib.suppress(OSError):
            for task in list(Path(f"/proc/{pid}/task").iterdir()):
                with contextlib.suppress(OSError):  # a thread that has ended meanwhile
                    found += map(int, (task / "children").read_text().split())
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Server:
    """A server that runs as long as the `with` block."""

    process: subprocess.Popen
    port: int

    @property
    def pid(self) -> int:
        return self.process.pid

    def cpu_ns(self) -> int:
        """CPU time that all its processes have used, ended threads and processes included."""
        used = 0
        for pid in process_tree(self.pid):
            with contextlib.suppress(OSError):  # it has ended: its parent's ended children have its time
                used += cpu_ns(pid) + ended_children_cpu_ns(pid)
        return used

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_) -> None:
        end(self.process)

    def url(self, path: str = "/plain") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path: str = "/plain") -> bytes:
        """The whole response to one request."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def body(self) -> bytes:
        return self.get().partition(b"\r\n\r\n")[2]


class Waitlab(Server):
    """One of waitlab's own programs, which says on stdout where it listens."""

    def __init__(self, binary: Path, folder: Path, settings: tuple[str, ...], *cpus: int) -> None:
        self.name = binary.name
        self.log = folder / f"{self.name}.log"
        command = [str(binary)] + [word for setting in ("listen.port=0", *settings) for word in ("--set", setting)]
        with self.log.open("w") as log:
            self.process = start(command, *cpus, stdout=subprocess.PIPE, stderr=log)
        try:
            self.port = self.announced_port()
        except BaseException:
            end(self.process)
            raise

    def announced_admin_port(self) -> int:
        """From the line after the one with the port."""
        if not (found := re.search(r"admin on \S+:(\d+)", self.process.stdout.readline().decode())):
            raise BenchError(f"{self.name} did not say where its admin listener is")
        return int(found[1])

    def announced_port(self) -> int:
        ready, _, _ = select.select([self.process.stdout], [], [], 10)
        line = self.process.stdout.readline().decode() if ready else ""
        if not (found := re.search(r"listening on \S+:(\d+) ", line)):
            said = line.strip() or self.log.read_text().strip() or "nothing"
            raise BenchError(f"{self.name} did not say where it listens, but: {said}")
        return int(found[1])


def waitlab_server(binaries: Path, folder: Path, cpu: int) -> Waitlab:
    return Waitlab(binaries / "waitlab-server", folder, ("strategy=event-loop", "admin.port=0", "backend.mode=timer"), cpu)


class Nginx(Server):
    def __init__(self, folder: Path, body: bytes, cpu: int) -> None:
        self.port = free_port()
        config = folder / "nginx.conf"
        config.write_text(NGINX_CONFIG.format(folder=folder, port=self.port, body="x" * len(body)))
        self.process = start(["/usr/sbin/nginx", "-p", str(folder), "-e", f"{folder}/error.log", "-c", str(config)], cpu)
        try:
            self.wait_until_ready(folder / "error.log")
        except BaseException:
            end(self.process)
            raise

    def wait_until_ready(self, log: Path) -> None:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for _ in range(500):
            if self.process.poll() is not None:
                raise BenchError(f"nginx did not start: {log.read_text().strip()}")
            if children.read_text().split():
                return
            time.sleep(0.01)
        raise BenchError("nginx started no worker within 5 s")


@dataclass(frozen=True)
class Sample:
    """What one load of one server showed."""

    requests: int
    rate: float  # requests a second
    client_cpu_us: float  # a request
    server_cpu_us: float  # a request


def load(command: list[str], cpus: tuple[int, ...], server: Server, read_output, good_codes: tuple[int, ...] = (0,)) -> Sample:
    """Runs a load generator to its end; `read_output` takes (requests, rate) from what it printed."""
    before = server.cpu_ns()
    process = start(command, *cpus, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        end(process)
    used = server.cpu_ns() - before
    if process.returncode not in good_codes:
        raise BenchError(f"{command[0]} failed with exit code {process.returncode}: {printed.strip()[-500:]}")
    requests, rate = read_output(printed)
    return Sample(requests, rate, (usage.ru_utime + usage.ru_stime) * 1e6 / requests, used / 1e3 / requests)


def wrk(server: Server, connections: int, seconds: int, *cpus: int, path: str = "/plain") -> Sample:
    """A closed loop, by a thread for each of these CPUs. One response may take longer than the 2 s after which wrk would
    count a failure: a server that is short of CPU is slow, and the rate tells so.
    """
    def read_output(printed: str) -> tuple[int, float]:
        count = re.search(r"(\d+) requests in", printed)
        rate = re.search(r"Requests/sec:\s+([\d.]+)", printed)
        if not count or not rate or int(count[1]) == 0 or "Non-2xx" in printed or "Socket errors" in printed:
            raise BenchError(f"wrk saw failures, which would flatter whoever failed: {printed.strip()}")
        return int(count[1]), float(rate[1])

    command = ["wrk", f"-t{len(cpus)}", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", server.url(path)]
    return load(command, cpus, server, read_output)


def every_output(folder: Path) -> list[str]:
    """The flags that have waitlab-client write all it can. The rows of the requests go nowhere: a disk is not measured."""
    return ["--csv", "/dev/null", "--hdr-log", str(folder / "client.hlog"), "--hgrm", str(folder / "client.hgrm"),
            "--prometheus", str(folder / "client.prom")]


def waitlab_client(binary: Path, server: Server, flags: list[str], seconds: int, cpu: int, folder: Path,
                   path: str = "/plain") -> Sample:
    """A load by one thread; `flags` say of what kind."""
    result = folder / "client.json"

    def read_output(_: str) -> tuple[int, float]:
        told = json.loads(result.read_text())
        requests = told["requests"]
        if requests["completed"] == 0 or requests["failed"] or requests["timed_out"]:
            raise BenchError(f"waitlab-client saw failures: {json.dumps(requests)}")
        return requests["completed"], told["rate"]["achieved"]

    command = [str(binary), "run", "-t", "1", "-d", f"{seconds}s", "--quiet", "--json", str(result), *flags, server.url(path)]
    # 3: it doubts its latencies, as it should with its CPU busy to the brim; requests and CPU are counted all the same
    return load(command, (cpu,), server, read_output, good_codes=(0, 3))
