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

    def installed(self, *, but: str = "", versions: dict[str, str] = {}) -> None:
        """Every package that is asked for is there, but this one; not one, if that is "*"."""
        chosen = f'[ "$name" = "{but}" ]' if but != "*" else "true"
        told = "".join(f'{name}) version={version} ;; ' for name, version in versions.items())
        self.stand_in("dpkg-query", f'shift 3; for name; do version=1; case $name in {told} esac; '
                                    f'{chosen} || echo "$name installed $version"; done')

    def offered(self, **versions: str) -> None:
        """Of the packages among which lab chooses, apt has these in these versions."""
        told = "".join(f'{name}) echo "  Candidate: {version}" ;; ' for name, version in versions.items())
        self.stand_in("apt-cache", f'case $2 in {told} *) echo "  Candidate: (none)" ;; esac')

    def release(self, text: str) -> None:
        """Lets lab take this for the machine's /etc/os-release."""
        (self.root / "os-release").write_text(text)
        script = self.root / "tools/lab/packages.sh"
        script.write_text((ROOT / "tools/lab/packages.sh").read_text().replace("/etc/os-release", "./os-release"))

    def packages_installed(self) -> list[str]:
        installs = [call for call in self.calls().splitlines() if " install " in call and "simulate" not in call]
        return installs[0].split(" install ")[1].split() if installs else []

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

    def test_installs_what_a_bench_measures_against_and_builds_what_it_measures(self) -> None:
        self.installed(but="apache2-bin")
        for bench, targets in (("apache", "waitlab-server waitlab-backend waitlab-client"), ("cores", "waitlab-server")):
            self.log.write_text("")
            self.lab("bench", bench)
            self.assertEqual(self.packages_installed(), ["apache2-bin"])
            (build,) = [call for call in self.calls().splitlines() if "cmake --build" in call]
            self.assertTrue(build.endswith(f" --target {targets}"), build)

    def test_takes_the_boost_that_apt_offers(self) -> None:
        for offers, names in (({"libboost*1.81-dev": "1.81.0-5", "libboost*-dev": "1.74.0.3"},
                              ["libboost1.81-dev", "libboost-context1.81-dev", "libboost-filesystem1.81-dev",
                              "libboost-url1.81-dev"]),
                             ({"libboost*1.81-dev": "(none)", "libboost*-dev": "1.83.0.2+b2"},
                              ["libboost-dev", "libboost-context-dev", "libboost-filesystem-dev", "libboost-url-dev"])):
            self.installed(but="*")
            self.offered(**offers)
            self.log.write_text("")
            self.assertEqual(self.lab("build").returncode, 0)
            self.assertEqual([name for name in self.packages_installed() if "boost" in name], names)

    def test_takes_the_boost_that_is_there_if_it_is_new_enough(self) -> None:
        self.offered(**{"libboost-dev": "1.83.0.2+b2"})
        for there, missing in (("1.83.0.2+b2", []), ("1.81.0", []), ("1.74.0.3", ["libboost-dev"])):
            self.log.write_text("")
            self.installed(but="libboost1.81-dev", versions={"libboost-dev": there})
            self.assertEqual(self.lab("build").returncode, 0)
            self.assertEqual(self.packages_installed(), missing)

    def test_says_that_apt_offers_no_boost_that_will_do(self) -> None:
        self.installed(but="*")
        self.offered(**{"libboost-dev": "1.74.0.3ubuntu7"})
        done = self.lab("build")
        self.assertEqual(done.returncode, 1)
        self.assertIn("apt offers none of libboost1.81-dev, libboost-dev>=1.81 here", done.stderr)
        self.assertEqual(self.packages_installed(), [])

    def test_installs_on_what_descends_from_debian_and_says_where_it_is_untried(self) -> None:
        for release, untried in (('ID=debian\nVERSION_ID="12"', False), ('ID=debian\nVERSION_ID="13"', False),
                                 ('ID=debian', True), ('ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"', True),
                                 ('ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="22"', True)):
            self.installed(but="ninja-build")
            self.log.write_text("")
            self.release(release)
            done = self.lab("build")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.packages_installed(), ["ninja-build"])
            self.assertEqual("tried on Debian 12 and 13 only" in done.stdout, untried, release)

    def test_installs_nowhere_else(self) -> None:
        self.installed(but="ninja-build")
        self.release('ID=fedora\nVERSION_ID=42')
        done = self.lab("build")
        self.assertEqual(done.returncode, 1)
        self.assertIn("this is 'fedora 42', neither Debian nor a derivative", done.stderr)
        self.assertEqual(self.calls(), "")

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
        self.assertIn("--label-exclude ^(truth|docker|kubernetes)$", all_but_truth)
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

    def test_installs_kubectl_only_for_the_tests_that_want_it_and_builds_nothing_for_them(self) -> None:
        self.installed(but="*")
        self.offered(**{"libboost*-dev": "1.83.0.2", "kubernetes-client": "1.20.5"})
        for label, wanted in (("unit", False), ("kubernetes", True)):
            self.log.write_text("")
            self.lab("test", label)
            self.assertEqual("kubernetes-client" in self.packages_installed(), wanted)
            self.assertEqual("cmake --build" in self.calls(), not wanted)

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
