"""The strategies whose threads block while they wait: a thread for each connection, a pool of threads, and processes
that each have a thread for each connection."""

import multiprocessing
import multiprocessing.connection
import select
import signal
import socket
import threading
import time
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor

from backend import BlockingBackend
from connections import KEEP_ALIVE_S, Connection, Connections, Settings, Signals, complain
from endpoints import Endpoints

SWEEP_S = 1.0
ACCEPT_PAUSE_S = 0.05  # where no descriptor is free, for some to be


class ThreadedServer(ABC):
    """Accepts on the main thread until it is told to stop, and then waits for what is being served."""

    def __init__(self, listener: socket.socket, settings: Settings) -> None:
        self.draining = False
        self.endpoints = Endpoints(settings.facts)
        self.backend = BlockingBackend(settings.backend)
        self.connections = Connections()
        self._listener = listener
        self._grace_s = settings.grace_s
        self.events = select.epoll()

    @abstractmethod
    def admit(self, connection: Connection) -> None:
        """Has a new connection served."""

    def ready(self, descriptor: int) -> None:
        """What is in `events` besides can be read."""
        raise KeyError(descriptor)

    def run(self, signals: Signals, parent: int | None = None) -> bool:
        """Returns whether no request was cut. `parent`: a descriptor that can be read once the parent has ended."""
        self._signals = signals
        self._listener.setblocking(False)
        for descriptor in (self._listener.fileno(), signals.fileno(), *([] if parent is None else [parent])):
            self.events.register(descriptor, select.EPOLLIN)
        swept = time.monotonic()
        while not self.draining:
            for descriptor, _ in self.events.poll(SWEEP_S):
                if descriptor == self._listener.fileno():
                    self._accept()
                elif descriptor == parent or (descriptor == signals.fileno() and signals.told()):
                    self.draining = True
                elif descriptor != signals.fileno():
                    self.ready(descriptor)
            if (now := time.monotonic()) - swept >= SWEEP_S:
                swept = now
                self.connections.dismiss_idle(now - KEEP_ALIVE_S)
        if parent is not None:
            self.events.unregister(parent)
        return self._drain(signals)

    def _drain(self, signals: Signals) -> bool:
        while self._accept():
            pass  # those whose handshake is over already
        self.events.unregister(self._listener.fileno())
        self._listener.close()
        self.connections.dismiss_idle(time.monotonic())
        end = time.monotonic() + self._grace_s
        while self.connections and (left := end - time.monotonic()) > 0:
            for descriptor, _ in self.events.poll(left):
                if descriptor != signals.fileno():
                    self.ready(descriptor)
                elif signals.told():
                    return False
        return not self.connections

    def _accept(self) -> bool:
        """One at a time, so that several processes that accept from one socket each get some. Returns whether there was
        one, whom no other process had taken."""
        try:
            client, _ = self._listener.accept()
        except BlockingIOError:
            return False
        except OSError as error:
            complain(f"cannot accept: {error.strerror}")
            time.sleep(ACCEPT_PAUSE_S)
            return False
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(client, self)
        self.connections.add(connection)
        self.admit(connection)
        return True

    def end(self, connection: Connection) -> None:
        self.connections.close(connection)
        if self.draining:
            self._signals.poke()


class ThreadForEachConnection(ThreadedServer):
    """threading: each connection has a thread, which keeps it between requests too."""

    def admit(self, connection: Connection) -> None:
        try:
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()
        except RuntimeError:  # no more threads can be made
            self.end(connection)

    def _serve(self, connection: Connection) -> None:
        try:
            while connection.serve_turn():
                pass
        finally:
            self.end(connection)


class PoolOfThreads(ThreadedServer):
    """concurrent.futures: one thread watches the idle connections, and hands each that has something to read to the pool.
    A thread of the pool keeps it until its requests are answered. The pool's queue has no bound."""

    def __init__(self, listener: socket.socket, settings: Settings, workers: int) -> None:
        super().__init__(listener, settings)
        self._pool = ThreadPoolExecutor(workers)

    def admit(self, connection: Connection) -> None:
        # Told once, and then no more until it is idle again.
        self.events.register(connection.client.fileno(), select.EPOLLIN | select.EPOLLONESHOT)

    def ready(self, descriptor: int) -> None:
        connection = self.connections.find(descriptor)
        connection.idle = False
        self._pool.submit(self._serve, connection, time.monotonic_ns())

    def _serve(self, connection: Connection, readable_ns: int) -> None:
        goes_on = False
        try:
            goes_on = connection.serve_turn(time.monotonic_ns() - readable_ns)
            if goes_on:
                self.events.modify(connection.client.fileno(), select.EPOLLIN | select.EPOLLONESHOT)
        finally:
            if not goes_on:
                self.end(connection)


def serve_with_processes(listener: socket.socket, settings: Settings, workers: int, signals: Signals,
                         announce: str) -> bool:
    """multiprocessing: processes that accept from one socket, each with a thread for each of its connections. Returns
    whether no request was cut, and ends with SystemExit if a process is lost."""
    context = multiprocessing.get_context("fork")  # of a process that has one thread yet
    numbers = (signal.SIGTERM, signal.SIGINT)
    processes = [context.Process(target=work, args=(listener, settings)) for _ in range(workers)]
    signal.pthread_sigmask(signal.SIG_BLOCK, numbers)  # until each has handlers of its own
    for process in processes:
        process.start()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)
    settings.announce(listener, announce)
    listener.close()
    sentinels = [process.sentinel for process in processes]
    while not signals.told():
        if set(multiprocessing.connection.wait([*sentinels, signals])) & set(sentinels):
            for process in processes:
                process.kill()
            complain("a process ended that was not told to")
            raise SystemExit(1)
    for process in processes:
        process.terminate()
    while alive := [process.sentinel for process in processes if process.is_alive()]:
        multiprocessing.connection.wait([*alive, signals])
        if signals.told():
            for process in processes:
                process.kill()
    return all(process.exitcode == 0 for process in processes)


def work(listener: socket.socket, settings: Settings) -> None:
    """One of the processes. A Ctrl-C reaches them all, but only the parent minds it; it tells them by SIGTERM."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Signals(signal.SIGTERM) as signals:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGTERM, signal.SIGINT))
        parent = multiprocessing.parent_process()
        drained = ThreadForEachConnection(listener, settings).run(signals, parent.sentinel if parent else None)
    raise SystemExit(0 if drained else 1)
