#!/usr/bin/python3
"""The Docker engine as the tests use it: the image of this tree, commands with a deadline, containers that go away.

Run by itself it builds the image, which all the tests share.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMAGE = "waitlab-test-" + hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
SKIPPED = 77
PATIENCE_S = 60


def works(*command: str) -> bool:
    return shutil.which(command[0]) is not None and run(*command, check=False).returncode == 0


def run(*command: str, check: bool = True, **options) -> subprocess.CompletedProcess:
    """Runs a command to its end; with `check`, one that fails fails the test with what it said."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=4 * PATIENCE_S, **options)
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(command)} exited {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def docker(*arguments: str) -> str:
    return run("docker", *arguments).stdout.strip()


def skip_without_engine() -> None:
    if shutil.which("docker") is None:
        print("skipped: there is no docker command; install Docker Engine")
        sys.exit(SKIPPED)
    version = run("docker", "version", "--format", "{{.Server.Version}}", check=False)
    if version.returncode != 0:
        print("skipped: no Docker engine answers: " + version.stderr.strip())
        sys.exit(SKIPPED)


def compose_command() -> list[str]:
    """The one that ./lab docker takes as well; empty if there is none."""
    return next((command for command in (["docker", "compose"], ["docker-compose"]) if works(*command, "version")), [])


def until(what: str, condition: Callable[[], object]) -> None:
    """Returns once `condition` holds; fails the test, saying `what` did not come, if it takes too long."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"after {PATIENCE_S} s still not: {what}")


def fetch(url: str) -> tuple[int, str]:
    """Status and body; status 0 if nothing answers."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError as error:
        return 0, str(error)


class Container:
    """One `docker run` of the image, in the background, its ports published on free ones of the loopback."""

    def __init__(self, *options: str, settings: tuple[str, ...] = ()) -> None:
        sets = [argument for setting in settings for argument in ("--set", setting)]
        self.id = docker("run", "--detach", "--publish", "127.0.0.1::8080", "--publish", "127.0.0.1::9090", *options,
                         IMAGE, *sets)

    def inspect(self, template: str) -> str:
        return docker("inspect", "--format", template, self.id)

    def address(self, port: int) -> tuple[str, int]:
        host, _, number = docker("port", self.id, f"{port}/tcp").splitlines()[0].rpartition(":")
        return host, int(number)

    def fetch(self, path: str, *, port: int = 8080) -> tuple[int, str]:
        host, number = self.address(port)
        return fetch(f"http://{host}:{number}{path}")

    def status(self) -> dict:
        return json.loads(self.fetch("/status", port=9090)[1])

    def logs(self) -> str:
        done = run("docker", "logs", self.id)
        return done.stdout + done.stderr

    def await_health(self, wanted: str) -> None:
        until(f"health is {wanted}", lambda: self.inspect("{{.State.Health.Status}}") == wanted)

    def remove(self) -> None:
        run("docker", "rm", "--force", "--volumes", self.id)


class ContainerTest(unittest.TestCase):
    def container(self, *options: str, settings: tuple[str, ...] = ()) -> Container:
        """A container that is ready to serve, and gone when the test is over."""
        container = Container(*options, settings=settings)
        self.addCleanup(container.remove)
        try:
            until("ready", lambda: container.fetch("/readyz", port=9090)[0] == 200)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{container.logs()}") from None
        return container


def main() -> None:
    """Runs the tests that the command line names by their methods, or all; skips them for want of an engine."""
    skip_without_engine()
    chosen = [argument for name in sys.argv[1:] for argument in ("-k", name)]
    unittest.main(argv=[sys.argv[0], *chosen])


def build_image() -> int:
    return subprocess.run(["docker", "build", "--file", "docker/Dockerfile", "--tag", IMAGE, "."], cwd=ROOT,
                          stdin=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    skip_without_engine()
    sys.exit(build_image())
