#!/usr/bin/python3
"""waitlab's endpoints in Python, with nothing but its standard library: GET /plain, /wait?delay=50ms and /cpu?work=2ms as
waitlab-server has them, /status, which tells of the interpreter and its GIL, and /healthz.

Stops on SIGTERM or Ctrl-C once what is being served has been answered; a second one ends it at once, with exit code 1.
"""

import argparse
import math
import os
import platform
import re
import resource
import socket
import sys
from typing import NoReturn
from urllib.parse import urlsplit

sys.dont_write_bytecode = True
from asyncio_strategy import serve_with_asyncio  # noqa: E402
from backend import Place  # noqa: E402
from connections import BACKLOG, Settings, Signals, complain  # noqa: E402
from endpoints import Facts, gil_enabled, parse_duration  # noqa: E402
from thread_strategies import PoolOfThreads, ThreadForEachConnection, serve_with_processes  # noqa: E402

STRATEGIES = {
    "threading": "a thread for each connection",
    "concurrent.futures": "a ThreadPoolExecutor of --workers threads, each held by a request; idle connections hold none",
    "asyncio": "one loop on one thread",
    "multiprocessing": "--workers processes that accept from one socket, with a thread for each connection",
}
DEFAULT_WORKERS = {"concurrent.futures": 16, "multiprocessing": 2}
MOST_WORKERS = {"concurrent.futures": 4096, "multiprocessing": 64}


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        complain(f"{message}; see --help")
        raise SystemExit(2)


def place_of(text: str) -> Place:
    """Of HOST:PORT, the host in brackets if it is an IPv6 address."""
    found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/\[\]]+)):(\d{1,5})", text, re.ASCII)
    if not found or int(found[3]) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is not HOST:PORT, such as 127.0.0.1:8080")
    return Place(found[1] or found[2], int(found[3]))


def backend_of(text: str) -> Place:
    """Of http://HOST:PORT, or HOST:PORT alone."""
    parts = urlsplit(text if "://" in text else f"http://{text}")
    if parts.scheme != "http" or parts.path.strip("/") or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(f"'{text}' is not http://HOST:PORT")
    place = place_of(parts.netloc if ":" in parts.netloc.rpartition("]")[2] else f"{parts.netloc}:80")
    if place.port == 0:
        raise argparse.ArgumentTypeError(f"'{text}' has port 0, where nobody listens")
    return place


def duration_s(text: str) -> float:
    """Of "10s" and the like; bare seconds too."""
    try:
        seconds = float(text) if re.fullmatch(r"\d{1,6}(\.\d{1,9})?", text, re.ASCII) else parse_duration(text) / 1e9
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if not math.isfinite(seconds) or seconds > 3600:
        raise argparse.ArgumentTypeError(f"'{text}' is more than 1h")
    return seconds


def read_command_line() -> argparse.Namespace:
    ways = "\n".join(f"  {name:<19} {what}" for name, what in STRATEGIES.items())
    parser = Parser(prog="python_server.py", description=__doc__, epilog=f"strategies:\n{ways}", allow_abbrev=False,
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--strategy", choices=STRATEGIES, required=True, help="how it waits: see below")
    parser.add_argument("--listen", type=place_of, default="127.0.0.1:8080", metavar="HOST:PORT",
                        help="default %(default)s; port 0: any that is free, which the first line of output tells")
    parser.add_argument("--backend", type=backend_of, metavar="URL", help="of waitlab-backend, which /wait waits for")
    parser.add_argument("--workers", type=int, metavar="N",
                        help="threads of the pool (default 16), or processes (default 2)")
    parser.add_argument("--grace", type=duration_s, default="10s", metavar="TIME",
                        help="for what is being served at SIGTERM, up to 1h (default %(default)s)")
    options = parser.parse_args()
    check_workers(parser, options)
    return options


def check_workers(parser: Parser, options: argparse.Namespace) -> None:
    most = MOST_WORKERS.get(options.strategy)
    if most is None and options.workers is not None:
        parser.error(f"argument --workers: {options.strategy} has no number of workers")
    if most is not None and options.workers is None:
        options.workers = DEFAULT_WORKERS[options.strategy]
    if most is not None and not 1 <= options.workers <= most:
        parser.error(f"argument --workers: {options.workers} is not within 1 and {most}")


def listen_at(place: Place) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM,
                                                      flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        complain(f"cannot listen on {place.authority}: {error.strerror or error}")
        raise SystemExit(1) from None
    return listener


def interpreter() -> str:
    return f"{platform.python_implementation()} {platform.python_version()}, GIL {'on' if gil_enabled() else 'off'}"


def serve(listener: socket.socket, settings: Settings, strategy: str, workers: int) -> bool:
    """Returns whether no request was cut."""
    if strategy == "asyncio":
        return serve_with_asyncio(listener, settings, interpreter())
    with Signals() as signals:
        if strategy == "multiprocessing":
            return serve_with_processes(listener, settings, workers, signals, interpreter())
        pool = strategy == "concurrent.futures"
        server = PoolOfThreads(listener, settings, workers) if pool else ThreadForEachConnection(listener, settings)
        settings.announce(listener, interpreter())
        return server.run(signals)


def main() -> None:
    options = read_command_line()
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))  # two sockets for each request that waits
    listener = listen_at(options.listen)
    settings = Settings(Facts(options.strategy, options.workers), options.backend, options.grace)
    if not serve(listener, settings, options.strategy, options.workers or 0):
        complain("some requests were cut, after --grace or at a second signal")
        sys.stdout.flush()
        os._exit(1)  # threads that wait still are not waited for


if __name__ == "__main__":
    main()
