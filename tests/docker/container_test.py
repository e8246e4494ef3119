#!/usr/bin/python3
"""A server in one container: `docker run`, healthy and unhealthy, stopped, or with a config that is not there."""

import json
import shutil
import tempfile
import threading
from pathlib import Path

import suite
from container import Container, ContainerTest
from engine import IMAGE, ROOT, RUN, docker, run, until

QUICK_CHECKS = ("--health-interval=1s", "--health-start-period=1s")


class PlainRun(ContainerTest):
    def test_serves_and_says_what_to_try(self) -> None:
        container = self.container()
        self.assertEqual(container.fetch("/wait")[0], 200)
        said = container.logs()
        self.assertIn("listening on 0.0.0.0:8080 (event-loop)", said)
        self.assertIn("curl", said)

    def test_takes_settings_after_the_image_and_from_the_environment(self) -> None:
        container = self.container("--env=WAITLAB_BACKEND__MODE=timer", settings=("strategy=fixed-pool",))
        self.assertEqual(container.status()["strategy"], "fixed-pool")
        self.assertEqual(docker("top", container.id).count("waitlab-backend"), 0)

    def test_serves_on_a_read_only_root_without_capabilities(self) -> None:
        container = self.container("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges")
        self.assertEqual(container.fetch("/wait")[0], 200)


class Health(ContainerTest):
    def test_becomes_healthy(self) -> None:
        self.container(*QUICK_CHECKS).await_health("healthy")

    def test_is_unhealthy_while_its_backend_does_not_last_and_healthy_once_it_does(self) -> None:
        container = self.container(*QUICK_CHECKS)
        container.await_health("healthy")

        def unhealthy() -> bool:
            run("docker", "exec", container.id, "sh", "-c", "kill -KILL $(pidof waitlab-backend)", check=False)
            return container.health() == "unhealthy"

        until("health is unhealthy", unhealthy)
        container.await_health("healthy")


class Stop(ContainerTest):
    def test_serves_what_is_in_flight_when_stopped_and_exits_0(self) -> None:
        container = self.container()
        answers: list[tuple[int, str]] = []
        request = threading.Thread(target=lambda: answers.append(container.fetch("/wait?delay=2s")))
        request.start()
        until("a request in flight", lambda: container.status()["requests"]["in_flight"] == 1)
        docker("stop", container.id)
        request.join()
        self.assertEqual([status for status, _ in answers], [200])
        self.assertEqual(container.inspect("{{.State.ExitCode}}"), "0")


def checks(container: Container) -> list[dict]:
    """Docker's last health checks, oldest first."""
    return json.loads(container.inspect("{{json .State.Health.Log}}"))


class Config(ContainerTest):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.folder.chmod(0o755)

    def mount(self) -> str:
        """Puts the folder in the place of that of the config."""
        return f"--volume={self.folder}:/etc/waitlab:ro"

    def refusal(self) -> str:
        """The one line with which the server ends when the folder is mounted."""
        done = run("docker", *RUN, "--rm", self.mount(), IMAGE, check=False)
        self.assertEqual(done.returncode, 2)
        (line,) = done.stderr.splitlines()
        return line

    def test_a_missing_config_is_told_in_one_line(self) -> None:
        line = self.refusal()
        self.assertIn("/etc/waitlab/server.jsonc: cannot be opened: No such file", line)
        self.assertIn("mount", line)

    def test_a_directory_for_a_config_is_told_in_one_line(self) -> None:
        (self.folder / "server.jsonc").mkdir()
        line = self.refusal()
        self.assertIn("/etc/waitlab/server.jsonc: is a directory", line)
        self.assertIn("mount", line)

    def test_a_config_broken_while_it_runs_costs_neither_health_nor_service(self) -> None:
        config = Path(shutil.copy(ROOT / "docker/config/server.jsonc", self.folder))
        container = self.container(self.mount(), *QUICK_CHECKS)
        container.await_health("healthy")
        config.write_text('{"strategy": "fixed-po')
        docker("kill", "--signal", "HUP", container.id)
        until("refused", lambda: "still running event-loop" in container.logs())
        before = checks(container)[-1]["Start"]
        until("two more checks", lambda: sum(check["Start"] > before for check in checks(container)) >= 2)
        self.assertEqual([check["ExitCode"] for check in checks(container)[-2:]], [0, 0])
        self.assertEqual(container.inspect("{{.State.Health.Status}}"), "healthy")
        self.assertEqual(container.fetch("/wait")[0], 200)
        self.assertEqual(container.status()["strategy"], "event-loop")


if __name__ == "__main__":
    suite.main()
