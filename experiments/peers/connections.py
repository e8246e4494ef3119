"""What the strategies share: what a server is made of, how it is told to stop, and what becomes of its connections."""

import signal
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Protocol

from backend import BlockingBackend, Place
from endpoints import Endpoints, Facts, Hold
from http_messages import Answer, Problem, Request, RequestReader, Timing, encode, problem_answer

KEEP_ALIVE_S = 60.0
HEADER_S = 10.0  # for a request to arrive, once it has begun
FAREWELL_S = 1.0  # for a client to read its last answer
READ_BYTES = 64 * 1024
BACKLOG = 1024


@dataclass(slots=True)
class Settings:
    """What the command line says."""

    facts: Facts
    backend: Place | None
    grace_s: float

    def announce(self, listener: socket.socket, interpreter: str) -> None:
        """Says on stdout that connections are welcome, and where."""
        host, port = listener.getsockname()[:2]
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        print(f"listening on {place} ({self.facts.strategy}, {interpreter})", flush=True)


class Signals:
    """SIGTERM and SIGINT, each as a byte that can be read from `fileno()`: whoever waits there waits for sockets as
    well. `poke` has a thread wake up whoever does. A context of the main thread."""

    def __init__(self, *numbers: signal.Signals) -> None:
        self._numbers = numbers or (signal.SIGTERM, signal.SIGINT)
        self._out, self._in = socket.socketpair()
        for end in (self._out, self._in):
            end.setblocking(False)

    def __enter__(self) -> "Signals":
        signal.set_wakeup_fd(self._in.fileno(), warn_on_full_buffer=False)
        for number in self._numbers:
            signal.signal(number, lambda *_: None)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(-1)

    def fileno(self) -> int:
        return self._out.fileno()

    def poke(self) -> None:
        try:
            self._in.send(b"\0")
        except BlockingIOError:
            pass  # enough is there to wake up for

    def told(self) -> int:
        """How many signals have come since the last call."""
        try:
            return sum(byte in self._numbers for byte in self._out.recv(256))
        except BlockingIOError:
            return 0


def dismiss(client: socket.socket) -> None:
    """Has the one who reads from it find the end, after what has come already. Answers can still be sent."""
    try:
        client.shutdown(socket.SHUT_RD)
    except OSError:
        pass  # it is closed


class Owner(Protocol):
    """What a connection has to know of the server that it belongs to."""

    draining: bool
    endpoints: Endpoints
    backend: BlockingBackend


@dataclass(slots=True, eq=False)
class Connection:
    """One client's connection, served by calls that block the calling thread. Other threads may only read `idle`, whether
    no part of a request is there, and `idle_since`, and dismiss its client."""

    client: socket.socket
    owner: Owner
    idle: bool = True
    idle_since: float = field(default_factory=time.monotonic)
    reader: RequestReader = field(default_factory=RequestReader)
    patience_s: float = 0.0

    def serve_turn(self, queued_ns: int = 0) -> bool:
        """Waits for a request, and answers it and those that came with it. Returns whether more may come."""
        timing = Timing(queued_ns)
        try:
            while (request := self._await_request()) is not None:
                timing.started = time.monotonic_ns()
                if not self._serve(request, timing):
                    return False
                timing = Timing()
                if not self.reader.begun:
                    return self._rest()
            return False
        except Problem as problem:
            return self._send_last(encode(problem_answer(problem), timing, None, False))
        except OSError:
            return False  # the client has gone

    def _await_request(self) -> Request | None:
        """None: the client has ended the connection, or nothing came of it. Raises a Problem."""
        end: float | None = None
        while (request := self.reader.next()) is None:
            if end is None and self.reader.begun:
                end = time.monotonic() + HEADER_S
            self._wait_at_most(KEEP_ALIVE_S if end is None else max(end - time.monotonic(), 0.001))
            try:
                data = self.client.recv(READ_BYTES)
            except TimeoutError:
                if end is None:
                    return None
                raise Problem(408, "the request did not arrive in time") from None
            if not data:
                return None
            self.idle = False
            self.reader.feed(data)
        return request

    def _wait_at_most(self, seconds: float) -> None:
        if seconds != self.patience_s:
            self.patience_s = seconds
            self.client.settimeout(seconds)

    def _serve(self, request: Request, timing: Timing) -> bool:
        """Returns whether the connection goes on, which is decided once the answer is known: the server may have been
        told to stop meanwhile."""
        answer = self._answer(request, timing)
        keep_alive = request.keep_alive and not self.owner.draining
        response = encode(answer, timing, request, keep_alive)
        if not keep_alive:
            return self._send_last(response)
        self.client.sendall(response)
        return True

    def _answer(self, request: Request, timing: Timing) -> Answer:
        try:
            found = self.owner.endpoints.begin(request)
            if not isinstance(found, Hold):
                return found
            called = time.monotonic_ns()
            try:
                self.owner.backend.call(found)
            finally:
                timing.backend = time.monotonic_ns() - called
            return Endpoints.held()
        except Problem as problem:
            return problem_answer(problem)

    def _rest(self) -> bool:
        """Between two requests. Either this sees that the server drains, or who has it drain sees this idle."""
        self.idle_since = time.monotonic()
        self.idle = True
        if self.owner.draining:
            dismiss(self.client)
        return True

    def _send_last(self, response: bytes) -> bool:
        """Sends the last answer so that no reset, for what the client still sends, takes it away."""
        try:
            self.client.sendall(response)
            self.client.shutdown(socket.SHUT_WR)
            self.client.settimeout(FAREWELL_S)
            while self.client.recv(READ_BYTES):
                pass
        except OSError:
            pass
        return False


class Connections:
    """Those that are open, by descriptor. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[int, Connection] = {}

    def __len__(self) -> int:
        return len(self._open)

    def add(self, connection: Connection) -> None:
        with self._lock:
            self._open[connection.client.fileno()] = connection

    def close(self, connection: Connection) -> None:
        """Forgets it first: the next one may get its descriptor."""
        with self._lock:
            del self._open[connection.client.fileno()]
        connection.client.close()

    def find(self, descriptor: int) -> Connection:
        with self._lock:
            return self._open[descriptor]

    def dismiss_idle(self, since: float) -> None:
        """Those that have been idle since that time, of time.monotonic(), or longer."""
        with self._lock:
            for connection in self._open.values():
                if connection.idle and connection.idle_since <= since:
                    dismiss(connection.client)


def complain(what: str) -> None:
    print(f"python_server: {what}", file=sys.stderr, flush=True)
