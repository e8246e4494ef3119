"""Containers of the image that the tests share, which go away when the test is over."""

import json
import unittest

from engine import IMAGE, RUN, docker, fetch, run, until


class Container:
    """One `docker run` of the image, in the background, its ports published on free ones of the loopback."""

    def __init__(self, *options: str, settings: tuple[str, ...] = ()) -> None:
        sets = [argument for setting in settings for argument in ("--set", setting)]
        self.id = docker(*RUN, "--detach", "--publish", "127.0.0.1::8080", "--publish", "127.0.0.1::9090", *options,
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

    def health(self) -> str:
        return self.inspect("{{.State.Health.Status}}")

    def await_health(self, wanted: str) -> None:
        until(f"health is {wanted}", lambda: self.health() == wanted)

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
