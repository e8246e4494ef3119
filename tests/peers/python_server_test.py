#!/usr/bin/python3
"""What experiments/peers/python_server.py promises, under each of its strategies, seen from outside."""

import http.client
import json
import os
import platform
import re
import signal
import socket
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from gated_backend import GatedBackend
from programs import PATIENCE_S, Program, await_true

SERVER = Path(__file__).resolve().parents[2] / "experiments/peers/python_server.py"
STRATEGIES = ("threading", "concurrent.futures", "asyncio", "multiprocessing")


def command(*arguments: str) -> list[str]:
    return [sys.executable, str(SERVER), *arguments]


class Server(Program):
    """The server on a free port."""

    def __init__(self, strategy: str, *arguments: str, backend: GatedBackend | None = None) -> None:
        place = ["--backend", f"http://{backend.address}"] if backend else []
        super().__init__(command("--strategy", strategy, "--listen", "127.0.0.1:0", *place, *arguments),
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self.process.stdout
        self.first_line = self.process.stdout.readline()
        found = re.match(r"listening on 127\.0\.0\.1:(\d+) ", self.first_line)
        assert found, self.first_line
        self.port = int(found[1])

    def connect(self) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        connection.connect()
        return connection

    def get(self, target: str) -> tuple[int, bytes]:
        connection = self.connect()
        answer = ask(connection, target)
        connection.close()
        return answer

    def say(self, text: bytes) -> bytes:
        """All that is answered to these bytes on a connection, until the server closes it."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_S) as connection:
            connection.sendall(text)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), PATIENCE_S).close()
        except OSError:
            return False
        return True

    def stop(self) -> None:
        """Tells it to, and returns once it no longer listens."""
        self.process.send_signal(signal.SIGTERM)
        await_true(lambda: not self.listens(), "the listener's end")

    def end(self) -> tuple[int, str]:
        """Its exit code, and what it said on stderr."""
        _, said = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, said


def ask(connection: http.client.HTTPConnection, target: str, **fields: str) -> tuple[int, bytes]:
    connection.request("GET", target, headers={name.replace("_", "-"): value for name, value in fields.items()})
    answer = connection.getresponse()
    return answer.status, answer.read()


def statuses(answers: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"^HTTP/1\.1 (\d{3}) ", answers, re.MULTILINE)]


class Promises:
    """What holds under every strategy."""

    strategy: str

    def server(self, *arguments: str, backend: GatedBackend | None = None) -> Server:
        return Server(self.strategy, *arguments, backend=backend)

    def test_answers_with_the_fields_of_every_response(self):
        with self.server() as server:
            connection = server.connect()
            connection.request("GET", "/plain", headers={"X-Request-Id": "a-7"})
            answer = connection.getresponse()
            self.assertEqual((answer.status, answer.read()), (200, b"plain\n"))
            self.assertEqual(answer.getheader("X-Request-Id"), "a-7")
            self.assertRegex(answer.getheader("Server-Timing"),
                             r"^queue;dur=\d+\.\d{3}, backend;dur=0\.000, handler;dur=\d+\.\d{3}$")
            self.assertIsNotNone(answer.getheader("Date"))
            self.assertEqual(ask(connection, "/healthz"), (200, b"ok\n"))
            connection.close()

    def test_says_what_interpreter_runs_it_and_whether_the_gil_is_on(self):
        gil = getattr(sys, "_is_gil_enabled", lambda: True)()
        with self.server() as server:
            self.assertIn(f"{platform.python_version()}, GIL {'on' if gil else 'off'})", server.first_line)
            status = json.loads(server.get("/status")[1])
            self.assertEqual(status["version"], platform.python_version())
            self.assertEqual(status["implementation"], platform.python_implementation())
            self.assertIs(status["gil_enabled"], gil)
            self.assertIn(f"({status['strategy']}, ", server.first_line)
            has_workers = status["strategy"] in ("concurrent.futures", "multiprocessing")
            self.assertEqual(status["workers"] is not None, has_workers)
            self.assertEqual(status["pid"] == server.process.pid, status["strategy"] != "multiprocessing")

    def test_computes_for_as_much_cpu_time_as_it_is_asked_to(self):
        with self.server() as server:
            connection = server.connect()
            worker = json.loads(ask(connection, "/status")[1])["pid"]
            before = cpu_seconds(worker)
            self.assertEqual(ask(connection, "/cpu?work=300ms"), (200, b"worked\n"))
            self.assertGreater(cpu_seconds(worker) - before, 0.25)
            connection.close()

    def test_asks_the_backend_for_the_delay_in_the_name_of_the_request(self):
        with GatedBackend() as backend:
            backend.let_go(2)
            with self.server(backend=backend) as server:
                connection = server.connect()
                self.assertEqual(ask(connection, "/wait?delay=1.5ms", X_Request_Id="b.8"), (200, b"waited\n"))
                self.assertEqual(ask(connection, "/wait", X_Request_Id="c:9"), (200, b"waited\n"))
                asked = [(held.target, held.request_id) for held in backend.seen[-2:]]
                self.assertEqual(asked, [("/hold?route=/wait&delay=1500000ns", "b.8"), ("/hold?route=/wait", "c:9")])
                self.assertEqual(backend.seen[-2].connection, backend.seen[-1].connection)
                connection.close()

    def test_calls_again_where_the_backend_has_closed_the_connection_that_was_kept(self):
        with GatedBackend() as backend:
            backend.let_go(2)
            with self.server(backend=backend) as server:
                connection = server.connect()
                self.assertEqual(ask(connection, "/wait")[0], 200)
                backend.cut_connections()
                self.assertEqual(ask(connection, "/wait")[0], 200)
                connection.close()

    def test_waits_overlap(self):
        with GatedBackend() as backend:
            with self.server(backend=backend) as server:
                waiting = [server.connect() for _ in range(8)]
                for connection in waiting:
                    connection.request("GET", "/wait")
                await_true(lambda: backend.holding == len(waiting), "all waits at once")
                backend.let_go(len(waiting))
                for connection in waiting:
                    self.assertEqual(connection.getresponse().status, 200)
                    connection.close()

    def test_answers_what_is_sent_before_the_answer_before_it(self):
        request = b"GET %s HTTP/1.1\r\nHost: a\r\nConnection: %s\r\n\r\n"
        three = request % (b"/plain", b"keep-alive") + b"\r\n" + request % (b"/none", b"") + request % (b"/healthz", b"close")
        with self.server() as server:
            self.assertEqual(statuses(server.say(three)), [200, 404, 200])

    def test_takes_a_request_that_comes_in_pieces_and_drops_its_body(self):
        pieces = (b"GET /pla", b"in HTTP/1.1\r\nHost: a\r\nContent-Len", b"gth: 6\r\n\r\nabc", b"def")
        with self.server() as server:
            connection = server.connect()
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in pieces:
                connection.sock.sendall(piece)
            connection.sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            answers = b"".join(iter(lambda: connection.sock.recv(65536), b""))
            self.assertEqual(statuses(answers), [200, 200])
            self.assertTrue(answers.endswith(b"\r\n\r\nok\n"), answers)
            connection.close()

    def test_answers_head_without_a_body(self):
        with self.server() as server:
            answer = server.say(b"HEAD /plain HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            self.assertIn(b"Content-Length: 6\r\n", answer)
            self.assertTrue(answer.endswith(b"\r\n\r\n"), answer)

    def test_refuses_what_is_no_request_of_its(self):
        refused = {b"GET /plain HTTP/1.1\r\n\r\n": 400, b"GET  /plain HTTP/1.1\r\nHost: a\r\n\r\n": 400,
                   b"GET /plain HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n": 400, b"GET plain HTTP/1.0\r\n\r\n": 400,
                   b"GET /plain HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n": 400,
                   b"GET /plain HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n": 400,
                   b"GET /plain HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n": 411,
                   b"GET /plain HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n": 413,
                   b"GET /" + b"a" * 16384 + b" HTTP/1.1\r\nHost: a\r\n\r\n": 414,
                   b"GET /plain HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n": 417,
                   b"GET /plain HTTP/1.1\r\nHost: a\r\nA: " + b"a" * 16384 + b"\r\n\r\n": 431,
                   b"GET /plain HTTP/2.0\r\nHost: a\r\n\r\n": 505}
        with self.server() as server:
            for request, status in refused.items():
                self.assertEqual(statuses(server.say(request)), [status], request[:60])

    def test_names_what_is_wrong_with_a_target(self):
        wrong = {"/cpu?work=2": (400, "is not a duration"), "/cpu?work=11s": (400, "is more than 10s"),
                 "/cpu?work=1ms&work=1ms": (400, "parameter 'work': is given twice"),
                 "/cpu?delay=1ms": (400, "unknown parameter 'delay'; known here: work"),
                 "/wait?delay=61s": (400, "parameter 'delay': 61s is more than 60s"),
                 "/none": (404, "no such endpoint: /none")}
        with self.server() as server:
            connection = server.connect()
            for target, (status, what) in wrong.items():
                answered, body = ask(connection, target)
                self.assertEqual(answered, status, target)
                self.assertIn(what, json.loads(body)["detail"])
            connection.request("POST", "/plain", body=b"abc")
            answer = connection.getresponse()
            self.assertEqual((answer.status, answer.getheader("Allow")), (405, "GET, HEAD"))
            connection.close()

    def test_blames_the_backend_that_is_not_there(self):
        with GatedBackend() as gone:
            pass
        with self.server(backend=gone) as server:
            self.assertEqual(server.get("/wait")[0], 502)
        with self.server() as server:
            self.assertIn(b"start this server with --backend", server.get("/wait")[1])

    def test_ends_once_what_is_being_served_is_answered(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with GatedBackend() as backend:
                with self.server(backend=backend) as server:
                    idle, waiting = server.connect(), server.connect()
                    self.assertEqual(ask(idle, "/plain")[0], 200)
                    waiting.request("GET", "/wait")
                    await_true(lambda: backend.holding == 1, "the wait")
                    server.process.send_signal(number)
                    await_true(lambda: not server.listens(), "the listener's end")
                    self.assertEqual(idle.sock.recv(1), b"")
                    self.assertIsNone(server.process.poll())
                    backend.let_go(1)
                    answer = waiting.getresponse()
                    self.assertEqual((answer.status, answer.getheader("Connection")), (200, "close"))
                    waiting.close()
                    idle.close()
                    self.assertEqual(server.end(), (0, ""))

    def test_ends_and_cuts_what_takes_longer_than_its_grace(self):
        with GatedBackend() as backend:
            with self.server("--grace", "0s", backend=backend) as server:
                waiting = self.one_that_waits(server, backend)
                server.process.send_signal(signal.SIGTERM)
                self.assertEqual(server.end(), (1, "python_server: some requests were cut, after --grace or at a second "
                                                   "signal\n"))
                backend.let_go(1)
                await_true(lambda: backend.holding == 0, "the hold's end")
                waiting.close()

    def test_ends_at_once_at_a_second_signal(self):
        with GatedBackend() as backend:
            with self.server("--grace", "1h", backend=backend) as server:
                waiting = self.one_that_waits(server, backend)
                server.stop()
                server.process.send_signal(signal.SIGTERM)
                self.assertEqual(server.end()[0], 1)
                backend.let_go(1)
                await_true(lambda: backend.holding == 0, "the hold's end")
                waiting.close()

    @staticmethod
    def one_that_waits(server: Server, backend: GatedBackend) -> http.client.HTTPConnection:
        waiting = server.connect()
        waiting.request("GET", "/wait")
        await_true(lambda: backend.holding == 1, "the wait")
        return waiting


class Threading(Promises, unittest.TestCase):
    strategy = "threading"


class ConcurrentFutures(Promises, unittest.TestCase):
    strategy = "concurrent.futures"


class Asyncio(Promises, unittest.TestCase):
    strategy = "asyncio"


class Multiprocessing(Promises, unittest.TestCase):
    strategy = "multiprocessing"


class Workers(unittest.TestCase):
    def test_of_a_pool_are_as_many_as_wait_at_once(self):
        with GatedBackend() as backend, Server("concurrent.futures", "--workers", "2", backend=backend) as server:
            waiting = [server.connect() for _ in range(6)]
            for connection in waiting:
                connection.request("GET", "/wait")
            for done in range(len(waiting)):
                await_true(lambda: len(backend.seen) == min(done + 2, len(waiting)), "the next wait")
                backend.let_go(1)
            for connection in waiting:
                self.assertEqual(connection.getresponse().status, 200)
                connection.close()
            self.assertEqual(backend.most_at_once, 2)

    def test_of_a_pool_are_not_held_by_idle_connections(self):
        with Server("concurrent.futures", "--workers", "1") as server:
            idle = [server.connect() for _ in range(4)]
            for connection in idle + idle:
                self.assertEqual(ask(connection, "/plain")[0], 200)
            for connection in idle:
                connection.close()

    def test_that_are_processes_end_with_their_parent(self):
        with Server("multiprocessing", "--workers", "2") as server:
            workers = children(server.process.pid)
            self.assertEqual(len(workers), 2)
            server.process.kill()
            await_true(lambda: not server.listens(), "the workers' end")

    def test_that_are_processes_end_the_server_if_one_is_lost(self):
        with Server("multiprocessing", "--workers", "2") as server:
            os.kill(children(server.process.pid)[0], signal.SIGKILL)
            self.assertEqual(server.end(), (1, "python_server: a process ended that was not told to\n"))


class CommandLine(unittest.TestCase):
    def run_with(self, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(command(*arguments), capture_output=True, text=True, timeout=PATIENCE_S)
        return done.returncode, done.stderr

    def test_is_refused_in_one_line_if_it_is_wrong(self):
        wrong = [[], ["--strategy", "fork"], ["--strategy", "asyncio", "--listen", "8080"],
                 ["--strategy", "asyncio", "--listen", "127.0.0.1:65536"], ["--strategy", "asyncio", "--port", "1"],
                 ["--strategy", "asyncio", "--workers", "2"], ["--strategy", "concurrent.futures", "--workers", "0"],
                 ["--strategy", "multiprocessing", "--workers", "65"], ["--strategy", "threading", "--grace", "soon"],
                 ["--strategy", "threading", "--grace", "2h"], ["--strategy", "threading", "--backend", "https://a:1"],
                 ["--strategy", "threading", "--backend", "http://a:1/b"], ["--strat", "threading"]]
        for arguments in wrong:
            code, said = self.run_with(*arguments)
            self.assertEqual((code, said.count("\n")), (2, 1), said)
            self.assertTrue(said.startswith("python_server: ") and said.endswith("; see --help\n"), said)

    def test_is_explained(self):
        done = subprocess.run(command("--help"), capture_output=True, text=True, timeout=PATIENCE_S, check=True)
        for strategy in STRATEGIES:
            self.assertIn(f"  {strategy} ", done.stdout)

    def test_fails_in_one_line_if_the_port_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            for strategy in STRATEGIES:
                code, said = self.run_with("--strategy", strategy, "--listen", f"127.0.0.1:{port}")
                self.assertEqual((code, said), (1, f"python_server: cannot listen on 127.0.0.1:{port}: Address already "
                                                   "in use\n"))


def cpu_seconds(pid: int) -> float:
    """Of all threads of a process, in ticks of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


if __name__ == "__main__":
    unittest.main()
