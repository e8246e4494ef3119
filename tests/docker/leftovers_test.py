#!/usr/bin/python3
"""The tests of this folder leave nothing on the engine, interrupted or not."""

import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import image
import leftovers
import suite
from engine import IMAGE, LABEL, PATIENCE_S, PROJECT, RUN, docker, until

LASTING = (sys.executable, Path(__file__).with_name("container_test.py"), "test_is_unhealthy")


def left() -> list[str]:
    return leftovers.containers() + leftovers.networks()


class Leftovers(unittest.TestCase):
    def test_a_run_that_is_told_to_end_leaves_nothing(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number.name):
                tests = subprocess.Popen(LASTING, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                self.addCleanup(tests.kill)
                until("a container", left)
                tests.send_signal(number)
                self.assertNotEqual(tests.wait(timeout=PATIENCE_S), 0)
                self.assertEqual(left(), [])

    def test_what_a_killed_run_left_goes_at_the_start_of_the_next(self) -> None:
        docker("network", "create", "--label", LABEL, PROJECT)
        docker(*RUN, "--detach", "--network", PROJECT, IMAGE)
        leftovers.remove()
        self.assertEqual(left(), [])

    def test_an_image_that_is_built_again_takes_the_former_ones_place(self) -> None:
        name = IMAGE + "-rebuilt"
        self.addCleanup(docker, "image", "rm", name)
        with tempfile.TemporaryDirectory() as folder:
            for version in ("1", "2"):
                (Path(folder) / "Dockerfile").write_text(f"FROM {IMAGE}\nENV VERSION={version}\n")
                image.build(name, "--quiet", folder)
        ours = docker("image", "ls", "--quiet", "--filter", f"label={LABEL}", "--filter", "dangling=true")
        self.assertEqual(ours, "")


if __name__ == "__main__":
    suite.main()
