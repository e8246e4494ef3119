"""Calls to the slow backend, over connections that are kept for the next call: by threads that block, and on a loop."""

import asyncio
import re
import socket
import time
from typing import NoReturn

from endpoints import Hold
from http_messages import Problem

TIMEOUT_S = 30.0
STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r]")
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)
CLOSE = re.compile(rb"\r\nconnection:[ \t]*close[ \t]*\r\n", re.IGNORECASE)


class Place:
    """Where the backend is."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self.authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def request(self, hold: Hold, left_s: float) -> bytes:
        # The backend draws the delay from the id, so the same request takes equally long under every server.
        delay = "" if hold.delay_ns is None else f"&delay={hold.delay_ns}ns"
        return (f"GET /hold?route={hold.route}{delay} HTTP/1.1\r\nHost: {self.authority}\r\n"
                f"X-Request-Id: {hold.request_id}\r\nX-Request-Timeout-Ms: {max(int(left_s * 1000), 1)}\r\n\r\n").encode()

    def refused(self, error: OSError) -> Problem:
        return Problem(502, f"no backend at {self.authority}: {error.strerror or error}")


def no_backend() -> Problem:
    return Problem(502, "there is no backend: start this server with --backend")


def too_slow() -> Problem:
    return Problem(504, "the backend did not answer in time")


def cut_off() -> Problem:
    return Problem(502, "the backend closed the connection before it had answered")


class Response:
    """The backend's answer, out of bytes as they come."""

    def __init__(self) -> None:
        self._in = b""
        self._whole: int | None = None  # bytes, once its head has been read
        self._status = 0
        self.reusable = False  # whether the connection can take another call

    @property
    def begun(self) -> bool:
        return bool(self._in)

    def feed(self, data: bytes) -> bool:
        """Whether it is there as a whole."""
        self._in += data
        if self._whole is None:
            end = self._in.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = self._in[:end + 4]
            status, length = STATUS_LINE.match(head), LENGTH.search(head)
            if not status or not length:
                raise Problem(502, "the backend sent a malformed response")
            self._status, self._whole = int(status[1]), len(head) + int(length[1])
            self.reusable = not CLOSE.search(head)
        return len(self._in) >= self._whole

    def check(self) -> None:
        """Raises a Problem if the backend did not hold the request and say so."""
        if self._status == 504:
            raise Problem(504, "the backend could not start in time")
        if self._status != 200:
            raise Problem(502, f"the backend answered {self._status}")


class Stale(Exception):
    """A kept connection has been closed by the backend before this call: another one may do."""


def give_up(response: Response, kept: bool) -> NoReturn:
    raise Stale if kept and not response.begun else cut_off()


class BlockingBackend:
    """Blocks the calling thread. Safe to use from several; connections are shared by those of one process."""

    def __init__(self, place: Place | None) -> None:
        self._place = place
        self._idle: list[socket.socket] = []  # its append and pop are atomic

    def call(self, hold: Hold) -> None:
        """Returns once the backend has answered, or raises a Problem."""
        if self._place is None:
            raise no_backend()
        end = time.monotonic() + TIMEOUT_S
        while True:
            try:
                connection, kept = self._idle.pop(), True
            except IndexError:
                connection, kept = self._connect(self._place), False
            try:
                response = self._ask(connection, self._place.request(hold, end - time.monotonic()), kept)
            except Stale:
                connection.close()
                continue
            except BaseException:
                connection.close()
                raise
            if response.reusable:
                self._idle.append(connection)
            else:
                connection.close()
            return response.check()

    def _connect(self, place: Place) -> socket.socket:
        try:
            connection = socket.create_connection((place.host, place.port), TIMEOUT_S)
        except TimeoutError:
            raise too_slow() from None
        except OSError as error:
            raise place.refused(error) from None
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _ask(self, connection: socket.socket, request: bytes, kept: bool) -> Response:
        response = Response()
        try:
            connection.sendall(request)
            while data := connection.recv(4096):
                if response.feed(data):
                    return response
        except TimeoutError:
            raise too_slow() from None
        except OSError:
            pass  # as if it had been closed
        give_up(response, kept)


class AsyncBackend:
    """The same as coroutines, for one loop."""

    def __init__(self, place: Place | None) -> None:
        self._place = place
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def call(self, hold: Hold) -> None:
        """Returns once the backend has answered, or raises a Problem."""
        if self._place is None:
            raise no_backend()
        try:
            async with asyncio.timeout(TIMEOUT_S) as limit:
                await self._call(self._place, hold, limit)
        except TimeoutError:
            raise too_slow() from None

    async def _call(self, place: Place, hold: Hold, limit: asyncio.Timeout) -> None:
        while True:
            kept = bool(self._idle)
            reader, writer = self._idle.pop() if kept else await self._connect(place)
            left = (limit.when() or 0) - asyncio.get_running_loop().time()
            try:
                response = await self._ask(reader, writer, place.request(hold, left), kept)
            except Stale:
                writer.close()
                continue
            except BaseException:
                writer.close()
                raise
            if response.reusable:
                self._idle.append((reader, writer))
            else:
                writer.close()
            return response.check()

    async def _connect(self, place: Place) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            return await asyncio.open_connection(place.host, place.port)
        except TimeoutError:
            raise
        except OSError as error:
            raise place.refused(error) from None

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes,
                   kept: bool) -> Response:
        response = Response()
        try:
            writer.write(request)
            while data := await reader.read(4096):
                if response.feed(data):
                    return response
        except TimeoutError:
            raise
        except OSError:
            pass  # as if it had been closed
        give_up(response, kept)
