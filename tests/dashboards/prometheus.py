"""Debian's Prometheus, as a context that ends it."""

import json
import socket
import time
import urllib.error
import urllib.parse
from pathlib import Path
from typing import Any

from programs import Program, await_true, get


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Prometheus(Program):
    """Debian's Prometheus with a config and a storage of its own. Wait until it is ready before asking it."""

    def __init__(self, config: Path, storage: Path):
        address = f"127.0.0.1:{free_port()}"
        self._url = f"http://{address}"
        super().__init__(["prometheus", f"--config.file={config}", f"--storage.tsdb.path={storage}",
                          f"--web.listen-address={address}", "--log.level=error"])

    def await_ready(self) -> None:
        def is_ready() -> bool:
            assert self.process.poll() is None, "Prometheus ended by itself"
            try:
                return "Ready" in get(f"{self._url}/-/ready")
            except urllib.error.URLError:
                return False

        await_true(is_ready, "Prometheus")

    def ask(self, path: str, **parameters: str) -> Any:
        return json.loads(get(f"{self._url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"))["data"]

    def series(self, expression: str, since: float, step: str) -> list[dict[str, Any]]:
        """The labels and values of each series of a query over the time from `since`, in Unix time, to now."""
        return self.ask("query_range", query=expression, start=str(since), end=str(time.time()), step=step)["result"]
