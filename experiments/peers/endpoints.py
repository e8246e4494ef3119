"""The endpoints, without sockets and the same for all strategies: an endpoint returns its answer, or a Hold, the one
call to the slow backend that its answer has to wait for. How to wait for that is all that a strategy decides."""

import json
import os
import platform
import re
import sys
import sysconfig
import time
from dataclasses import dataclass
from typing import Callable
from urllib.parse import unquote

from http_messages import Answer, Problem, Request

NANOSECONDS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
DURATION = re.compile(r"(\d{1,12})(?:\.(\d{1,9}))?(ns|us|ms|s|m|h)", re.ASCII)

MOST_WORK_NS = 10 * NANOSECONDS["s"]
MOST_DELAY_NS = 1 * NANOSECONDS["m"]
DEFAULT_WORK_NS = 2 * NANOSECONDS["ms"]
ROUNDS_BETWEEN_LOOKS = 50  # a few microseconds: the clock is a system call

METHODS = "GET, HEAD"


@dataclass(slots=True)
class Hold:
    """A call to the backend, on behalf of `route`, which with the request id determines how long it takes."""

    route: str
    request_id: str
    delay_ns: int | None  # instead of what the backend would draw


@dataclass(slots=True)
class Facts:
    """What is to be known of this server."""

    strategy: str
    workers: int | None  # threads or processes; None where the strategy has no number of them


def gil_enabled() -> bool:
    """Whether a global lock lets only one thread of this process run Python at a time. Before 3.13 it always does."""
    ask: Callable[[], bool] | None = getattr(sys, "_is_gil_enabled", None)
    return ask is None or ask()


def describe(facts: Facts) -> dict[str, object]:
    """What GET /status tells, of the process that answers it."""
    return {"program": "python_server", "implementation": platform.python_implementation(),
            "version": platform.python_version(), "gil_enabled": gil_enabled(),
            "free_threaded_build": sysconfig.get_config_var("Py_GIL_DISABLED") == 1,
            "switch_interval_ms": sys.getswitchinterval() * 1000, "strategy": facts.strategy,
            "workers": facts.workers, "pid": os.getpid()}


def burn_cpu(work_ns: int) -> None:
    """Burns that much CPU time of the calling thread, in Python. CPU time, not wall time, as the C++ server does: a
    thread that waits for a CPU or for the GIL meanwhile has as much left to do as before."""
    end = time.thread_time_ns() + work_ns
    sink = 0
    while time.thread_time_ns() < end:
        for _ in range(ROUNDS_BETWEEN_LOOKS):
            sink = (sink * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF


def parse_duration(text: str) -> int:
    """Nanoseconds. Raises ValueError, which says what is wrong."""
    found = DURATION.fullmatch(text)
    if not found:
        raise ValueError(f'"{text:.40}" is not a duration; write for example "50ms"')
    unit = NANOSECONDS[found[3]]
    decimals = found[2] or "0"
    fraction, rest = divmod(int(decimals) * unit, 10**len(decimals))
    if rest:
        raise ValueError(f'"{text:.40}" is not a whole number of ns; write for example "50ms"')
    return int(found[1]) * unit + fraction


def parameters(query: str, known: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = (unquote(part) for part in pair.partition("="))
        if name not in known:
            raise Problem(400, f"unknown parameter '{name}'; known here: {', '.join(known) or 'none'}")
        if name in values:
            raise Problem(400, f"parameter '{name}': is given twice")
        values[name] = value
    return values


def duration_of(query: str, name: str, most_ns: int) -> int | None:
    text = parameters(query, (name,)).get(name)
    if text is None:
        return None
    try:
        value = parse_duration(text)
    except ValueError as error:
        raise Problem(400, f"parameter '{name}': {error}") from None
    if value > most_ns:
        raise Problem(400, f"parameter '{name}': {text} is more than {most_ns // NANOSECONDS['s']}s")
    return value


class Endpoints:
    """The routing table. Safe to use from any thread: it does not change."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._routes: dict[str, Callable[[Request, str], Answer | Hold]] = {
            "/plain": self._plain, "/wait": self._wait, "/cpu": self._cpu, "/status": self._status,
            "/healthz": self._healthz}

    def begin(self, request: Request) -> Answer | Hold:
        """Raises a Problem."""
        path, _, query = request.target.partition("?")
        route = self._routes.get(path)
        if route is None:
            raise Problem(404, f"no such endpoint: {path}")
        if request.method not in ("GET", "HEAD"):
            raise Problem(405, f"allowed here: {METHODS}", METHODS)
        return route(request, query)

    @staticmethod
    def held() -> Answer:
        """The answer once the backend has answered a Hold."""
        return Answer(200, b"waited\n")

    def _plain(self, _: Request, query: str) -> Answer:
        return Answer(200, b"plain\n")

    def _wait(self, request: Request, query: str) -> Hold:
        return Hold("/wait", request.request_id, duration_of(query, "delay", MOST_DELAY_NS))

    def _cpu(self, _: Request, query: str) -> Answer:
        work = duration_of(query, "work", MOST_WORK_NS)
        burn_cpu(DEFAULT_WORK_NS if work is None else work)
        return Answer(200, b"worked\n")

    def _status(self, _: Request, query: str) -> Answer:
        return Answer(200, json.dumps(describe(self._facts)).encode() + b"\n", "application/json")

    def _healthz(self, _: Request, query: str) -> Answer:
        return Answer(200, b"ok\n")
