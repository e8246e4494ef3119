#!/usr/bin/python3
"""docker/compose.yaml and ./lab docker, in a copy of the checkout's folders, so that a test may edit the config."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import engine
import image
import suite
from engine import IMAGE, PROJECT, ROOT, compose_command, docker, fetch, run, until

PROMETHEUS_IMAGE = IMAGE + "-prometheus"
PROFILES = ("--profile", "client", "--profile", "demo", "--profile", "observability")
SHORT = {"name": "short", "title": "Short", "question": "Does it run?",
         "targets": [{"name": "event-loop", "server": {"strategy": "event-loop"}}],
         "load": {"path": "/wait", "rates": [50], "duration": "500ms", "warmup": "100ms"}, "repeats": 1}


class ComposeTest(unittest.TestCase):
    def setUp(self) -> None:
        self.command = [*compose_command(), "-f", "docker/compose.yaml"]
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for name in ("docker", "tools"):
            shutil.copytree(ROOT / name, self.root / name)
        shutil.copy(ROOT / "lab", self.root)
        (self.root / "experiments").mkdir()
        (self.root / "experiments" / "threads-vs-waiting.jsonc").write_text(json.dumps(SHORT))
        self.environment = {**os.environ, "LAB_IMAGE": IMAGE, "LAB_PORT": "0", "LAB_ADMIN_PORT": "0",
                            "LAB_PROMETHEUS_PORT": "0", "LAB_PROMETHEUS_IMAGE": PROMETHEUS_IMAGE,
                            "COMPOSE_PROJECT_NAME": PROJECT}
        self.addCleanup(self.lab, "docker", "down")

    def compose(self, *arguments: str) -> str:
        return run(*self.command, *arguments, cwd=self.root, env=self.environment).stdout

    def lab(self, *arguments: str) -> str:
        """What it prints. A machine too busy for figures to be believed, exit code 3, is none of its faults."""
        done = run("./lab", *arguments, cwd=self.root, env=self.environment, check=False)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        return done.stdout

    def up(self) -> None:
        self.lab("docker", "up")

    def published(self, port: int) -> str:
        return self.compose("port", "server", str(port)).strip()

    def status(self) -> dict:
        return json.loads(fetch(f"http://{self.admin}/status")[1])

    def switch(self, strategy: str) -> None:
        """As an editor saves: a new file takes the place of the old one."""
        config = self.root / "docker/config/server.jsonc"
        text, changes = re.subn(r'"strategy": "[a-z-]+"', f'"strategy": "{strategy}"', config.read_text())
        self.assertEqual(changes, 1)
        edited = config.with_suffix(".new")
        edited.write_text(text)
        edited.replace(config)
        self.compose("kill", "-s", "HUP", "server")
        until(strategy, lambda: self.status()["strategy"] == strategy)


class File(ComposeTest):
    def test_the_file_is_valid_and_has_none_of_what_only_some_generations_take(self) -> None:
        self.compose(*PROFILES, "config", "--quiet")
        text = (self.root / "docker/compose.yaml").read_text()
        self.assertNotRegex(text, r"(?m)^version:")  # obsolete since Compose v2
        self.assertNotRegex(text, r"\bdeploy:")  # its limits were ignored by docker-compose


class Network(ComposeTest):
    def test_a_client_in_the_network_is_served(self) -> None:
        self.up()
        self.lab("docker", "client", "run", "-n", "200", "--json", "results/it.json", "http://server:8080/wait")
        result = json.loads((self.root / "results/it.json").read_text())
        self.assertEqual(result["requests"]["completed"], 200)
        self.assertEqual(result["statuses"], {"200": 200})
        self.assertIsNone(result["detour"])

    def test_nothing_is_left_after_lab_docker_down(self) -> None:
        self.up()
        self.lab("docker", "down")
        project = "label=com.docker.compose.project=" + PROJECT
        self.assertEqual(docker("ps", "--all", "--quiet", "--filter", project), "")
        self.assertEqual(docker("network", "ls", "--quiet", "--filter", project), "")


class Up(ComposeTest):
    def test_a_server_that_does_not_come_up_says_why(self) -> None:
        self.addCleanup(self.lab, "docker", "down")
        (self.root / "docker/config/server.jsonc").unlink()
        done = run("./lab", "docker", "up", cwd=self.root, env=self.environment, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("/etc/waitlab/server.jsonc: cannot be opened", done.stderr)


class Switch(ComposeTest):
    def test_a_switch_under_load_loses_no_request(self) -> None:
        self.up()
        self.admin = self.published(9090)
        load = subprocess.Popen(["./lab", "docker", "client", "run", "-R", "200", "-d", "12s", "--quiet", "--json",
                                 "results/switch.json", "http://server:8080/wait"], cwd=self.root,
                                env=self.environment, stdin=subprocess.DEVNULL)
        self.addCleanup(load.kill)
        for strategy in ("thread-per-request", "fixed-pool", "event-loop"):
            served = self.status()["requests"]["completed_total"]
            until("load", lambda: self.status()["requests"]["completed_total"] > served + 100)
            self.switch(strategy)
        self.assertIsNone(load.poll(), "the load ended before the last switch")
        load.wait(timeout=engine.PATIENCE_S)
        result = json.loads((self.root / "results/switch.json").read_text())
        requests = result["requests"]
        self.assertEqual(requests["sent"], requests["completed"], requests)
        self.assertEqual(result["statuses"], {"200": requests["sent"]})


class Observability(ComposeTest):
    def test_prometheus_scrapes_the_server(self) -> None:
        self.up()
        self.compose("--profile", "observability", "build", "prometheus")
        image.build(PROMETHEUS_IMAGE, "--quiet", "docker/prometheus")  # with the label that Compose can't give it
        self.compose("--profile", "observability", "up", "--detach", "prometheus")
        address = self.compose("--profile", "observability", "port", "prometheus", "9090").strip()
        until("the server is up for Prometheus", lambda: self.up_for(address) == ["1"])

    @staticmethod
    def up_for(address: str) -> list[str]:
        """What Prometheus holds of each of its targets: "1" for one that it could scrape."""
        status, body = fetch(f"http://{address}/api/v1/query?query=up")
        return [sample["value"][1] for sample in json.loads(body)["data"]["result"]] if status == 200 else []


class Demo(ComposeTest):
    def test_the_demo_leaves_a_report_that_belongs_to_the_caller(self) -> None:
        said = self.lab("docker", "demo")
        (report,) = self.root.glob("results/*/report.html")
        self.assertIn(str(report.relative_to(self.root)), said)
        self.assertEqual(report.stat().st_uid, os.getuid())


if __name__ == "__main__":
    if not compose_command():
        print("skipped: neither 'docker compose' nor 'docker-compose' works; install docker-compose")
        sys.exit(engine.SKIPPED)
    suite.main()
