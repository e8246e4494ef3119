"""asyncio: one loop on one thread, on which a request that waits is a suspended coroutine."""

import asyncio
import signal
import socket
import time

from backend import AsyncBackend
from connections import BACKLOG, FAREWELL_S, HEADER_S, KEEP_ALIVE_S, READ_BYTES, Settings, dismiss
from endpoints import Endpoints, Hold
from http_messages import Answer, Problem, Request, RequestReader, Timing, encode, problem_answer


STEPS_TO_A_CONNECTION = 5  # rounds of the loop, from a handshake to a connection that is served


class AsyncConnection:
    """One client's connection. The calls of Connection in connections.py, as coroutines."""

    def __init__(self, server: "LoopServer", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server = server
        self._in = reader
        self._out = writer
        self._requests = RequestReader()

    async def serve(self) -> None:
        try:
            while (request := await self._next_request()) is not None:
                timing = Timing()
                answer = await self._answer(request, timing)
                keep_alive = request.keep_alive and not self._server.draining
                self._out.write(encode(answer, timing, request, keep_alive))
                if not keep_alive:
                    return await self._say_farewell()
                await self._out.drain()
        except Problem as problem:
            self._out.write(encode(problem_answer(problem), Timing(), None, False))
            await self._say_farewell()
        except OSError:
            pass  # the client has gone
        finally:
            self._out.close()

    def dismiss_if_idle(self) -> None:
        if self in self._server.idle:
            dismiss(self._out.get_extra_info("socket"))

    async def _next_request(self) -> Request | None:
        """None: the client has ended the connection, or nothing came of it. Raises a Problem."""
        request = self._requests.next()
        if request is None and not self._requests.begun:
            if not await self._await_bytes(KEEP_ALIVE_S, idle=True):
                return None
            request = self._requests.next()
        return request or await self._rest_of_request()

    async def _rest_of_request(self) -> Request | None:
        end = time.monotonic() + HEADER_S
        while (request := self._requests.next()) is None:
            if not await self._await_bytes(end - time.monotonic(), idle=False):
                if time.monotonic() < end:
                    return None
                raise Problem(408, "the request did not arrive in time")
        return request

    async def _await_bytes(self, patience_s: float, idle: bool) -> bool:
        """Whether some came."""
        if idle:
            self._server.idle.add(self)
            if self._server.draining:
                self.dismiss_if_idle()
        try:
            async with asyncio.timeout(patience_s):
                data = await self._in.read(READ_BYTES)
        except TimeoutError:
            return False
        finally:
            self._server.idle.discard(self)
        self._requests.feed(data)
        return bool(data)

    async def _answer(self, request: Request, timing: Timing) -> Answer:
        try:
            found = self._server.endpoints.begin(request)  # what it computes, it computes on the loop
            if not isinstance(found, Hold):
                return found
            called = time.monotonic_ns()
            try:
                await self._server.backend.call(found)
            finally:
                timing.backend = time.monotonic_ns() - called
            return Endpoints.held()
        except Problem as problem:
            return problem_answer(problem)

    async def _say_farewell(self) -> None:
        """Sends the last answer so that no reset, for what the client still sends, takes it away."""
        try:
            async with asyncio.timeout(FAREWELL_S):
                await self._out.drain()
                self._out.write_eof()
                while await self._in.read(READ_BYTES):
                    pass
        except OSError:  # a TimeoutError too
            pass


class LoopServer:
    """Belongs to its loop."""

    def __init__(self, settings: Settings) -> None:
        self.draining = False
        self.endpoints = Endpoints(settings.facts)
        self.backend = AsyncBackend(settings.backend)
        self.idle: set[AsyncConnection] = set()
        self._open: set[asyncio.Task[None]] = set()
        self._settings = settings

    async def run(self, listener: socket.socket, announce: str) -> bool:
        """Returns whether no request was cut."""
        told: asyncio.Queue[None] = asyncio.Queue()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, told.put_nowait, None)
        # asyncio listens once more on the socket that it is given.
        server = await asyncio.start_server(self._serve, sock=listener, backlog=BACKLOG)
        self._settings.announce(listener, announce)
        await told.get()
        self.draining = True
        for _ in range(STEPS_TO_A_CONNECTION):
            await asyncio.sleep(0)  # for those whose handshake is over already to be accepted
        server.close()
        for connection in list(self.idle):
            connection.dismiss_if_idle()
        return await self._drain(told)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await AsyncConnection(self, reader, writer).serve()
        finally:
            self._open.discard(task)

    async def _drain(self, told: "asyncio.Queue[None]") -> bool:
        again = asyncio.create_task(told.get())
        end = time.monotonic() + self._settings.grace_s
        while self._open and not again.done() and time.monotonic() < end:
            await asyncio.wait([*self._open, again], timeout=end - time.monotonic(),
                               return_when=asyncio.FIRST_COMPLETED)
        again.cancel()
        return not self._open


def serve_with_asyncio(listener: socket.socket, settings: Settings, announce: str) -> bool:
    return asyncio.run(LoopServer(settings).run(listener, announce))
