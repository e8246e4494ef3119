#!/usr/bin/python3
"""What ./lab promises about its usage and its set-up, seen from outside.

Its tools are stand-ins that log their calls, and it is told that it is no root: whatever could touch the machine goes
through the stand-in for sudo.
"""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAND_INS = ("cmake", "ctest", "sudo")


class Lab(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "a house with spaces"
        shutil.copytree(ROOT / "tools", self.root / "tools")
        shutil.copy(ROOT / "lab", self.root)
        self.tools = Path(folder.name) / "tools"
        self.tools.mkdir()
        self.log = Path(folder.name) / "calls"
        self.log.touch()
        for name in STAND_INS:
            self.stand_in(name, f'echo "{name} $*" >>"{self.log}"')
        self.stand_in("id", "echo 1000")
        self.installed()

    def stand_in(self, name: str, script: str) -> None:
        (self.tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (self.tools / name).chmod(0o755)

    def installed(self, *, but: str = "") -> None:
        """Every package that is asked for is there, but one."""
        self.stand_in("dpkg-query", f'shift 3; for name; do [ "$name" = "{but}" ] || echo "$name installed"; done')

    def docker(self, *, plugin: bool = True) -> None:
        """An engine that does all it is asked to, and Compose, as the plugin or as the program of old. User 1000 owns
        whatever there is."""
        self.stand_in("stat", "echo 1000")
        log = f'echo "$(basename $0) $* as $LAB_UID:$LAB_GID" >>"{self.log}"; [ "$1" != inspect ] || echo running healthy'
        self.stand_in("docker", log if plugin else f'[ "$1" != compose ] || exit 1; {log}')
        self.stand_in("docker-compose", log)

    def lab(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run([self.root / "lab", *arguments], cwd="/", stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, env={**os.environ, "PATH": f"{self.tools}:/usr/bin:/bin", **environment})

    def calls(self) -> str:
        return self.log.read_text()

    def test_helps_when_asked_nothing(self) -> None:
        self.assertEqual(self.lab().returncode, 0)
        self.assertEqual(self.lab().stdout, self.lab("help").stdout)

    def test_names_the_nearest_command(self) -> None:
        done = self.lab("tset")
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean 'test'?", done.stderr)

    def test_names_the_nearest_preset(self) -> None:
        for arguments in (("build", "tsam"), ("test", "--preset", "tsam"), ("test", "--preset=tsam")):
            done = self.lab(*arguments)
            self.assertEqual(done.returncode, 2)
            self.assertIn("did you mean 'tsan'?", done.stderr)

    def test_runs_no_apt_when_nothing_is_missing(self) -> None:
        self.assertEqual(self.lab("build").returncode, 0)
        self.assertNotIn("apt-get", self.calls())
        self.assertIn("cmake --preset release", self.calls())

    def test_builds_tests_only_to_run_them(self) -> None:
        for arguments, preset in ((("build",), "release"), (("build", "tsan"), "tsan")):
            self.log.write_text("")
            self.assertEqual(self.lab(*arguments).returncode, 0)
            (build,) = [call for call in self.calls().splitlines() if "cmake --build" in call]
            self.assertIn(f"--preset {preset} ", build)
            self.assertTrue(build.endswith(" --target waitlab-server waitlab-backend waitlab-client"), build)
        self.log.write_text("")
        self.lab("test", "--preset", "tsan")
        (build,) = [call for call in self.calls().splitlines() if "cmake --build" in call]
        self.assertNotIn("--target", build)

    def test_installs_only_what_is_missing(self) -> None:
        self.installed(but="ninja-build")
        self.assertEqual(self.lab("build").returncode, 0)
        (install,) = [call for call in self.calls().splitlines() if " install " in call and "simulate" not in call]
        self.assertTrue(install.endswith(" install ninja-build"), install)

    def test_says_what_is_missing_where_apt_is_refused(self) -> None:
        self.installed(but="ninja-build")
        done = self.lab("build", LAB_APT="no")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ninja-build", done.stderr)
        self.assertEqual(self.calls(), "")

    def test_asks_no_password_without_a_terminal(self) -> None:
        self.installed(but="ninja-build")
        self.lab("build")
        self.assertIn("sudo --non-interactive env DEBIAN_FRONTEND=noninteractive apt-get", self.calls())

    def test_shows_why_apt_failed(self) -> None:
        self.installed(but="ninja-build")
        self.stand_in("sudo", "echo E: no such mirror; exit 100")
        done = self.lab("build")
        self.assertEqual(done.returncode, 1)
        self.assertIn("E: no such mirror", done.stderr)
        self.assertNotIn("cmake", self.calls())

    def test_measures_time_only_when_asked_to(self) -> None:
        self.lab("test")
        self.lab("test", "unit")
        self.lab("test", "truth")
        all_but_truth, unit, truth = [call for call in self.calls().splitlines() if "--output-junit" in call]
        self.assertIn("--label-exclude ^(truth|docker)$", all_but_truth)
        self.assertIn("--label-regex ^(unit)$", unit)
        self.assertIn("--label-regex ^(truth)$", truth)

    def test_installs_a_browser_only_for_the_tests_that_want_one(self) -> None:
        self.installed(but="chromium")
        self.lab("test", "unit")
        self.assertNotIn("apt-get", self.calls())
        for labels in ((), ("unit", "browser")):
            self.log.write_text("")
            self.lab("test", *labels)
            self.assertIn(" install chromium", self.calls())

    def test_keeps_the_report_of_all_tests_from_that_of_some(self) -> None:
        self.lab("test")
        self.lab("test", "unit", "docker")
        all_tests, some = [call for call in self.calls().splitlines() if "--output-junit" in call]
        self.assertIn("build/release/tests.xml ", all_tests)
        self.assertIn("build/release/tests.unit.docker.xml ", some)

    def test_names_the_nearest_docker_command(self) -> None:
        done = self.lab("docker", "dmeo")
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean 'demo'?", done.stderr)

    def test_runs_the_demo_by_the_plugin_where_there_is_one(self) -> None:
        self.docker()
        self.assertEqual(self.lab("docker", "demo").returncode, 0)
        self.assertIn("docker build --file docker/Dockerfile --tag waitlab .", self.calls())
        self.assertIn("docker compose -f docker/compose.yaml run --rm demo as 1000:1000", self.calls())

    def test_runs_the_demo_by_docker_compose_where_there_is_no_plugin(self) -> None:
        self.docker(plugin=False)
        self.assertEqual(self.lab("docker", "demo", "experiments/mine.jsonc").returncode, 0)
        self.assertIn("docker-compose -f docker/compose.yaml run --rm demo experiments/mine.jsonc", self.calls())

    def test_loads_a_server_that_runs_as_it_is(self) -> None:
        self.docker(plugin=False)
        self.lab("docker", "client")
        self.assertIn("docker build", self.calls())
        self.log.write_text("")
        self.stand_in("docker-compose", f'echo "$*" >>"{self.log}"; [ "$3" != ps ] || echo 1f0c9e7a3b21')
        self.lab("docker", "client", "run", "-c", "9")
        self.assertNotIn("docker build", self.calls())
        self.assertIn("run --rm --no-deps client run -c 9", self.calls())

    def test_says_the_last_words_of_a_server_that_does_not_come_up(self) -> None:
        self.docker(plugin=False)
        self.stand_in("docker", 'case $1 in inspect) echo exited unhealthy ;; logs) echo no config >&2 ;; esac')
        done = self.lab("docker", "up")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no config", done.stderr)

    def test_builds_no_image_where_one_is_named(self) -> None:
        self.docker()
        self.assertEqual(self.lab("docker", "up", LAB_IMAGE="mine").returncode, 0)
        self.assertNotIn("docker build", self.calls())
        self.assertIn("docker compose -f docker/compose.yaml up --detach", self.calls())

    def test_says_what_is_missing_without_docker(self) -> None:
        for name in ("bash", "cat", "dirname", "readlink"):
            (self.tools / name).symlink_to(shutil.which(name, path="/usr/bin:/bin"))
        done = self.lab("docker", "demo", PATH=str(self.tools))
        self.assertEqual(done.returncode, 1)
        self.assertIn("apt-get install docker.io docker-compose", done.stderr)

    def test_says_that_no_engine_answers(self) -> None:
        self.docker()
        self.stand_in("docker", "echo Cannot connect to the Docker daemon >&2; exit 1")
        done = self.lab("docker", "build")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no Docker engine answers: Cannot connect to the Docker daemon", done.stderr)

    def test_says_that_compose_is_missing(self) -> None:
        self.docker(plugin=False)
        self.stand_in("docker-compose", "exit 127")
        done = self.lab("docker", "up")
        self.assertEqual(done.returncode, 1)
        self.assertIn("apt-get install docker-compose", done.stderr)

    def test_builds_no_program_for_the_tests_that_build_an_image(self) -> None:
        self.lab("test", "docker")
        self.assertNotIn("cmake --build", self.calls())
        self.lab("test", "docker", "unit")
        self.assertIn("cmake --build", self.calls())

    def test_cleans_what_was_built_and_keeps_what_was_measured(self) -> None:
        for folder in ("build", "results"):
            (self.root / folder).mkdir()
        self.assertEqual(self.lab("clean").returncode, 0)
        self.assertFalse((self.root / "build").exists())
        self.assertTrue((self.root / "results").exists())


if __name__ == "__main__":
    unittest.main()
