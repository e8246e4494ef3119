#!/usr/bin/python3
"""A link between two network namespaces that it makes: each packet arrives after a delay drawn for it, or never.

usage: relay.py '{"delay_ms": 20, "jitter_ms": 5, "loss": 0.001, "seed": 1, "shift_s": 1000}'

The delay is uniform, delay ± jitter, each way for itself. A packet does not overtake another that goes the same way: it
arrives when the one before it does, at the earliest, as on a queue whose length changes. Everybody who enters the far
time namespace has a monotonic clock that is shifted.

Prints a line of JSON: the names of files that stand for the namespaces. Then it heeds lines on stdin: `cut`, after
which nothing passes, and `tell`; both are answered by a line that tells what has passed. It lives until stdin ends,
whatever Ctrl-C ends around it; with it go the devices, and with the last process inside, the namespaces.
"""

import ctypes
import fcntl
import json
import os
import random
import select
import signal
import struct
import subprocess
import sys
import time
from collections import deque

ADDRESSES = ("192.0.2.1", "192.0.2.2")  # none that anybody has: RFC 5737
DEVICE = "link0"
CLONE_NEWNET, CLONE_NEWTIME = 0x40000000, 0x80
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
LONGEST_PACKET = 65536


def enter_new(namespace: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(namespace) != 0:
        raise OSError(ctypes.get_errno(), f"unshare({namespace:#x}): {os.strerror(ctypes.get_errno())}")


def file_of(namespace: str) -> str:
    """A name that stands for it as long as this process lives."""
    return f"/proc/{os.getpid()}/fd/{os.open(f'/proc/self/ns/{namespace}', os.O_RDONLY)}"


def make_end(own: str, other: str) -> tuple[str, int]:
    """A network namespace with one end of the link: its file, and the descriptor at which its packets come and go."""
    enter_new(CLONE_NEWNET)
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", DEVICE.encode(), IFF_TUN | IFF_NO_PI))
    commands = ("link set lo up", f"address add {own} peer {other} dev {DEVICE}", f"link set {DEVICE} up")
    subprocess.run(["ip", "-batch", "-"], input="\n".join(commands), text=True, check=True)
    return file_of("net"), device


def make_shifted_time(shift_s: int) -> str:
    enter_new(CLONE_NEWTIME)
    with open("/proc/self/timens_offsets", "w") as offsets:
        offsets.write(f"monotonic {shift_s} 0\n")
    return file_of("time_for_children")


class Way:
    """From one end to the other."""

    def __init__(self, source: int, sink: int, chance: random.Random, options: dict) -> None:
        self.source = source
        self._sink = sink
        self._chance = chance
        self._options = options
        self._under_way: deque[tuple[float, float, bytes]] = deque()  # when each is due and came, in order
        self._passed = self._lost = 0
        self._delays_ms: list[float] = []

    def take(self, is_cut: bool) -> None:
        packet = os.read(self.source, LONGEST_PACKET)
        now = time.monotonic()
        if packet[0] >> 4 != 4:
            return  # what IPv6 says by itself
        jitter = self._options["jitter_ms"]
        delay = self._options["delay_ms"] + self._chance.uniform(-jitter, jitter)
        if self._chance.random() < self._options["loss"] or is_cut:
            self._lost += 1
            return
        due = now + delay / 1e3
        before = self._under_way[-1][0] if self._under_way else due
        self._under_way.append((max(due, before), now, packet))

    def next_due(self) -> float:
        return self._under_way[0][0] if self._under_way else float("inf")

    def let_arrive(self, is_cut: bool) -> None:
        while self.next_due() <= time.monotonic():
            _, came, packet = self._under_way.popleft()
            if is_cut:
                self._lost += 1
                continue
            os.write(self._sink, packet)
            self._passed += 1
            self._delays_ms.append((time.monotonic() - came) * 1e3)

    def told(self) -> dict:
        delays = sorted(self._delays_ms) or [0.0]
        return {"passed": self._passed, "lost": self._lost,
                "delay_ms": {"min": delays[0], "median": delays[len(delays) // 2], "max": delays[-1]}}


def come_before_others() -> None:
    """Where that is allowed: a relay that waits for a CPU is a longer link than it says."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        pass


def relay(ways: list[Way]) -> None:
    is_cut = False
    while True:
        left = max(0.0, min(way.next_due() for way in ways) - time.monotonic())
        ready, _, _ = select.select([sys.stdin, *(way.source for way in ways)], [], [], min(left, 60))
        for way in ways:
            way.let_arrive(is_cut)
            if way.source in ready:
                way.take(is_cut)
        if sys.stdin in ready:
            line = sys.stdin.readline()
            if not line:
                return
            is_cut = is_cut or line == "cut\n"
            print(json.dumps([way.told() for way in ways]), flush=True)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    options = json.loads(sys.argv[1])
    files, devices = zip(*(make_end(*ends) for ends in (ADDRESSES, ADDRESSES[::-1])))
    shifted_time = make_shifted_time(options["shift_s"]) if options["shift_s"] else None
    print(json.dumps({"networks": files, "far_time": shifted_time}), flush=True)
    come_before_others()
    chance = random.Random(options["seed"])
    relay([Way(*ends, random.Random(chance.random()), options) for ends in (devices, devices[::-1])])


if __name__ == "__main__":
    main()
