#!/usr/bin/python3
"""What the image is, before anything runs."""

import json
import unittest

import suite
from engine import IMAGE, ROOT, RUN, docker

LARGEST_BYTES = 130_000_000
PROGRAMS = ("waitlab-server", "waitlab-backend", "waitlab-client")


def config() -> dict:
    return json.loads(docker("image", "inspect", "--format", "{{json .Config}}", IMAGE))


def version(program: str) -> str:
    return docker(*RUN, "--rm", "--entrypoint", program, IMAGE, "--version")


class Image(unittest.TestCase):
    def test_needs_no_particular_builder(self) -> None:
        self.assertNotRegex((ROOT / "docker/Dockerfile").read_text(), r"(?m)^# *syntax|--mount|<<")

    def test_is_smaller_than_130_mb(self) -> None:
        self.assertLess(int(docker("image", "inspect", "--format", "{{.Size}}", IMAGE)), LARGEST_BYTES)

    def test_runs_as_a_user_by_number_who_is_not_root(self) -> None:
        self.assertRegex(config()["User"], r"^[1-9][0-9]*:[1-9][0-9]*$")

    def test_starts_the_server_without_a_shell_and_stops_it_by_sigterm(self) -> None:
        self.assertEqual(config()["Entrypoint"][0], "waitlab-server")
        self.assertEqual(config()["StopSignal"], "SIGTERM")

    def test_checks_its_health_with_its_own_program_without_a_shell(self) -> None:
        self.assertEqual(config()["Healthcheck"]["Test"][:3], ["CMD", "waitlab-server", "--healthcheck"])

    def test_holds_the_three_programs(self) -> None:
        for program in PROGRAMS:
            self.assertTrue(version(program).startswith(program + " "), version(program))

    def test_says_what_it_is_and_of_which_version(self) -> None:
        labels = config()["Labels"]
        self.assertEqual(labels["org.opencontainers.image.title"], "waitlab")
        self.assertTrue(labels["org.opencontainers.image.description"])
        self.assertEqual("waitlab-server " + labels["org.opencontainers.image.version"], version("waitlab-server"))


if __name__ == "__main__":
    suite.main()
