#!/usr/bin/python3
"""The limits of a container: the server knows them, and survives them."""

import socket

import suite
from container import Container, ContainerTest
from engine import until

PIDS = 40
HELD = b"GET /wait?delay=3s HTTP/1.1\r\nHost: waitlab\r\nConnection: close\r\n\r\n"


def answer_of(connection: socket.socket) -> int:
    """The status of the one answer that comes; 0 if the connection is cut."""
    received = b""
    try:
        while chunk := connection.recv(4096):
            received += chunk
    except ConnectionError:
        return 0
    return int(received.split(b" ", 2)[1]) if received else 0


def statuses_of_a_burst(container: Container, requests: int) -> list[int]:
    address = container.address(8080)
    connections = [socket.create_connection(address, timeout=60) for _ in range(requests)]
    try:
        for connection in connections:
            connection.sendall(HELD)
        return [answer_of(connection) for connection in connections]
    finally:
        for connection in connections:
            connection.close()


class PidsLimit(ContainerTest):
    def test_a_pids_limit_costs_counted_503s_and_no_more(self) -> None:
        container = self.container(f"--pids-limit={PIDS}", settings=(
            "strategy=thread-per-request", "strategies.thread-per-request.max_threads=4096", "backend.mode=timer"))
        statuses = statuses_of_a_burst(container, 2 * PIDS)
        refused = statuses.count(503)
        self.assertEqual(statuses.count(200) + refused, 2 * PIDS)
        self.assertGreater(statuses.count(200), 0)
        self.assertGreaterEqual(refused, PIDS)
        self.assertEqual(container.status()["rejected"]["thread_creation"], refused)
        until("all threads gone", lambda: container.status()["requests"]["in_flight"] == 0)
        self.assertEqual(container.fetch("/wait?delay=1ms")[0], 200)


class MemoryLimit(ContainerTest):
    def check_a_burst(self, memory: str, mode: str) -> None:
        """More requests than there may be threads, all at once."""
        container = self.container(f"--memory={memory}", f"--memory-swap={memory}", settings=(
            "strategy=thread-per-request", "strategies.thread-per-request.max_threads=auto", f"backend.mode={mode}"))
        threads = container.status()["sizes"]["threads"]
        statuses = statuses_of_a_burst(container, threads + 100)
        self.assertEqual(container.inspect("{{.State.OOMKilled}} {{.State.Running}} {{.RestartCount}}"), "false true 0")
        refused = statuses.count(503)
        self.assertEqual(statuses.count(200) + refused, threads + 100)
        self.assertGreaterEqual(refused, 100)
        self.assertEqual(sum(container.status()["rejected"].values()), refused)

    def test_a_memory_limit_is_kept_to_by_threads_that_wait_for_a_timer(self) -> None:
        for memory in ("64m", "128m"):
            with self.subTest(memory):
                self.check_a_burst(memory, "timer")

    def test_a_memory_limit_is_kept_to_by_threads_that_wait_for_a_managed_backend(self) -> None:
        for memory in ("64m", "128m"):
            with self.subTest(memory):
                self.check_a_burst(memory, "managed")


class KnownLimits(ContainerTest):
    def test_those_that_are_set_appear_in_status(self) -> None:
        limits = self.container("--cpus=0.5", "--memory=256m", "--pids-limit=100").status()["limits"]
        self.assertEqual(limits["cpu_quota"], 0.5)
        self.assertEqual(limits["cpus"], 0.5)
        self.assertEqual(limits["memory_bytes"], 256 * 1024 * 1024)
        self.assertEqual(limits["pids"], 100)

    def test_those_that_are_not_set_are_null(self) -> None:
        limits = self.container().status()["limits"]
        self.assertEqual([limits["cpu_quota"], limits["memory_bytes"], limits["pids"]], [None] * 3)


if __name__ == "__main__":
    suite.main()
