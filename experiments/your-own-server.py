#!/usr/bin/python3
"""A small server that answers GET /wait once a slow backend has answered it, to be compared with others.

Stands in for your own service in your-own-server.jsonc. It waits in one of two ways: with a thread for each connection,
or on one asyncio loop. Both keep a connection to the backend for the next request, as a service would.
"""

import argparse
import asyncio
import http.client
import queue
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def answer(status: str, body: bytes) -> bytes:
    return (f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body


class ThreadedBackend:
    """Blocking calls to the backend, over connections that idle threads leave for the next."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.idle: queue.SimpleQueue[http.client.HTTPConnection] = queue.SimpleQueue()

    def call(self, request_id: str) -> bytes:
        try:
            connection = self.idle.get_nowait()
        except queue.Empty:
            connection = http.client.HTTPConnection(self.address)
        # The backend draws the delay from the id, so the same request takes equally long under every server.
        connection.request("GET", "/hold?route=/wait", headers={"X-Request-Id": request_id})
        body = connection.getresponse().read()
        self.idle.put(connection)
        return body


def serve_with_threads(port: int, backend: ThreadedBackend) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            if self.path == "/wait":
                self.wfile.write(answer("200 OK", backend.call(self.headers.get("X-Request-Id", ""))))
            elif self.path == "/healthz":
                self.wfile.write(answer("200 OK", b"ok\n"))
            else:
                self.wfile.write(answer("404 Not Found", b"not found\n"))

        def log_message(self, format: str, *args: object) -> None:
            """A line for each request would be measured as well."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 1024

    Server(("127.0.0.1", port), Handler).serve_forever()


class AsyncBackend:
    """The same calls as coroutines."""

    def __init__(self, address: str) -> None:
        self.host, self.port = address.rsplit(":", 1)
        self.idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def call(self, request_id: str) -> bytes:
        reader, writer = self.idle.pop() if self.idle else await asyncio.open_connection(self.host, self.port)
        writer.write(f"GET /hold?route=/wait HTTP/1.1\r\nHost: {self.host}\r\nX-Request-Id: {request_id}\r\n\r\n".encode())
        fields = read_fields(await reader.readuntil(b"\r\n\r\n"))
        body = await reader.readexactly(int(fields.get("content-length", "0")))
        self.idle.append((reader, writer))
        return body


def read_fields(head: bytes) -> dict[str, str]:
    lines = (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])
    return {name.lower(): value.strip() for name, colon, value in lines if colon}


async def serve_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, backend: AsyncBackend) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            path = head.split(b" ", 2)[1]
            if path == b"/wait":
                writer.write(answer("200 OK", await backend.call(read_fields(head).get("x-request-id", ""))))
            elif path == b"/healthz":
                writer.write(answer("200 OK", b"ok\n"))
            else:
                writer.write(answer("404 Not Found", b"not found\n"))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # the client has gone
    finally:
        writer.close()


async def serve_with_asyncio(port: int, backend: AsyncBackend) -> None:
    server = await asyncio.start_server(lambda r, w: serve_connection(r, w, backend), "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--threads", action="store_true", help="wait with a thread for each connection")
    way.add_argument("--asyncio", action="store_true", help="wait on one asyncio loop")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--backend", required=True, metavar="ADDRESS:PORT", help="of the slow backend")
    options = parser.parse_args()
    if options.threads:
        serve_with_threads(options.port, ThreadedBackend(options.backend))
    else:
        asyncio.run(serve_with_asyncio(options.port, AsyncBackend(options.backend)))


if __name__ == "__main__":
    main()
