"""The real programs as Python tests use them, each a context that ends what it started."""

import json
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Callable

PATIENCE_S = 60


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
        return answer.read().decode()


def strategies(binaries: Path) -> list[str]:
    """The names that the server knows."""
    printed = subprocess.run([binaries / "waitlab-server", "--print-schema"], check=True, stdout=subprocess.PIPE)
    return json.loads(printed.stdout)["properties"]["strategy"]["enum"]


def await_true(condition: Callable[[], bool], what: str) -> None:
    """Asks again and again, and fails once patience has run out."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, f"{what} did not come to be within {PATIENCE_S} s"


class Program:
    """A child process, told to end by a signal when its context is left."""

    def __init__(self, command: list[str], **options: Any):
        self.process = subprocess.Popen(command, text=True, **options)

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


class Server(Program):
    """waitlab-server on the ports of its settings, with a config file whose strategy can be switched. `launcher` is a
    command that runs the one after it."""

    def __init__(self, binaries: Path, config: Path, settings: dict[str, Any], strategy: str = "thread-per-request",
                 launcher: Sequence[str] = ()):
        self._config = config
        self._settings = settings
        self._write(strategy)
        super().__init__([*launcher, str(binaries / "waitlab-server"), str(config)],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.url = "http://" + self._line(r"listening on (\S+) .*")
        self.admin = self._line(r"admin on (\S+)")

    def _line(self, pattern: str) -> str:
        """What the group in the pattern matches in the first line that fits."""
        for line in self.process.stdout:
            if found := re.fullmatch(pattern, line.strip()):
                return found[1]
        raise AssertionError(f"the server ended without a line like '{pattern}'")

    def _write(self, strategy: str) -> None:
        self._config.write_text(json.dumps({"strategy": strategy, **self._settings}))

    def switch_to(self, strategy: str) -> None:
        self._write(strategy)
        self.process.send_signal(signal.SIGHUP)
        await_true(lambda: json.loads(get(f"http://{self.admin}/status"))["strategy"] == strategy, strategy)

    def metrics(self) -> str:
        return get(f"http://{self.admin}/metrics")


class Load(Program):
    """Load that goes on until it is left."""

    def __init__(self, binaries: Path, url: str, connections: int):
        super().__init__([str(binaries / "waitlab-client"), "run", "--quiet", "-d", "10m", "-c", str(connections), url],
                         stderr=subprocess.DEVNULL)
