"""A backend that holds each request until it is told to let it go, so that tests count who waits, and look at no clock."""

import re
import socket
import threading
from dataclasses import dataclass

HEAD = re.compile(rb"GET (\S+) HTTP/1\.1\r\n(?:.*\r\n)*?X-Request-Id: (\S+)\r\n(?:.*\r\n)*?\r\n")


@dataclass
class Held:
    target: str
    request_id: str
    connection: int  # which of the server's, from 0


class GatedBackend:
    """A context. What it has seen may be read at any time."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:{}".format(self._listener.getsockname()[1])
        self.seen: list[Held] = []
        self.holding = 0
        self.most_at_once = 0
        self._changed = threading.Condition()
        self._passes = 0  # how many may go yet
        self._connections: list[socket.socket] = []

    def __enter__(self) -> "GatedBackend":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.let_go(1_000_000)
        self._listener.shutdown(socket.SHUT_RDWR)  # a thread that accepts would keep it from being closed
        self._listener.close()
        self.cut_connections()

    def let_go(self, requests: int) -> None:
        with self._changed:
            self._passes += requests
            self._changed.notify_all()

    def cut_connections(self) -> None:
        """Closes all, as a backend does with idle ones."""
        for connection in self._connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _accept(self) -> None:
        try:
            while True:
                connection, _ = self._listener.accept()
                self._connections.append(connection)
                threading.Thread(target=self._serve, args=(connection, len(self._connections) - 1), daemon=True).start()
        except OSError:
            pass  # the end

    def _serve(self, connection: socket.socket, number: int) -> None:
        with connection:
            while head := self._read_head(connection):
                self._hold(Held(head[1].decode(), head[2].decode(), number))
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    @staticmethod
    def _read_head(connection: socket.socket) -> "re.Match[bytes] | None":
        received = b""
        try:
            while not (head := HEAD.fullmatch(received)):
                if not (data := connection.recv(4096)):
                    return None
                received += data
        except OSError:
            return None
        return head

    def _hold(self, held: Held) -> None:
        with self._changed:
            self.seen.append(held)
            self.holding += 1
            self.most_at_once = max(self.most_at_once, self.holding)
            self._changed.wait_for(lambda: self._passes > 0)
            self._passes -= 1
            self.holding -= 1
