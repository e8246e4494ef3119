"""The link of relay.py as tests use it, and who is at its ends."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from programs import PATIENCE_S, Program
from relay import ADDRESSES

SKIPPED = 77
NEAR, FAR = ADDRESSES
RELAY = Path(__file__).with_name("relay.py")
# Whoever is started by this is killed when the one who started it ends, in whatever way.
MORTAL = ("setpriv", "--pdeathsig", "KILL")


def reason_to_skip() -> str:
    """Why no link can be made here; empty if one can."""
    if shutil.which("ip") is None:
        return "there is no ip command; install iproute2"
    tried = subprocess.run(["unshare", "--net", "true"], stderr=subprocess.PIPE, text=True)
    if tried.returncode != 0:
        return f"network namespaces need root: {tried.stderr.strip()}"
    try:
        os.close(os.open("/dev/net/tun", os.O_RDWR))
    except OSError as error:
        return str(error)
    return ""


def skip_without_rights() -> None:
    if reason := reason_to_skip():
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)


def has_time_namespaces() -> bool:
    return Path("/proc/self/timens_offsets").exists()


class Link(Program):
    """Packets pass between a near and a far end as relay.py says, until the context is left."""

    def __init__(self, *, loss: float, shift_s: int = 0, seed: int = 1) -> None:
        options = {"delay_ms": 20, "jitter_ms": 5, "loss": loss, "seed": seed, "shift_s": shift_s}
        super().__init__([*MORTAL, sys.executable, "-B", str(RELAY), json.dumps(options)],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        made = json.loads(self.process.stdout.readline())
        # By their numbers the kernel knows them still when the files are gone.
        self.networks = {os.stat(file).st_ino for file in made["networks"]}
        near, far = (f"--net={file}" for file in made["networks"])
        time = (f"--time={made['far_time']}",) if made["far_time"] else ()
        self.near = (*MORTAL, "nsenter", "--no-fork", near)
        self.far = (*MORTAL, "nsenter", "--no-fork", far, *time)

    def told(self) -> list[dict[str, Any]]:
        """What has passed from the near end to the far one, and back."""
        return self._answer("tell")

    def cut(self) -> None:
        """Nothing passes any more."""
        self._answer("cut")

    def retransmitted(self) -> int:
        """How many segments TCP has sent again, at both ends."""
        return sum(self._tcp(place)["RetransSegs"] for place in (self.near, self.far))

    def _tcp(self, place: tuple[str, ...]) -> dict[str, int]:
        told = subprocess.run([*place, "cat", "/proc/net/snmp"], check=True, stdout=subprocess.PIPE, text=True).stdout
        names, counts = (line.split()[1:] for line in told.splitlines() if line.startswith("Tcp:"))
        return dict(zip(names, map(int, counts), strict=True))

    def _answer(self, command: str) -> list[dict[str, Any]]:
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def inhabitants(networks: set[int]) -> set[int]:
    """The processes in any of these, which last no longer than the last of them."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.stat(process / "ns/net").st_ino in networks:
                found.add(int(process.name))
        except OSError:
            pass  # it has ended
    return found


class Speaker(Program):
    """One of the programs, that says what goes on in lines on stderr."""

    def __init__(self, command: list[str], **options: Any) -> None:
        super().__init__(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)
        self.said = ""

    def await_line(self, text: str) -> None:
        """Returns once it has said a line with that text."""
        for line in self.process.stderr:
            self.said += line
            if text in line:
                return
        raise AssertionError(f"it ended without a line with '{text}'; it said:\n{self.said}")

    def end(self) -> int:
        """Its exit code, once it has ended by itself."""
        self.said += self.process.stderr.read()
        return self.process.wait(PATIENCE_S)
